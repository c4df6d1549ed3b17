"""What every engine promises, whatever it is made of."""

from collections.abc import Callable, Iterable
from typing import Protocol

from search.model import Document, Request, Results


class Searcher(Protocol):
    """Whatever answers a request."""

    def search(self, request: Request) -> Results:
        """One page of answers. Raises QueryError for a wrong request, else only an IndexFault."""


class Engine(Searcher, Protocol):
    """An index of documents of one schema.

    *What matches* is said in `search.plan` and is the same in every engine; scores are each engine's own. Equal scores
    are ordered by id, so the same documents give the same answers whatever the order they came in. Methods may be
    called from any thread. A search never sees half of a rebuild or of an update.
    """

    def rebuild(
        self, documents: Iterable[Document], *, stamp: str, progress: Callable[[int], None] | None = None
    ) -> None:
        """Replace everything. The old index answers until the new one is whole; on failure it stays.

        `progress` is told how many documents are done. Raises ValueError if an id comes twice, IndexBusy, and OSError
        as it comes.
        """

    def update(self, upserts: Iterable[Document], removals: Iterable[str], *, stamp: str | None = None) -> None:
        """Add or replace documents, then forget ids; all of it or nothing. Unknown removals are no fault.

        A new stamp is recorded with the change. Raises IndexMissing, IndexDamaged, IndexStale, IndexBusy, OSError.
        """

    def ids(self) -> frozenset[str]:
        """Ids of all documents. Raises as `search` does."""

    def stamp(self) -> str | None:
        """What the caller said the index was built from; None if there is none. Raises IndexDamaged, IndexUnavailable."""

    def verify(self) -> list[str]:
        """What is wrong, in Chinese sentences, after reading every file; empty if nothing is. Never raises."""

    def close(self) -> None:
        """Let go of files. The engine opens them again when asked again."""
