"""Intents and revisions in the kept database; each writing call is one transaction that takes the write lock first."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import exists, func, select, union, update
from sqlalchemy.orm import Session, aliased

from kb.database.kept_tables import (
    CorrectionRow,
    PublishIntentRow,
    RedirectRow,
    RevisionRow,
    SubmissionRow,
)
from kb.domain.workflow import Stage
from kb.errors import Conflict
from kb.services.correct_case import CorrectionState
from kb.services.publish_record import Intent, Publication, Revision

BEGUN = "begun"


Sessions = Callable[[], AbstractContextManager[Session]]
Note = Callable[[Session, Revision], None]


class SqlPublishLedger:
    """A PublishLedger: `reading` opens sessions to read with; `writing` ones that hold the write lock and commit at the end.

    `note` is called with every new revision inside its transaction (the audit trail).
    """

    def __init__(self, reading: Sessions, writing: Sessions, note: Note = lambda *_: None) -> None:
        self._reading = reading
        self._writing = writing
        self._note = note

    def begin(self, publication: Publication, sha256: str, at: str) -> Intent:
        row = PublishIntentRow(
            record_id=publication.record_id,
            submission=publication.submission,
            path=publication.path,
            sha256_before=publication.before,
            sha256=sha256,
            text=publication.text,
            reason=publication.reason,
            began_at=at,
            began_by=publication.by,
            state=BEGUN,
        )
        with self._writing() as session:
            if publication.submission and _stage_of(session, publication.submission) != Stage.MATURED.value:
                raise Conflict("稿件已经不在待纳入之列。", advice="刷新待办列表，看它现在到了哪一步。")
            session.add(row)
            session.flush()
            return _intent(row)

    def finish(self, intent: Intent, at: str) -> Revision:
        publication = intent.publication
        told = (publication.by, publication.submission, intent.sha256, publication.text, publication.reason)
        with self._writing() as session:
            _close(session, intent, "done")
            revision = _add(session, Revision(publication.record_id, 0, at, *told))
            if publication.submission:
                _end_submission(session, revision)
            self._note(session, revision)
        return revision

    def close(self, intent: Intent, state: str) -> None:
        with self._writing() as session:
            _close(session, intent, state)

    def open_intents(self) -> Sequence[Intent]:
        query = select(PublishIntentRow).where(PublishIntentRow.state == BEGUN).order_by(PublishIntentRow.number)
        with self._reading() as session:
            return [_intent(row) for row in session.scalars(query)]

    def adopt(self, revision: Revision) -> Revision:
        with self._writing() as session:
            adopted = _add(session, revision)
            self._note(session, adopted)
        return adopted

    def revisions(self, record_id: str) -> Sequence[Revision]:
        query = select(RevisionRow).where(RevisionRow.record_id == record_id).order_by(RevisionRow.number.desc())
        with self._reading() as session:
            return [_revision(row) for row in session.scalars(query)]

    def latest(self) -> Mapping[str, tuple[int, str]]:
        newest = select(RevisionRow.record_id, func.max(RevisionRow.number).label("number"))
        named = newest.group_by(RevisionRow.record_id).subquery()
        is_newest = (RevisionRow.record_id == named.c.record_id) & (RevisionRow.number == named.c.number)
        query = select(RevisionRow.record_id, RevisionRow.number, RevisionRow.sha256).join(named, is_newest)
        with self._reading() as session:
            return {record_id: (number, sha256) for record_id, number, sha256 in session.execute(query)}

    def newest_with(self, line: str) -> Sequence[Revision]:
        later = aliased(RevisionRow)
        is_newest = ~exists().where(later.record_id == RevisionRow.record_id, later.number > RevisionRow.number)
        query = select(RevisionRow).where(is_newest, RevisionRow.text.contains(f"\n{line}\n", autoescape=True))
        with self._reading() as session:
            return [_revision(row) for row in session.scalars(query.order_by(RevisionRow.record_id))]

    def taken_ids(self) -> frozenset[str]:
        tables = (PublishIntentRow.record_id, RevisionRow.record_id, SubmissionRow.record_id, RedirectRow.old_id)
        with self._reading() as session:
            return frozenset(session.scalars(union(*(select(column) for column in tables)))) - {""}

    def id_of(self, submission: int) -> str:
        query = select(PublishIntentRow.record_id).where(PublishIntentRow.submission == submission).limit(1)
        with self._reading() as session:
            return session.scalar(query) or ""


def revision_times(session: Session) -> Mapping[str, str]:
    """When the newest revision of each record was published (ISO, UTC)."""
    query = select(RevisionRow.record_id, func.max(RevisionRow.published_at)).group_by(RevisionRow.record_id)
    return dict(session.execute(query).all())


def _stage_of(session: Session, submission: int) -> str:
    return session.scalar(select(SubmissionRow.stage).where(SubmissionRow.number == submission)) or ""


def _close(session: Session, intent: Intent, state: str) -> None:
    session.execute(update(PublishIntentRow).where(PublishIntentRow.number == intent.number).values(state=state))


def _end_submission(session: Session, revision: Revision) -> None:
    session.execute(
        update(SubmissionRow)
        .where(SubmissionRow.number == revision.submission)
        .values(stage=Stage.INCLUDED.value, record_id=revision.record_id, changed_at=revision.at)
    )
    session.execute(
        update(CorrectionRow)
        .where(CorrectionRow.record_id == revision.record_id, CorrectionRow.state == CorrectionState.ACCEPTED.value)
        .values(state=CorrectionState.MENDED.value, revision=revision.number)
    )


def _add(session: Session, revision: Revision) -> Revision:
    last = session.scalar(select(func.max(RevisionRow.number)).where(RevisionRow.record_id == revision.record_id))
    numbered = revision._replace(number=(last or 0) + 1)
    session.add(
        RevisionRow(
            record_id=numbered.record_id,
            number=numbered.number,
            published_at=numbered.at,
            published_by=numbered.by,
            submission=numbered.submission,
            sha256=numbered.sha256,
            text=numbered.text,
            reason=numbered.reason,
        )
    )
    return numbered


def _intent(row: PublishIntentRow) -> Intent:
    publication = Publication(row.record_id, row.text, row.sha256_before, row.reason, row.began_by, row.submission)
    return Intent(row.number, publication, row.sha256)


def _revision(row: RevisionRow) -> Revision:
    return Revision(
        row.record_id, row.number, row.published_at, row.published_by, row.submission, row.sha256, row.text, row.reason
    )
