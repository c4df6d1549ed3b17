"""Submissions in the kept database."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, aliased

from kb.database.kept_tables import (
    AccountRow,
    AttachmentRow,
    FieldNoteRow,
    HandoverRow,
    PresenceRow,
    ReviewDecisionRow,
    ReviewRoundRow,
    SubmissionRow,
    SubmissionVersionRow,
)
from kb.domain.submission import EDITABLE, IN_WORK, Decision, Submission
from kb.domain.workflow import Stage
from kb.errors import Conflict
from kb.services.submissions import Attachment, Handover, ListedSubmission, RoundState, SavedVersion, Writer

KEPT_VERSIONS = 60
"""Versions that stay beside those that were submitted and the last of each writer: ten minutes of steady typing."""
MOST_LISTED = 500
MOST_COMPARED = 200
"""Submissions a draft is held against: a millisecond each."""


class SqlSubmissionStore:
    """On a session of the caller, who commits; every change asks in its WHERE whether what it changes still stands."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, submission: Submission) -> Submission:
        row = SubmissionRow(
            record_id=submission.record_id,
            owner=submission.owner,
            unit=submission.unit,
            stage=submission.stage.value,
            version=1,
            fields=_json(submission.fields),
            tray=_json(submission.tray),
            based_on=submission.based_on,
            made_at=submission.made_at,
            changed_at=submission.changed_at,
        )
        self._session.add(row)
        self._session.flush()
        kept = replace(submission, number=row.number, version=1)
        self._keep_version(kept, submission.owner)
        return kept

    def find(self, number: int) -> Submission | None:
        row = self._session.get(SubmissionRow, number, populate_existing=True)
        return _submission(row) if row else None

    def save(self, submission: Submission, *, by: int) -> Submission:
        saved = replace(submission, version=submission.version + 1)
        self._change(
            submission,
            SubmissionRow.stage.in_([stage.value for stage in EDITABLE]),
            version=saved.version,
            fields=_json(saved.fields),
            tray=_json(saved.tray),
            changed_at=saved.changed_at,
        )
        self._keep_version(saved, by)
        self._drop_old(saved)
        return saved

    def move(self, submission: Submission, stage: Stage, *, at: str, record_id: str = "") -> Submission:
        moved = replace(submission, stage=stage, changed_at=at, record_id=record_id or submission.record_id)
        is_there = SubmissionRow.stage == submission.stage.value
        self._change(submission, is_there, stage=stage.value, changed_at=at, record_id=moved.record_id)
        return moved

    def _change(self, submission: Submission, still: ColumnElement[bool], **values: Any) -> None:
        change = update(SubmissionRow).where(
            SubmissionRow.number == submission.number, SubmissionRow.version == submission.version, still
        )
        done = self._session.execute(change.values(**values).execution_options(synchronize_session=False))
        assert isinstance(done, CursorResult)
        if done.rowcount != 1:
            raise Conflict("这份稿件刚才被别人改过，你的改动没有写进去。", advice="对照两边的内容后再保存。")

    def _keep_version(self, submission: Submission, by: int) -> None:
        self._session.execute(
            insert(SubmissionVersionRow).values(
                submission=submission.number,
                version=submission.version,
                saved_at=submission.changed_at,
                saved_by=by,
                fields=_json(submission.fields),
                tray=_json(submission.tray),
            )
        )

    def _drop_old(self, submission: Submission) -> None:
        submitted = select(ReviewRoundRow.version).where(ReviewRoundRow.submission == submission.number)
        # Of every writer one stays: nobody who wrote of it is to review it.
        last_of_each = (
            select(func.max(SubmissionVersionRow.version))
            .where(SubmissionVersionRow.submission == submission.number)
            .group_by(SubmissionVersionRow.saved_by)
        )
        handed_over = select(HandoverRow.version).where(HandoverRow.submission == submission.number)
        self._session.execute(
            delete(SubmissionVersionRow)
            .where(
                SubmissionVersionRow.submission == submission.number,
                SubmissionVersionRow.version <= submission.version - KEPT_VERSIONS,
                SubmissionVersionRow.version.not_in(submitted),
                SubmissionVersionRow.version.not_in(last_of_each),
                SubmissionVersionRow.version.not_in(handed_over),
            )
            .execution_options(synchronize_session=False)
        )

    def versions(self, number: int) -> Sequence[SavedVersion]:
        return self._versions(SubmissionVersionRow.submission == number)

    def version(self, number: int, version: int) -> SavedVersion | None:
        found = self._versions(SubmissionVersionRow.submission == number, SubmissionVersionRow.version == version)
        return found[0] if found else None

    def _versions(self, *where: ColumnElement[bool]) -> list[SavedVersion]:
        query = (
            select(SubmissionVersionRow, AccountRow.display_name)
            .outerjoin(AccountRow, AccountRow.number == SubmissionVersionRow.saved_by)
            .where(*where)
            .order_by(SubmissionVersionRow.version.desc())
        )
        return [
            SavedVersion(
                row.version, row.saved_at, row.saved_by, name or "", json.loads(row.fields), tuple(json.loads(row.tray))
            )
            for row, name in self._session.execute(query)
        ]

    def of_writer(self, account: int, unit: str) -> Sequence[ListedSubmission]:
        mine = SubmissionRow.owner == account
        return self._listed(or_(mine, SubmissionRow.unit == unit) if unit else mine, SubmissionRow.changed_at.desc())

    def in_work(self, account: int, unit: str, *, submitted_too: bool) -> Sequence[ListedSubmission]:
        seen = [SubmissionRow.owner == account]
        if unit:
            seen.append(SubmissionRow.unit == unit)
        if submitted_too:
            seen.append(SubmissionRow.stage != Stage.DRAFT.value)
        is_open = SubmissionRow.stage.in_([stage.value for stage in IN_WORK])
        return self._listed(and_(is_open, or_(*seen)), SubmissionRow.changed_at.desc(), most=MOST_COMPARED)

    def in_work_of(self, account: int) -> Sequence[Submission]:
        is_open = SubmissionRow.stage.in_([stage.value for stage in IN_WORK])
        query = select(SubmissionRow).where(SubmissionRow.owner == account, is_open).order_by(SubmissionRow.number)
        return [_submission(row) for row in self._session.scalars(query.execution_options(populate_existing=True))]

    def hand_over(self, submission: Submission, handover: Handover) -> Submission:
        is_there = and_(SubmissionRow.stage == submission.stage.value, SubmissionRow.owner == handover.giver)
        self._change(submission, is_there, owner=handover.receiver)
        self._session.execute(
            insert(HandoverRow).values(
                submission=submission.number,
                version=handover.version,
                giver=handover.giver,
                receiver=handover.receiver,
                handed_at=handover.at,
                handed_by=handover.by,
                note=handover.note,
            )
        )
        return replace(submission, owner=handover.receiver)

    def handovers_to(self, account: int) -> Mapping[int, Handover]:
        giver, by = aliased(AccountRow), aliased(AccountRow)
        last = select(func.max(HandoverRow.number)).group_by(HandoverRow.submission)
        query = (
            select(HandoverRow, giver.display_name, by.display_name)
            .outerjoin(giver, giver.number == HandoverRow.giver)
            .outerjoin(by, by.number == HandoverRow.handed_by)
            .where(HandoverRow.receiver == account, HandoverRow.number.in_(last))
        )
        return {
            row.submission: Handover(
                row.version,
                row.giver,
                row.receiver,
                row.handed_at,
                row.handed_by,
                row.note,
                giver_name or "",
                by_name or "",
            )
            for row, giver_name, by_name in self._session.execute(query)
        }

    def deciders(self, submission: int) -> frozenset[int]:
        rounds = select(ReviewRoundRow.number).where(ReviewRoundRow.submission == submission)
        query = select(ReviewDecisionRow.decided_by).where(ReviewDecisionRow.round.in_(rounds)).distinct()
        return frozenset(self._session.scalars(query))

    def in_stages(self, stages: Collection[Stage]) -> Sequence[ListedSubmission]:
        wanted = SubmissionRow.stage.in_([stage.value for stage in stages])
        return self._listed(wanted, SubmissionRow.changed_at.asc())

    def _listed(
        self, where: ColumnElement[bool], order: ColumnElement[Any], most: int = MOST_LISTED
    ) -> list[ListedSubmission]:
        query = (
            select(SubmissionRow, AccountRow.display_name)
            .outerjoin(AccountRow, AccountRow.number == SubmissionRow.owner)
            .where(where)
            .order_by(order, SubmissionRow.number)
            .limit(most)
            .execution_options(populate_existing=True)
        )
        return [ListedSubmission(_submission(row), name or "") for row, name in self._session.execute(query)]

    def open_round(self, submission: Submission, *, at: str, by: int) -> int:
        row = ReviewRoundRow(
            submission=submission.number,
            version=submission.version,
            began_at=at,
            began_by=by,
            state=RoundState.OPEN.value,
        )
        self._session.add(row)
        self._session.flush()
        return row.number

    def end_round(self, submission: int, state: RoundState) -> None:
        is_open = (ReviewRoundRow.submission == submission, ReviewRoundRow.state == RoundState.OPEN.value)
        self._session.execute(
            update(ReviewRoundRow)
            .where(*is_open)
            .values(state=state.value)
            .execution_options(synchronize_session=False)
        )

    def has_decisions(self, submission: int) -> bool:
        made = select(ReviewDecisionRow.number).join(ReviewRoundRow, ReviewRoundRow.number == ReviewDecisionRow.round)
        is_open = (ReviewRoundRow.submission == submission, ReviewRoundRow.state == RoundState.OPEN.value)
        return self._session.execute(made.where(*is_open).limit(1)).first() is not None

    def last_notes(self, submission: int) -> Mapping[str, str]:
        return self.notes_of([submission]).get(submission, {})

    def notes_of(self, submissions: Collection[int]) -> Mapping[int, Mapping[str, str]]:
        of_round = ReviewRoundRow.number == ReviewDecisionRow.round
        is_return = (ReviewRoundRow.submission.in_(submissions), ReviewDecisionRow.decision == Decision.RETURNED.value)
        last = select(func.max(ReviewDecisionRow.number)).join(ReviewRoundRow, of_round).where(*is_return)
        query = select(ReviewRoundRow.submission, ReviewDecisionRow.number, ReviewDecisionRow.note)
        query = query.join(ReviewRoundRow, of_round)
        query = query.where(ReviewDecisionRow.number.in_(last.group_by(ReviewRoundRow.submission)))
        found = self._session.execute(query).all()
        notes: dict[int, dict[str, str]] = {decision: {"": note} for _, decision, note in found}
        for row in self._session.scalars(select(FieldNoteRow).where(FieldNoteRow.decision.in_(notes))):
            notes[row.decision][row.field] = row.reason
        return {submission: notes[decision] for submission, decision, _ in found}

    def note_writer(self, submission: int, account: int, *, at: str) -> None:
        row = insert_or(PresenceRow).values(submission=submission, account=account, seen_at=at)
        self._session.execute(row.on_conflict_do_update(index_elements=["submission", "account"], set_={"seen_at": at}))

    def writers(self, submission: int, *, since: str) -> Sequence[Writer]:
        query = (
            select(PresenceRow.account, AccountRow.display_name, PresenceRow.seen_at)
            .outerjoin(AccountRow, AccountRow.number == PresenceRow.account)
            .where(PresenceRow.submission == submission, PresenceRow.seen_at >= since)
            .order_by(PresenceRow.seen_at.desc())
        )
        return [Writer(account, name or "", seen_at) for account, name, seen_at in self._session.execute(query)]

    def forget_writer(self, submission: int, account: int) -> None:
        is_theirs = (PresenceRow.submission == submission, PresenceRow.account == account)
        self._session.execute(delete(PresenceRow).where(*is_theirs).execution_options(synchronize_session=False))

    def attach(self, attachment: Attachment) -> Attachment:
        values = attachment._asdict()
        del values["number"]
        row = AttachmentRow(**values)
        self._session.add(row)
        self._session.flush()
        return attachment._replace(number=row.number)

    def attachments(self, submission: int) -> Sequence[Attachment]:
        query = select(AttachmentRow).where(AttachmentRow.submission == submission).order_by(AttachmentRow.number)
        return [
            Attachment(**{name: getattr(row, name) for name in Attachment._fields})
            for row in self._session.scalars(query)
        ]

    def detach(self, number: int) -> None:
        gone = delete(AttachmentRow).where(AttachmentRow.number == number)
        self._session.execute(gone.execution_options(synchronize_session=False))


def _submission(row: SubmissionRow) -> Submission:
    return Submission(
        number=row.number,
        record_id=row.record_id,
        owner=row.owner,
        unit=row.unit,
        stage=Stage(row.stage),
        version=row.version,
        fields=json.loads(row.fields),
        tray=tuple(json.loads(row.tray)),
        based_on=row.based_on,
        made_at=row.made_at,
        changed_at=row.changed_at,
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
