"""One library folder, opened by one process."""

import threading
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout
from sqlalchemy.orm import Session

from kb.bootstrap.background_sync import BackgroundSync
from kb.bootstrap.desk import Desk
from kb.bootstrap.previews import PreviewRenderer
from kb.bootstrap.reviewing import Reviewing
from kb.config import Settings
from kb.database.catalogue import PUBLIC, SqlCatalogue, open_database, read_stamp
from kb.domain.finding import Finding
from kb.domain.taxonomy import Taxonomy
from kb.errors import AskedWrongly, BrokenLibrary, NotReady
from kb.rendering import RenderWorker
from kb.repository.content_folder import MarkdownContentRepository
from kb.services.build_records import restore_case, restore_mechanism
from kb.services.check_content import ContentCheck, FactCount
from kb.services.check_sources import SourcesReport, check_sources
from kb.services.explain_query import explain_query
from kb.services.find_cases import CaseFinder
from kb.services.find_similar import SimilarFinder
from kb.services.index_document import SCHEMA
from kb.services.index_library import LibraryIndexer
from kb.services.limit_search import LimitedSearch
from kb.services.ports import Catalogue, Progress, ReferenceData
from kb.services.propose_types import TypeProposer
from kb.services.result_cache import ResultCache
from kb.services.start_record import StartedRecord, start_case, start_mechanism
from kb.services.sync_library import LibrarySync, SyncReport
from search import Analyser, Engine, IndexFault
from search.engines.whoosh import WhooshEngine

LOCK_WAIT = 10.0
"""Seconds a sync waits for another one to end."""


@dataclass(frozen=True)
class Reading:
    """One request: a session on the catalogue, closed at the end, and what belongs to the same state of the library."""

    catalogue: Catalogue
    reference: ReferenceData
    finder: CaseFinder
    similar: SimilarFinder
    proposer: TypeProposer
    updated_on: str


class IndexStatus(NamedTuple):
    """Documents in the index, cases in the catalogue, cases waiting to be taken in, and what it was made from."""

    documents: int
    cases: int
    waiting: int
    stamp: str
    updated_on: str
    folder: Path


@dataclass(frozen=True)
class _Equipment:
    """Reference data and the engine whose analyser was made from it."""

    stamp: str
    reference: ReferenceData
    engine: Engine


class Library:
    """One library folder, opened by one process; safe to use from many threads."""

    def __init__(
        self, settings: Settings, today: Callable[[], date] = date.today, *, heals_itself: bool = False
    ) -> None:
        self.settings = settings
        self.today = today
        self._database = open_database(settings.data_folder / "catalogue.sqlite3")
        self._repository = MarkdownContentRepository(settings.content_folder, settings.templates_folder)
        self._equipment: _Equipment | None = None
        self._equipping = threading.Lock()
        self._cache = ResultCache() if settings.keeps_results else None
        self._background = BackgroundSync(settings) if heals_itself else None

    @cached_property
    def desk(self) -> Desk:
        """What is kept of accounts and submissions; opened when first asked, so that guests never wait for it."""
        return Desk(self.settings.data_folder)

    @cached_property
    def reviewing(self) -> Reviewing:
        """Review, publishing and corrections."""
        return Reviewing(
            self.desk,
            self.settings.content_folder,
            self.today,
            bring_up=lambda: self.sync(lambda *_: None),
            ask_later=self._background.ask if self._background else lambda _: None,
            keeps_git=self.settings.keeps_git,
        )

    @cached_property
    def previews(self) -> PreviewRenderer:
        """Renders drafts; its child process starts with the first preview."""
        return PreviewRenderer()

    @contextmanager
    def reading(self, sees: Set[str] = PUBLIC) -> Iterator[Reading]:
        """A view for one request of somebody who `sees` these visibilities (`Actor.sees`), and of cases no others.

        It changes by itself when another process has synced.
        """
        with Session(self._database) as session:
            equipment = self._equip(read_stamp(session))
            catalogue = self._catalogue(session, equipment.reference, sees)
            searcher = LimitedSearch(equipment.engine, sees)
            finder = CaseFinder(
                searcher,
                catalogue,
                equipment.reference,
                cache=self._cache if sees == PUBLIC else None,
                on_fault=self._on_fault if self._background else None,
            )
            parts = (searcher, catalogue, equipment.reference)
            yield Reading(
                catalogue=catalogue,
                reference=equipment.reference,
                finder=finder,
                similar=SimilarFinder(*parts),
                proposer=TypeProposer(*parts),
                updated_on=catalogue.updated_on(),
            )

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
        asked = {path.resolve().relative_to(self.settings.content_folder).as_posix() for path in only}
        known = [file.path for file in self._repository.list_files()[0]]
        for name in asked:
            if not any(_stands_under(path, name) for path in known):
                raise AskedWrongly(f"{name} 不是案例或机制文件。", advice="写 cases/ 或 mechanisms/ 下的文件或文件夹。")
        paths = {path for path in known if any(_stands_under(path, name) for name in asked)}
        with RenderWorker() as renderer:
            return ContentCheck(self._repository, renderer, self.today()).run(paths)

    def count_facts(self) -> FactCount:
        """Figures and document names that `check` holds against the provenance records."""
        with RenderWorker() as renderer:
            return ContentCheck(self._repository, renderer, self.today()).count_facts()

    def start_case(self, region: str, year: int | None = None) -> StartedRecord:
        """A new draft in the content folder."""
        return start_case(self._repository, region, year or self.today().year)

    def start_mechanism(self, slug: str) -> StartedRecord:
        """A new draft in the content folder."""
        return start_mechanism(self._repository, slug)

    def check_sources(self) -> SourcesReport:
        """Findings on the provenance records, and their use."""
        return check_sources(self._repository)

    def reference_data(self) -> ReferenceData:
        return self._repository.reference_data()

    def verify_index(self) -> list[str]:
        """What is wrong with the index, in Chinese sentences; empty when it is whole and belongs to the catalogue."""
        with Session(self._database) as session:
            equipment = self._equip(read_stamp(session))
            catalogue = self._catalogue(session, equipment.reference)
            faults = equipment.engine.verify()
            if not faults and (equipment.engine.ids() != catalogue.case_ids() or catalogue.pending()):
                faults = ["索引中的案例与目录不一致，需要运行 kb sync"]
            return faults

    def index_status(self) -> IndexStatus:
        """What the index holds; raises search.IndexFault when it cannot be read."""
        with Session(self._database) as session:
            equipment = self._equip(read_stamp(session))
            catalogue = self._catalogue(session, equipment.reference)
            return IndexStatus(
                documents=len(equipment.engine.ids()),
                cases=len(catalogue.case_ids()),
                waiting=len(catalogue.pending()),
                stamp=equipment.engine.stamp() or "",
                updated_on=catalogue.updated_on(),
                folder=self.settings.data_folder / "index",
            )

    def explain(self, text: str) -> str:
        """What the search makes of a question, in lines to read."""
        with Session(self._database) as session:
            equipment = self._equip(read_stamp(session))
            return explain_query(text, equipment.engine, build_analyser(equipment.reference))

    def close(self) -> None:
        """Lets go of files and waits for a sync it started in the background."""
        if self._background:
            self._background.wait()
        if self._equipment:
            self._equipment.engine.close()
        self.desk.close()
        self.previews.close()
        self._database.dispose()

    def _on_fault(self, fault: IndexFault) -> None:
        if self._background:
            self._background.ask(str(fault))

    def _index(self, progress: Progress, *, rebuild: bool) -> int:
        with Session(self._database) as session:
            equipment = self._equip(read_stamp(session))
            catalogue = self._catalogue(session, equipment.reference)
            taxonomy = equipment.reference.references.taxonomy
            indexer = LibraryIndexer(catalogue, equipment.engine, taxonomy, equipment.stamp)
            return indexer.rebuild(progress) if rebuild else indexer.catch_up(progress)

    def _catalogue(self, session: Session, reference: ReferenceData, sees: Set[str] | None = None) -> SqlCatalogue:
        return SqlCatalogue(
            session, partial(restore_case, reference=reference), partial(restore_mechanism, reference=reference), sees
        )

    def _equip(self, stamp: str) -> _Equipment:
        with self._equipping:
            if self._equipment is None or self._equipment.stamp != stamp:
                try:
                    reference = self._repository.reference_data()
                except BrokenLibrary:
                    if self._equipment is None:
                        raise
                    return self._equipment  # a file broken meanwhile must not take a running server down
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


def _stands_under(path: str, name: str) -> bool:
    return name in (".", path) or path.startswith(f"{name}/")


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


def open_library(settings: Settings, *, heals_itself: bool = False) -> Library:
    """The library of these settings; one that `heals_itself` answers by title while a child process mends the index."""
    return Library(settings, heals_itself=heals_itself)
