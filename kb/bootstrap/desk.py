"""The desk of one library: what is kept of accounts, submissions, review and publishing, opened once per process."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from kb.bootstrap.latest import Latest
from kb.database.accounts import SqlAccounts, SqlAttempts
from kb.database.adoption_columns import AdoptionColumns, read_adoptions
from kb.database.audit_trail import SqlAuditStore
from kb.database.baskets import SqlBaskets, SqlBrowsers, revision_numbers
from kb.database.catalogue import file_identity
from kb.database.faults import explain
from kb.database.kept import BEGIN, NAME, open_kept
from kb.database.kept_tables import PromotionStateRow
from kb.database.ledger_counts import SqlLedgerCounts
from kb.database.missed_searches import SqlMissedSearches
from kb.database.pieces import SqlPieces
from kb.database.publishing import revision_times
from kb.database.submissions import SqlSubmissionStore
from kb.database.themes import SqlThemes
from kb.repository.uploads import UploadFolder
from kb.services.account_records import Accounts, AccountWork, Attempts
from kb.services.keep_audit import AuditStore, AuditTrail
from kb.services.keep_basket import Baskets, Browsers
from kb.services.keep_themes import ThemeKeeping
from kb.services.measure_loop import LedgerCounts
from kb.services.missed_searches import MissedSearches
from kb.services.submissions import SubmissionStore
from kb.services.write_piece import Pieces

Clock = Callable[[], datetime]
"""Tells the time, aware, in UTC."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """Opens the kept database when first asked; safe to use from many threads."""

    def __init__(self, data_folder: Path, now: Clock = utc_now) -> None:
        self.now = now
        self.path = data_folder / NAME
        self.uploads = UploadFolder(data_folder / "uploads")
        self._engine: Engine | None = None
        self._opening = threading.Lock()
        self._mine = threading.local()
        self._adoption_columns: Latest[AdoptionColumns] = Latest()

    @property
    def engine(self) -> Engine:
        """Raises NotReady when the kept database cannot be used."""
        with self._opening:
            if self._engine is None:
                self._engine = open_kept(self.path)
            return self._engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session to read with; what is read stays the same to its end. Raises NotReady."""
        with self._told(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session to write with, the only one at its time: committed when the block ends well. Raises NotReady.

        Keep it short: nothing slow (a password hash, a file, a rendering) belongs inside, nor another `writing`.
        """
        if getattr(self._mine, "is_writing", False):
            raise RuntimeError("one thread would wait for itself: a writing session inside a writing session")
        engine = self.engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})
        self._mine.is_writing = True
        try:
            with self._told(), Session(engine, expire_on_commit=False) as session, session.begin():
                session.connection()  # takes the write lock now, before anything is read
                yield session
        finally:
            self._mine.is_writing = False

    def audit(self, session: Session, source: str = "") -> AuditTrail:
        """The audit trail in that session's transaction; `source` is the address a request came from."""
        return AuditTrail(SqlAuditStore(session), self.now, source)

    @contextmanager
    def account_work(self, source: str = "", *, writes: bool = True) -> Iterator[AccountWork]:
        """A transaction on accounts, or a look at them that waits for no writer; raises NotReady."""
        with self.writing() if writes else self.session() as session:
            yield AccountWork(self.accounts(session), self.attempts(session), self.audit(session, source))

    def audit_store(self, session: Session) -> AuditStore:
        return SqlAuditStore(session)

    def accounts(self, session: Session) -> Accounts:
        return SqlAccounts(session)

    def attempts(self, session: Session) -> Attempts:
        return SqlAttempts(session)

    def missed_searches(self, session: Session) -> MissedSearches:
        return SqlMissedSearches(session)

    @contextmanager
    def themes(self, source: str = "", *, writes: bool = False) -> Iterator[ThemeKeeping]:
        """Themes for one request; one that `writes` holds the write lock and commits at its end. Raises NotReady."""
        with self.writing() if writes else self.session() as session:
            yield ThemeKeeping(SqlThemes(session), self.audit(session, source), now=self.now)

    def adoption_columns(self, session: Session) -> AdoptionColumns:
        """What adoptions are counted by; read anew only after a change."""
        state = (file_identity(self.path), session.scalar(select(PromotionStateRow.generation)))
        return self._adoption_columns.of(state, lambda: read_adoptions(session))

    def ledger_counts(self, session: Session) -> LedgerCounts:
        return SqlLedgerCounts(session, self.adoption_columns)

    def submissions(self, session: Session) -> SubmissionStore:
        return SqlSubmissionStore(session)

    def revised_at(self) -> Mapping[str, str]:
        """When each record revised here last was (ISO, UTC); nothing before anything was kept. Raises NotReady."""
        if not self.path.exists():
            return {}
        with self.session() as session:
            return revision_times(session)

    def baskets(self, session: Session) -> Baskets:
        return SqlBaskets(session)

    def browsers(self, session: Session) -> Browsers:
        return SqlBrowsers(session)

    def pieces(self, session: Session) -> Pieces:
        return SqlPieces(session)

    def revision_numbers(self, ids: Sequence[str]) -> Mapping[tuple[str, str], int]:
        """The newest revision of each record id and digest; none before anything was kept, for guests do not wait for that."""
        if not self.path.exists():
            return {}
        with self.session() as session:
            return revision_numbers(session, ids)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (IntegrityError, ProgrammingError):  # ours to mend, not the disk's
            raise
        except DatabaseError as error:
            raise explain(error, self.path) from error
