"""The only place that picks concrete parts and puts them together."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.orm import Session

from kb.config import Settings
from kb.database.catalogue import SqlCatalogue, open_database, read_stamp
from kb.domain.finding import Finding
from kb.domain.taxonomy import Taxonomy
from kb.errors import NotReady
from kb.rendering import RenderWorker
from kb.repository.content_folder import MarkdownContentRepository
from kb.services.build_records import restore_case, restore_mechanism
from kb.services.check_content import ContentCheck
from kb.services.find_cases import CaseFinder
from kb.services.index_document import SCHEMA
from kb.services.index_library import LibraryIndexer
from kb.services.ports import Catalogue, Progress, ReferenceData
from kb.services.sync_library import LibrarySync, SyncReport
from search import Analyser, Engine
from search.engines.whoosh import WhooshEngine

LOCK_WAIT = 10.0
"""Seconds a sync waits for another one to end."""


@dataclass(frozen=True)
class Reading:
    """One request: a session on the catalogue, closed at the end, and what belongs to the same state of the library."""

    catalogue: Catalogue
    reference: ReferenceData
    finder: CaseFinder
    updated_on: str


@dataclass(frozen=True)
class _Equipment:
    """Reference data and the engine whose analyser was made from it."""

    stamp: str
    reference: ReferenceData
    engine: Engine


class Library:
    """One library folder, opened by one process; safe to use from many threads."""

    def __init__(self, settings: Settings, today: Callable[[], date] = date.today) -> None:
        self.settings = settings
        self.today = today
        self._database = open_database(settings.data_folder / "catalogue.sqlite3")
        self._repository = MarkdownContentRepository(settings.content_folder, settings.templates_folder)
        self._equipment: _Equipment | None = None
        self._equipping = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A view for one request; it changes by itself when another process has synced."""
        with Session(self._database) as session:
            equipment = self._equip(read_stamp(session))
            catalogue = self._catalogue(session, equipment.reference)
            finder = CaseFinder(equipment.engine, catalogue, equipment.reference)
            yield Reading(catalogue, equipment.reference, finder, catalogue.updated_on())

    def sync(self, progress: Progress) -> SyncReport:
        """Files → catalogue → index; raises NotReady when another sync does not end."""
        with self._only_writer():
            with Session(self._database) as session, RenderWorker() as renderer:
                reference = self._repository.reference_data()
                catalogue = self._catalogue(session, reference)
                report = LibrarySync(self._repository, catalogue, renderer, self.today()).run(progress)
            self._index(progress, rebuild=False)
            return report

    def rebuild_index(self, progress: Progress) -> int:
        """Builds the index anew from the catalogue; returns the number of documents."""
        with self._only_writer():
            return self._index(progress, rebuild=True)

    def check(self, only: Sequence[Path] = ()) -> tuple[Finding, ...]:
        """Findings of the content folder, or of these files of it."""
        paths = {path.resolve().relative_to(self.settings.content_folder).as_posix() for path in only}
        with RenderWorker() as renderer:
            return ContentCheck(self._repository, renderer, self.today()).run(paths)

    def reference_data(self) -> ReferenceData:
        return self._repository.reference_data()

    def _index(self, progress: Progress, *, rebuild: bool) -> int:
        with Session(self._database) as session:
            equipment = self._equip(read_stamp(session))
            catalogue = self._catalogue(session, equipment.reference)
            taxonomy = equipment.reference.references.taxonomy
            indexer = LibraryIndexer(catalogue, equipment.engine, taxonomy, equipment.stamp)
            return indexer.rebuild(progress) if rebuild else indexer.catch_up(progress)

    def _catalogue(self, session: Session, reference: ReferenceData) -> SqlCatalogue:
        return SqlCatalogue(
            session, partial(restore_case, reference=reference), partial(restore_mechanism, reference=reference)
        )

    def _equip(self, stamp: str) -> _Equipment:
        with self._equipping:
            if self._equipment is None or self._equipment.stamp != stamp:
                reference = self._repository.reference_data()
                self._equipment = _Equipment(stamp, reference, self._engine(reference))
            return self._equipment

    def _engine(self, reference: ReferenceData) -> Engine:
        return WhooshEngine(self.settings.data_folder / "index", SCHEMA, build_analyser(reference))

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        self.settings.data_folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.settings.data_folder / "sync.lock", timeout=LOCK_WAIT):
                yield
        except Timeout as error:
            raise NotReady("另一个同步正在进行。", advice="等它结束后再试。") from error


def build_analyser(reference: ReferenceData) -> Analyser:
    """The analyser of a library: its lexicon, and the names and aliases of its taxonomy."""
    taxonomy = reference.references.taxonomy
    return Analyser(
        words=(*reference.lexicon_words, *_names(taxonomy)),
        synonyms=(*reference.synonyms, *_alias_groups(taxonomy)),
    )


def _names(taxonomy: Taxonomy) -> Iterator[str]:
    for problem in taxonomy.problems.values():
        yield problem.label
        yield from problem.aliases
    yield from taxonomy.units


def _alias_groups(taxonomy: Taxonomy) -> Iterator[tuple[str, ...]]:
    for problem in taxonomy.problems.values():
        if problem.aliases:
            yield (problem.label, *problem.aliases)


def open_library(settings: Settings) -> Library:
    """The library of these settings; makes its data folder, reads nothing yet."""
    return Library(settings)
