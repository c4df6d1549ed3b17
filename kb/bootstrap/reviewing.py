"""Review and publishing of one library: services put together from the kept database, the content folder and the clock."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kb.bootstrap.desk import Desk
from kb.database.corrections import SqlCorrections, SqlRedirects
from kb.database.faults import explain
from kb.database.kept_tables import AccountRow
from kb.database.publishing import SqlPublishLedger
from kb.database.reviews import SqlReviewStore
from kb.database.submissions import SqlSubmissionStore
from kb.domain.accounts import Actor
from kb.domain.audited import Deed, Outcome
from kb.errors import KbError, NotReady
from kb.rendering import RenderWorker
from kb.repository.git_commit import commit_file
from kb.repository.record_file import RecordFormat
from kb.repository.record_folder import FileRecordFolder
from kb.services.archive_case import follow
from kb.services.correct_case import CaseCorrections
from kb.services.include_case import findings_for_inclusion
from kb.services.keep_revisions import get_revision, read_fields
from kb.services.ports import ReferenceData
from kb.services.publish_record import Publisher, Reconciled, Revision, path_of, reconcile
from kb.services.review_case import CaseReview
from search import IndexFault

LOCK_WAIT = 20.0
"""Seconds a publication waits for another one to end."""
_log = logging.getLogger(__name__)


class Reviewing:
    """What the pages of review, revisions and corrections work with; opened once per process, used from many threads.

    bring_up: takes changed files into catalogue and index; ask_later: the same in the background, when that failed;
    keeps_git: whether each revision is committed to the git repository the content folder stands in.
    """

    def __init__(
        self,
        desk: Desk,
        content_folder: Path,
        today: Callable[[], date],
        bring_up: Callable[[], object],
        ask_later: Callable[[str], object],
        *,
        keeps_git: bool = False,
    ) -> None:
        self._desk = desk
        self._folder = FileRecordFolder(content_folder)
        self._git_folder = content_folder if keeps_git else None
        self._lock = desk.path.with_name("publish.lock")
        self._today = today
        self._bring_up = bring_up
        self._ask_later = ask_later
        self.redirects = SqlRedirects(desk.session, desk.writing)

    @property
    def has_kept(self) -> bool:
        """Whether anything was kept so far; guests are not to wait for a database to be made."""
        return self._desk.path.exists()

    def reconcile(self) -> Reconciled:
        """Ends what a stop had cut off; raises NotReady."""
        if not self.has_kept:
            return Reconciled()
        with self._alone():
            ends = reconcile(self._folder, self._ledger(), self._desk.now().isoformat(timespec="seconds"))
        for word, ids in ends._asdict().items():
            if ids:
                _log.warning("publications cut off by a stop, %s: %s", word, "、".join(ids))
        return ends

    @contextmanager
    def publisher(self, reference: ReferenceData, source: str = "") -> Iterator[Publisher]:
        """A publisher for one request; `source` is the address it came from, for the audit trail."""
        with RenderWorker() as renderer:
            yield Publisher(
                self._folder,
                self._ledger(source),
                RecordFormat(reference.case_template),
                reference,
                renderer,
                now=self._desk.now,
                today=self._today,
                alone=self._alone,
            )

    @contextmanager
    def review(self, reference: ReferenceData, source: str = "", *, writes: bool = False) -> Iterator[CaseReview]:
        """The review for one request; one that `writes` holds the write lock and commits at its end."""
        with self.publisher(reference, source) as publisher:

            def included_fields(record_id: str, number: int) -> Mapping[str, Any]:
                return read_fields(publisher, get_revision(record_id, number, publisher).text)

            with self._desk.writing() if writes else self._desk.session() as session:
                yield CaseReview(
                    SqlSubmissionStore(session),
                    SqlReviewStore(session),
                    self._desk.audit(session, source),
                    reference,
                    now=self._desk.now,
                    today=self._today,
                    included_fields=included_fields,
                    newest_revision=lambda record_id: publisher.ledger.latest().get(record_id, (0, ""))[0],
                    findings=lambda submission: findings_for_inclusion(submission, publisher),
                )

    @contextmanager
    def corrections(self, source: str = "", *, writes: bool = False) -> Iterator[CaseCorrections]:
        with self._desk.writing() if writes else self._desk.session() as session:
            yield CaseCorrections(SqlCorrections(session), self._desk.audit(session, source), now=self._desk.now)

    def target_of(self, record_id: str) -> str:
        """The record it was merged into in the end, "" for none; what cannot be asked leads nowhere."""
        try:
            target = follow(record_id, self.redirects) if self.has_kept else record_id
        except NotReady:
            return ""
        return target if target != record_id else ""

    def names(self) -> dict[int, str]:
        """The name to show of every account."""
        with self._desk.session() as session:
            return {account.number: account.display_name for account in self._desk.accounts(session).all()}

    def take_in(self, revision: Revision) -> bool:
        """Brings git, catalogue and index up to the folder after a publication, which stands whatever comes of this.

        False when catalogue and index have to follow later.
        """
        if self._git_folder:
            self._commit(self._git_folder, revision)
        try:
            self._bring_up()
        except (KbError, IndexFault, OSError, SQLAlchemyError) as error:
            _log.error("published, but the index did not follow: %s", error, exc_info=error)
            self._ask_later(str(error))
            return False
        return True

    def _commit(self, content: Path, revision: Revision) -> None:
        message = f"{revision.record_id} 第 {revision.number} 次修订：{revision.reason}"
        with self._alone():
            fault = commit_file(content, path_of(revision.record_id), message)
        if fault:
            _log.error("published, but not committed to git: %s", fault)

    def _ledger(self, source: str = "") -> SqlPublishLedger:
        def note(session: Session, revision: Revision) -> None:
            row = session.get(AccountRow, revision.by) if revision.by else None
            actor = Actor(revision.by, row.display_name if row else "文件夹")
            told = f"第 {revision.number} 次修订：{revision.reason}"
            self._desk.audit(session, source).note(actor, Deed.CASE_WRITTEN, revision.record_id, Outcome.DONE, told)

        return SqlPublishLedger(self._desk.session, self._desk.writing, note)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            held = FileLock(self._lock, timeout=LOCK_WAIT).acquire()
        except Timeout as error:
            raise NotReady("另一个案例正在写入。", advice="等几秒再办。") from error
        except OSError as error:
            raise explain(error, self._lock) from error
        with held:
            yield
