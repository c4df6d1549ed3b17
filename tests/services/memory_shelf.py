"""A shelf in memory: made-up files synced into a catalogue and an index, as a library does it."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from kb.database.catalogue import SqlCatalogue, open_database
from kb.repository.memory import MemoryContentRepository
from kb.services.build_records import restore_case, restore_mechanism
from kb.services.index_document import SCHEMA
from kb.services.index_library import LibraryIndexer
from kb.services.ports import ReferenceData
from kb.services.sync_library import LibrarySync
from search import Analyser
from search.engines.memory import MemoryEngine


class Shelf(NamedTuple):
    engine: MemoryEngine
    catalogue: SqlCatalogue


class PlainRenderer:
    """Renders a text as itself."""

    def render(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        return texts


def build_catalogue(reference: ReferenceData, files: Mapping[str, str]) -> SqlCatalogue:
    """Without an index; archived cases are left out."""
    catalogue = SqlCatalogue(
        Session(open_database(None)),
        lambda plain: restore_case(plain, reference),
        lambda plain: restore_mechanism(plain, reference),
    )
    repository = MemoryContentRepository(reference, dict(files))
    LibrarySync(repository, catalogue, PlainRenderer(), date(2026, 11, 23)).take_in(lambda *_: None)
    return catalogue


def build_shelf(reference: ReferenceData, files: Mapping[str, str], analyser: Analyser | None = None) -> Shelf:
    """Fails for a case that is not taken in."""
    catalogue = build_catalogue(reference, files)
    assert len(catalogue.case_ids()) == sum(path.startswith("cases/") for path in files)
    engine = MemoryEngine(SCHEMA, analyser or Analyser())
    LibraryIndexer(catalogue, engine, reference.references.taxonomy, "stamp").catch_up(lambda *_: None)
    return Shelf(engine, catalogue)
