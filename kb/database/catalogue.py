"""The catalogue on SQLite: rows of what readers may see, all of them derived from the content folder."""

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Select, create_engine, delete, event, func, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError, DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from kb.database.faults import DamagedDatabase, explain
from kb.database.known_rows import KnownRows, SeenLines, dump_lines, load_lines
from kb.database.models import (
    SCHEMA_VERSION,
    ArchivedCaseRow,
    CaseIndicatorRow,
    CaseProblemRow,
    CaseRow,
    Derived,
    FileRow,
    FindingRow,
    MechanismProblemRow,
    MechanismRow,
    PendingRow,
    StampRow,
)
from kb.database.prepared import ANY_CASE, CASES, LINES, SEEN_BY_ONE_OF, STAMPS, TITLES_OF_MECHANISMS
from kb.database.restored_cases import RestoredCases, load_plain
from kb.domain.case import Case
from kb.domain.case_lines import CaseLines, lines_of
from kb.domain.finding import Finding, Severity
from kb.domain.mechanism import Mechanism
from kb.errors import NotReady
from kb.services.ports import CaseEntry, FileState, MechanismEntry, PlainRecord, ProblemCount

_RESTORED = RestoredCases()
_LINES: KnownRows[SeenLines] = KnownRows()
_MECHANISM_TITLES: KnownRows[str] = KnownRows()
WAIT_MS = 10_000
"""How long one process waits for another's write."""
PUBLIC = frozenset({"public"})
"""What a guest sees."""
Query = TypeVar("Query", bound="Select[*tuple[Any, ...]]")


def open_database(path: Path | None) -> Engine:
    """An engine on the file, tables made; None is a database in memory. A file that is no usable catalogue is replaced."""
    if path is None:
        return _open("sqlite://")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(path.parent, os.W_OK):
            return _open_read_only(path)
        engine = _open(f"sqlite:///{path}")
        with engine.connect() as connection:
            if connection.execute(text("PRAGMA quick_check(1)")).scalar() == "ok":
                return engine
    except OSError as error:
        raise NotReady(f"数据文件夹 {path.parent} 建不了。", advice="检查磁盘和权限。") from error
    except DatabaseError as error:
        if not any(sign in str(error) for sign in ("not a database", "malformed", "already exists")):
            raise explain_fault(error, path) from error
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return _open(f"sqlite:///{path}")


def _open_read_only(path: Path) -> Engine:
    """On a disk that takes nothing: as it was last written, without the files SQLite would put beside it."""
    engine = create_engine(
        f"sqlite:///file:{quote(str(path))}?mode=ro&immutable=1&uri=true", poolclass=NullPool, hide_parameters=True
    )
    with engine.connect() as connection:
        if str(connection.execute(text("PRAGMA user_version")).scalar()) != SCHEMA_VERSION:
            raise NotReady("磁盘只读，而目录是另一版程序建立的。", advice="让数据文件夹可写，再运行 kb sync。")
    return engine


def _open(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True)  # errors are logged
    event.listen(engine, "connect", _configure)
    if engine.url.database:
        _drop_connections_of_replaced_files(engine, Path(engine.url.database))
    with engine.begin() as connection:
        found = connection.execute(text("PRAGMA user_version")).scalar()
        if str(found) != SCHEMA_VERSION:
            Derived.metadata.drop_all(connection)
            connection.execute(text(f"PRAGMA user_version = {SCHEMA_VERSION}"))
        Derived.metadata.create_all(connection)
    return engine


def _drop_connections_of_replaced_files(engine: Engine, path: Path) -> None:
    """A file that was deleted and made anew must not live on in a connection of the pool."""

    @event.listens_for(engine, "connect")
    def note(_: Any, record: ConnectionPoolEntry) -> None:
        record.info["file"] = file_identity(path)

    @event.listens_for(engine, "checkout")
    def compare(_: Any, record: ConnectionPoolEntry, __: Any) -> None:
        if record.info["file"] != file_identity(path):
            raise DisconnectionError("the catalogue is another file now")


def file_identity(path: Path) -> tuple[int, int] | None:
    """Changes when another file stands at the path; None where none does. A file held open never lends its number."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _configure(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", f"busy_timeout = {WAIT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def explain_fault(error: Exception, path: Path) -> NotReady:
    """What an error of the catalogue or of its disk means; nothing in it is lost, for it can be rebuilt."""
    found = explain(error, path)
    if isinstance(found, DamagedDatabase):
        return NotReady(f"{path.name} 已损坏。", advice="再运行一次 kb sync，会重建。")
    return found


def read_stamps(session: Session) -> dict[str, str]:
    """All stamps by name, none in a catalogue without rows; raises NotReady when the file cannot be read."""
    try:
        return {row.key: row.value for row in session.execute(STAMPS)}
    except DatabaseError as error:
        raise explain_fault(error, Path(str(session.get_bind().engine.url.database))) from error


class SqlCatalogue:
    """A Catalogue over one session; `restore_*` turn stored plain values back into records.

    What `restore_case` made is kept: give the same function as long as the template and the reference data are the same.
    `sees`: the visibilities of which there are cases in it (`Case.seen_by`); None for all, as a sync needs them.
    `state`: what the session read of the state of the catalogue before all else; None where it writes.
    """

    def __init__(
        self,
        session: Session,
        restore_case: Callable[[PlainRecord], Case],
        restore_mechanism: Callable[[PlainRecord], Mechanism],
        sees: Set[str] | None = PUBLIC,
        state: Hashable = None,
    ) -> None:
        self._sees = sees
        self._state = state
        self._has_cases = False
        self._session = session
        self._restore_case = restore_case
        self._restore_mechanism = restore_mechanism

    # --- writing -------------------------------------------------------------------------------------------------

    def stamp(self) -> str:
        return self._stamp("content")

    def clear(self, stamp: str) -> None:
        generation = self.generation()
        for table in reversed(Derived.metadata.sorted_tables):
            self._session.execute(delete(table))
        self._session.expunge_all()
        self._session.add(StampRow(key="content", value=stamp))
        self._session.add(StampRow(key="generation", value=str(generation)))

    def files(self) -> Mapping[str, FileState]:
        rows = self._session.execute(select(FileRow.path, FileRow.digest, FileRow.record_id))
        return {path: FileState(digest, record_id) for path, digest, record_id in rows}

    def put_case(self, entry: CaseEntry, plain: PlainRecord) -> None:
        case = entry.case
        self._session.execute(delete(CaseRow).where(CaseRow.id == case.id))
        newest = case.review_by.text if case.review_by else ""
        self._session.add(
            CaseRow(
                id=case.id,
                path=entry.path,
                mechanism=case.mechanism,
                newest=newest,
                seen_by=case.seen_by,
                title=case.title,
                kind=case.kind,
                unit=case.unit,
                level=case.level,
                field=case.field,
                year=case.year,
                lines=dump_lines(lines_of(case)),
                plain=_dump(plain),
                html=json.dumps(dict(entry.html), ensure_ascii=False),
            )
        )
        self._session.flush()
        for problem in dict.fromkeys(case.problems):
            self._session.add(CaseProblemRow(case_id=case.id, problem=problem, is_primary=problem == case.problem))
        for indicator in dict.fromkeys(case.indicators):
            self._session.add(CaseIndicatorRow(case_id=case.id, indicator=indicator))
        self._session.merge(PendingRow(case_id=case.id))

    def put_archived(self, case: Case, path: str) -> None:
        self._session.merge(ArchivedCaseRow(path=path, id=case.id, mechanism=case.mechanism, unit=case.unit))

    def put_mechanism(self, entry: MechanismEntry, plain: PlainRecord) -> None:
        mechanism = entry.mechanism
        self._session.execute(delete(MechanismRow).where(MechanismRow.id == mechanism.id))
        self._session.add(
            MechanismRow(
                id=mechanism.id,
                path=entry.path,
                title=mechanism.title,
                loop=" ".join(mechanism.loop),
                plain=_dump(plain),
                html=entry.html,
            )
        )
        self._session.flush()
        for problem in dict.fromkeys(mechanism.solves):
            self._session.add(MechanismProblemRow(mechanism_id=mechanism.id, problem=problem))
        self._mark_cases_of(mechanism.id)

    def _mark_cases_of(self, mechanism_id: str) -> None:
        for case_id in self._session.scalars(select(CaseRow.id).where(CaseRow.mechanism == mechanism_id)):
            self._session.merge(PendingRow(case_id=case_id))

    def note_file(self, path: str, state: FileState, findings: Iterable[Finding]) -> None:
        self._session.merge(FileRow(path=path, digest=state.digest, record_id=state.record_id))
        self._session.execute(delete(FindingRow).where(FindingRow.path == path))
        for found in findings:
            self._session.add(
                FindingRow(
                    path=found.path,
                    line=found.line,
                    field=found.field,
                    message=found.message,
                    advice=found.advice,
                    severity=found.severity.name,
                )
            )

    def remove(self, path: str) -> None:
        for mechanism_id in self._session.scalars(select(MechanismRow.id).where(MechanismRow.path == path)):
            self._mark_cases_of(mechanism_id)
        for case_id in self._session.scalars(select(CaseRow.id).where(CaseRow.path == path)):
            self._session.merge(PendingRow(case_id=case_id))
        for table in (CaseRow, ArchivedCaseRow, MechanismRow, FindingRow, FileRow):
            self._session.execute(delete(table).where(table.path == path))

    def note_update(self, day: str) -> None:
        self._session.merge(StampRow(key="updated_on", value=day))

    def generation(self) -> int:
        row = self._session.get(StampRow, "generation")
        # From the clock, so that a catalogue made anew never repeats a number that answers were kept under.
        return int(row.value) if row else int(time.time())

    def next_generation(self) -> None:
        self._session.merge(StampRow(key="generation", value=str(self.generation() + 1)))

    def updated_on(self) -> str:
        return self._stamp("updated_on")

    def _stamp(self, name: str) -> str:
        self._session.flush()
        return read_stamps(self._session).get(name, "")

    def commit(self) -> None:
        self._session.commit()

    def rollback(self) -> None:
        self._session.rollback()

    def pending(self) -> frozenset[str]:
        return frozenset(self._session.scalars(select(PendingRow.case_id)))

    def clear_pending(self) -> None:
        self._session.execute(delete(PendingRow))

    # --- reading -------------------------------------------------------------------------------------------------

    def case_ids(self) -> frozenset[str]:
        return frozenset(self._session.scalars(self._seen(select(CaseRow.id))))

    def find_case(self, case_id: str) -> CaseEntry | None:
        return next(iter(self.cases([case_id])), None)

    def find_mechanism(self, mechanism_id: str) -> MechanismEntry | None:
        row = self._session.get(MechanismRow, mechanism_id)
        return self._mechanism_entry(row) if row else None

    def has_cases(self) -> bool:
        return self._has_cases or ANY_CASE.ask(self._session, self._sees).first() is not None

    def cases(self, ids: Sequence[str]) -> Sequence[CaseEntry]:
        rows = {row.id: row for row in CASES.ask(self._session, self._sees, ids=ids)}
        return [
            _RESTORED.restore(self._restore_case, rows[case_id].plain, rows[case_id].html, rows[case_id].path)
            for case_id in ids
            if case_id in rows
        ]

    def lines(self, ids: Sequence[str]) -> Sequence[CaseLines]:
        read = _LINES.of(self._state, ids, self._read_lines)
        found = [one.lines for one in read.values() if self._sees is None or one.seen_by in self._sees]
        self._has_cases = self._has_cases or bool(found)
        return found

    def _read_lines(self, ids: list[str]) -> Mapping[str, SeenLines]:
        """Of all there are, also for readers who see less: `lines` leaves out what they do not see."""
        rows = self._session.execute(LINES, {"ids": ids})
        return {row.id: SeenLines(load_lines(row.lines), row.seen_by) for row in rows}

    def digests(self, ids: Sequence[str]) -> Mapping[str, str]:
        query = select(CaseRow.id, FileRow.digest).join(FileRow, FileRow.path == CaseRow.path)
        return dict(self._session.execute(self._seen(query.where(CaseRow.id.in_(ids)))).all())

    def case_ids_of(self, *, problem: str = "", mechanism: str = "", limit: int = 1000) -> Sequence[str]:
        query = self._seen(select(CaseRow.id))
        if problem:
            query = query.join(CaseProblemRow).where(CaseProblemRow.problem == problem)
            query = query.order_by(CaseProblemRow.is_primary.desc())
        if mechanism:
            query = query.where(CaseRow.mechanism == mechanism)
        return self._session.scalars(query.order_by(CaseRow.newest.desc(), CaseRow.id).limit(limit)).all()

    def newest(self, *, problems: Collection[str] = (), unit: str = "", limit: int = 1000) -> Sequence[tuple[str, str]]:
        query = self._seen(select(CaseRow.id, CaseRow.newest))
        if problems:
            query = query.where(
                CaseRow.id.in_(select(CaseProblemRow.case_id).where(CaseProblemRow.problem.in_(problems)))
            )
        if unit:
            query = query.where(func.trim(func.json_extract(CaseRow.plain, "$.fields.unit")) == unit)
        rows = self._session.execute(query.order_by(CaseRow.newest.desc(), CaseRow.id).limit(limit))
        return [(record_id, newest) for record_id, newest in rows]

    def due_for_review(self, before: str) -> Sequence[tuple[str, str, str]]:
        due = select(CaseRow.id, CaseRow.title, CaseRow.newest).where(CaseRow.newest != "", CaseRow.newest < before)
        rows = self._session.execute(self._seen(due).order_by(CaseRow.newest, CaseRow.id).limit(1000))
        return [(record_id, title, newest) for record_id, title, newest in rows]

    def mechanisms(self, *, problem: str = "") -> Sequence[MechanismEntry]:
        query = select(MechanismRow)
        if problem:
            query = query.join(MechanismProblemRow).where(MechanismProblemRow.problem == problem)
        return [self._mechanism_entry(row) for row in self._session.scalars(query.order_by(MechanismRow.title))]

    def count_by_problem(self) -> Mapping[str, ProblemCount]:
        of_cases = select(CaseProblemRow.problem, func.count()).join(CaseRow).group_by(CaseProblemRow.problem)
        of_mechanisms = select(MechanismProblemRow.problem, func.count()).group_by(MechanismProblemRow.problem)
        cases, mechanisms = self._counts(self._seen(of_cases)), self._counts(of_mechanisms)
        return {
            problem: ProblemCount(cases.get(problem, 0), mechanisms.get(problem, 0))
            for problem in cases.keys() | mechanisms.keys()
        }

    def count_by_mechanism(self) -> Mapping[str, int]:
        return self._counts(self._seen(select(CaseRow.mechanism, func.count()).group_by(CaseRow.mechanism)))

    def units_by_mechanism(self, mechanisms: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        unit = func.json_extract(CaseRow.plain, "$.fields.unit")
        query = select(CaseRow.mechanism, CaseRow.id, unit).where(CaseRow.mechanism.in_(set(mechanisms)))
        units: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for mechanism, case_id, name in self._session.execute(self._seen(query)):
            units[mechanism][case_id] = str(name or "").strip()
        archived = select(ArchivedCaseRow.mechanism, ArchivedCaseRow.id, ArchivedCaseRow.unit)
        for mechanism, case_id, name in self._session.execute(
            archived.where(ArchivedCaseRow.mechanism.in_(set(mechanisms)))
        ):
            units[mechanism].setdefault(case_id, name)
        return units

    def _seen(self, query: Query) -> Query:
        """The query over cases, of those that are seen; every question about cases goes through here or is prepared."""
        return query if self._sees is None else query.where(SEEN_BY_ONE_OF.params(sees=list(self._sees)))

    def _counts(self, query: "Select[str, int]") -> dict[str, int]:
        return {row[0]: row[1] for row in self._session.execute(query)}

    def titles(self) -> Mapping[str, str]:
        return dict(self._session.execute(self._seen(select(CaseRow.id, CaseRow.title))).all())

    def mechanism_titles(self, ids: Iterable[str] | None = None) -> Mapping[str, str]:
        if ids is None:
            return dict(self._session.execute(select(MechanismRow.id, MechanismRow.title)).all())
        return _MECHANISM_TITLES.of(self._state, set(ids), self._read_titles)

    def _read_titles(self, ids: list[str]) -> Mapping[str, str]:
        return dict(self._session.execute(TITLES_OF_MECHANISMS, {"ids": ids}).all())

    def findings(self) -> Sequence[Finding]:
        rows = self._session.scalars(select(FindingRow).order_by(FindingRow.path, FindingRow.line))
        return [Finding(row.path, row.line, row.field, row.message, row.advice, Severity[row.severity]) for row in rows]

    def _mechanism_entry(self, row: MechanismRow) -> MechanismEntry:
        return MechanismEntry(self._restore_mechanism(load_plain(row.plain)), row.html, row.path)


def _dump(plain: PlainRecord) -> str:
    return json.dumps({"fields": plain.fields, "notes": plain.notes}, ensure_ascii=False)
