"""A search that finds only what one reader sees: the limit is laid on every request, whoever makes it."""

from collections.abc import Set
from dataclasses import replace

from kb.services.index_document import VISIBILITY
from search import Request, Results, Searcher


class LimitedSearch:
    """A Searcher over another one. Totals, facet counts and relaxation are those of the seen documents alone."""

    def __init__(self, searcher: Searcher, sees: Set[str]) -> None:
        self._searcher = searcher
        self._sees = tuple(sorted(sees))

    def search(self, request: Request) -> Results:
        """Raises as the other one does."""
        limited = replace(
            request,
            filters={**request.filters, VISIBILITY: self._sees},
            facets=tuple(name for name in request.facets if name != VISIBILITY),
        )
        return self._searcher.search(limited)
