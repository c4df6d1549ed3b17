"""A search that finds only what one reader sees: the limit is laid on every request, whoever makes it."""

from collections.abc import Set
from dataclasses import replace

from kb.services.index_document import VISIBILITY
from search import Hit, Request, Results, Searcher


class LimitedSearch:
    """A Searcher over another one, for one page. Totals, facet counts and relaxation are those of the seen documents alone.

    What was found is kept: a bare request for the first of what was already asked in full costs no second search.
    """

    def __init__(self, searcher: Searcher, sees: Set[str]) -> None:
        self._searcher = searcher
        self._sees = tuple(sorted(sees))
        self._found: list[tuple[Request, Results]] = []

    def search(self, request: Request) -> Results:
        """Raises as the other one does."""
        limited = replace(
            request,
            filters={**request.filters, VISIBILITY: self._sees},
            facets=tuple(name for name in request.facets if name != VISIBILITY),
        )
        for asked, results in self._found if limited.is_bare else ():
            if _covers(asked, limited):
                return _bare(results, limited.limit)
        results = self._searcher.search(limited)
        self._found.append((limited, results))
        return results


def _covers(asked: Request, bare: Request) -> bool:
    """Whether the hits of one request begin with those of the bare other one."""
    same = replace(asked, is_bare=True, facets=bare.facets, limit=bare.limit)
    return same == bare and not bare.facets and asked.offset == 0 and asked.limit >= bare.limit


def _bare(results: Results, limit: int) -> Results:
    hits = tuple(Hit(hit.id, hit.score, (), {}) for hit in results.hits[:limit])
    return replace(results, hits=hits, facets={})
