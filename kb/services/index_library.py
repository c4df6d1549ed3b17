"""Catalogue → index: the cases noted as changed, or everything when the index was made from something else."""

import hashlib
from collections.abc import Iterator

from kb.domain.taxonomy import Taxonomy
from kb.services.index_document import SCHEMA, build_document
from kb.services.ports import Catalogue, Progress
from search import Document, Engine, IndexFault

BATCH = 500


class LibraryIndexer:
    """Keeps one index in step with the catalogue."""

    def __init__(self, catalogue: Catalogue, engine: Engine, taxonomy: Taxonomy, stamp: str) -> None:
        self._catalogue = catalogue
        self._engine = engine
        self._taxonomy = taxonomy
        self._stamp = f"{stamp}:{hash_of_schema()}"

    def catch_up(self, progress: Progress) -> int:
        """Brings the index up to date; returns how many documents it took in or dropped."""
        try:
            indexed = self._engine.ids() if self._engine.stamp() == self._stamp else None
        except IndexFault:
            indexed = None
        if indexed is None:
            return self.rebuild(progress)
        wanted = self._catalogue.case_ids()
        stale = (self._catalogue.pending() & wanted) | (wanted - indexed)
        removals = indexed - wanted
        if stale or removals:
            self._engine.update(self._documents(sorted(stale)), sorted(removals))
            progress("更新索引", len(stale), len(stale))
            self._catalogue.next_generation()
        self._catalogue.clear_pending()
        self._catalogue.commit()
        return len(stale) + len(removals)

    def rebuild(self, progress: Progress) -> int:
        """Builds the whole index beside the old one and swaps it in."""
        ids = sorted(self._catalogue.case_ids())
        self._engine.rebuild(
            self._documents(ids), stamp=self._stamp, progress=lambda done: progress("建立索引", done, len(ids))
        )
        self._catalogue.clear_pending()
        self._catalogue.next_generation()
        self._catalogue.commit()
        return len(ids)

    def _documents(self, ids: list[str]) -> Iterator[Document]:
        for start in range(0, len(ids), BATCH):
            for entry in self._catalogue.cases(ids[start : start + BATCH]):
                found = self._catalogue.find_mechanism(entry.case.mechanism)
                yield build_document(entry.case, found.mechanism if found else None, self._taxonomy)


def hash_of_schema() -> str:
    """Changes when a field, weight or facet of the index does."""
    return hashlib.sha256(repr(SCHEMA).encode()).hexdigest()[:12]
