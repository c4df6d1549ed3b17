"""Files, catalogue and index of one library folder, opened by one process: all that a reader of its cases needs."""

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple, NoReturn

from filelock import FileLock, Timeout
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from kb.bootstrap.content import Content
from kb.bootstrap.latest import Latest
from kb.config import Settings
from kb.database.case_columns import CaseColumns, read_cases
from kb.database.case_counts import SqlCaseCounts
from kb.database.catalogue import PUBLIC, SqlCatalogue, explain_fault, file_identity, open_database, read_stamps
from kb.domain.case import Case
from kb.domain.taxonomy import Taxonomy
from kb.errors import BrokenLibrary, NotReady
from kb.rendering import RenderWorker
from kb.services.build_records import restore_case, restore_mechanism
from kb.services.explain_query import explain_query
from kb.services.find_cases import CaseFinder
from kb.services.find_similar import SimilarFinder
from kb.services.index_document import SCHEMA
from kb.services.index_library import LibraryIndexer
from kb.services.limit_search import LimitedSearch
from kb.services.measure_loop import CaseCounts
from kb.services.ports import Catalogue, PlainRecord, Progress, ReferenceData, Renderer
from kb.services.propose_types import TypeProposer
from kb.services.show_promotion import NOTHING_PROMOTED, Standing
from kb.services.sync_library import LibrarySync, SyncReport
from search import Analyser, Engine, IndexFault
from search.engines.whoosh import WhooshEngine

LOCK_WAIT = 10.0
"""Seconds a sync waits for another one to end."""
USUAL_WORD = "党支部"


@dataclass(frozen=True)
class Reading:
    """One request: a session on the catalogue, closed at the end, and what belongs to the same state of the library.

    `faults` gathers what the index could not answer; `is_current` is false while reference files that broke after a
    sync keep the older ones in use.
    """

    catalogue: Catalogue
    counts: CaseCounts
    reference: ReferenceData
    finder: CaseFinder
    similar: SimilarFinder
    proposer: TypeProposer
    updated_on: str
    standing: Standing = NOTHING_PROMOTED
    is_current: bool = True
    faults: list[IndexFault] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether all that was asked so far was answered from what is in force."""
        return self.is_current and not self.faults


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
    """Reference data, the engine whose analyser was made from it, and what makes records of rows by it."""

    stamp: str
    reference: ReferenceData
    analyser: Analyser
    engine: Engine
    restore_case: Callable[[PlainRecord], Case]

    def catalogue(self, session: Session, sees: Set[str] | None = None, state: Hashable = None) -> SqlCatalogue:
        """`sees`: the visibilities of which there are cases in it, None for all; `state`: what the session read of its state."""
        return _catalogue(session, self.reference, self.restore_case, sees, state)


class Holdings(Content):
    """Files, catalogue and index of one library folder; safe to use from many threads.

    With somebody to ask for a repair (`ask_for_repair`, given the reason) it answers by title while the index is unusable.
    """

    def __init__(
        self,
        settings: Settings,
        today: Callable[[], date] = date.today,
        *,
        ask_for_repair: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(settings, today)
        self.ask_for_repair = ask_for_repair
        self._database = open_database(settings.data_folder / "catalogue.sqlite3")
        self._equipment: _Equipment | None = None
        self._equipping = threading.Lock()
        self._case_columns: Latest[CaseColumns] = Latest()
        self._titled: Latest[ReferenceData] = Latest()

    @contextmanager
    def reading(self, sees: Set[str] = PUBLIC) -> Iterator[Reading]:
        """A view for one request of somebody who `sees` these visibilities (`Actor.sees`), and of cases no others.

        It changes by itself when another process has synced.
        """
        with Session(self._database) as session:
            file = file_identity(self.settings.data_folder / "catalogue.sqlite3")  # before the session opens it
            stamps = read_stamps(session)
            state = (file, tuple(sorted(stamps.items())))
            stamp = stamps.get("content", "")
            equipment = self._equip(stamp)
            catalogue = equipment.catalogue(session, sees, state)
            faults: list[IndexFault] = []

            def on_fault(fault: IndexFault) -> None:
                faults.append(fault)
                if self.ask_for_repair:
                    self.ask_for_repair(str(fault))

            def case_columns(rows: Session) -> CaseColumns:
                return self._case_columns.of(state, lambda: read_cases(rows))

            reference = self._titled.of(
                (state, equipment.stamp), lambda: _with_titles(equipment.reference, catalogue.mechanism_titles())
            )
            parts = (LimitedSearch(equipment.engine, sees), catalogue, reference)
            yield Reading(
                catalogue=catalogue,
                counts=SqlCaseCounts(session, sees, case_columns),
                reference=reference,
                finder=CaseFinder(*parts, on_fault=on_fault if self.ask_for_repair else None),
                similar=SimilarFinder(*parts, on_fault=on_fault),
                proposer=TypeProposer(*parts, on_fault=on_fault),
                updated_on=stamps.get("updated_on", ""),
                standing=self._standing(),
                is_current=equipment.stamp == stamp,
                faults=faults,
            )

    def dated(self, before: str) -> tuple[Sequence[tuple[str, str, str]], Mapping[str, str]]:
        """Cases to look at again before that day (id, title, 复核日期), own-unit ones left out, and titles of mechanisms.

        Read without dictionary and index, which a process that only reminds need not load; raises NotReady.
        """
        with self._told_plainly(), Session(self._database) as session:
            catalogue = SqlCatalogue(session, _unread, _unread, frozenset({"public", "internal"}))
            return catalogue.due_for_review(before), catalogue.mechanism_titles()

    def sync(self, progress: Progress, renderer: Renderer | None = None) -> SyncReport:
        """Files → catalogue → index; raises NotReady when another sync does not end."""
        if renderer is None:
            with RenderWorker() as worker:
                return self.sync(progress, worker)
        with self._only_writer(), self._told_plainly(), Session(self._database) as session:
            reference = self._repository.reference_data()
            catalogue = _catalogue(session, reference, partial(restore_case, reference=reference))
            sync = LibrarySync(self._repository, catalogue, renderer, self.today())
            changes = sync.take_in(progress)
            self._index(progress, rebuild=False)
            return sync.report(changes)

    def get_ready(self) -> None:
        """Loads the dictionary and opens the index, so that the next case to be taken in does not wait for them."""
        with Session(self._database) as session, suppress(IndexFault):
            equipment = self._equip(read_stamps(session).get("content", ""))
            equipment.analyser.terms(USUAL_WORD)
            equipment.engine.ids()

    def rebuild_index(self, progress: Progress) -> int:
        """Builds the index anew from the catalogue; returns the number of documents."""
        with self._only_writer(), self._told_plainly():
            return self._index(progress, rebuild=True)

    def verify_index(self) -> list[str]:
        """What is wrong with the index, in Chinese sentences; empty when it is whole and belongs to the catalogue."""
        with Session(self._database) as session:
            equipment = self._equip(read_stamps(session).get("content", ""))
            catalogue = equipment.catalogue(session)
            faults = equipment.engine.verify()
            if not faults and (equipment.engine.ids() != catalogue.case_ids() or catalogue.pending()):
                faults = ["索引中的案例与目录不一致，需要运行 kb sync"]
            return faults

    def index_fault(self) -> str:
        """Why the index cannot answer, "" when it can; raises NotReady when the catalogue cannot be read."""
        with Session(self._database) as session:
            try:
                self._equip(read_stamps(session).get("content", "")).engine.ids()
            except IndexFault as fault:
                return str(fault)
        return ""

    def index_status(self) -> IndexStatus:
        """What the index holds; raises search.IndexFault when it cannot be read."""
        with Session(self._database) as session:
            equipment = self._equip(read_stamps(session).get("content", ""))
            catalogue = equipment.catalogue(session)
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
            equipment = self._equip(read_stamps(session).get("content", ""))
            return explain_query(text, equipment.engine, equipment.analyser)

    def close(self) -> None:
        """Lets go of files."""
        if self._equipment:
            self._equipment.engine.close()
        self._database.dispose()

    def _standing(self) -> Standing:
        """How cases and mechanisms stand in promotion, which the catalogue does not know."""
        return NOTHING_PROMOTED

    def _index(self, progress: Progress, *, rebuild: bool) -> int:
        with Session(self._database) as session:
            equipment = self._equip(read_stamps(session).get("content", ""))
            catalogue = equipment.catalogue(session)
            taxonomy = equipment.reference.references.taxonomy
            indexer = LibraryIndexer(catalogue, equipment.engine, taxonomy, equipment.stamp)
            return indexer.rebuild(progress) if rebuild else indexer.catch_up(progress)

    def _equip(self, stamp: str) -> _Equipment:
        with self._equipping:
            if self._equipment is None or self._equipment.stamp != stamp:
                try:
                    reference = self._repository.reference_data()
                except BrokenLibrary:
                    if self._equipment is None:
                        raise
                    return self._equipment  # a file broken meanwhile must not take a running server down
                analyser = build_analyser(reference)
                engine = WhooshEngine(self.settings.data_folder / "index", SCHEMA, analyser)
                restore = partial(restore_case, reference=reference)
                self._equipment = _Equipment(stamp, reference, analyser, engine, restore)
            return self._equipment

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        try:
            yield
        except (DatabaseError, OSError) as error:
            raise explain_fault(error, self.settings.data_folder / "catalogue.sqlite3") from error

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        try:
            self.settings.data_folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.settings.data_folder / "sync.lock", timeout=LOCK_WAIT):
                yield
        except Timeout as error:
            raise NotReady("另一个同步正在进行。", advice="等它结束后再试。") from error
        except OSError as error:
            raise explain_fault(error, self.settings.data_folder / "catalogue.sqlite3") from error


def _unread(record: PlainRecord) -> NoReturn:
    raise RuntimeError(f"{record} was not to be read")


def _with_titles(reference: ReferenceData, titles: Mapping[str, str]) -> ReferenceData:
    """With the titles mechanisms have now: a changed one renews nothing else, as no case is judged by it."""
    return replace(reference, references=replace(reference.references, titles=titles))


def _catalogue(
    session: Session,
    reference: ReferenceData,
    restore: Callable[[PlainRecord], Case],
    sees: Set[str] | None = None,
    state: Hashable = None,
) -> SqlCatalogue:
    return SqlCatalogue(session, restore, partial(restore_mechanism, reference=reference), sees, state)


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
