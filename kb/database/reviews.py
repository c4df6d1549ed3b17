"""Rounds and decisions in the kept database, on a session of the caller, who commits."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kb.database.kept_tables import (
    AccountRow,
    FieldNoteRow,
    HandoverRow,
    ReviewDecisionRow,
    ReviewRoundRow,
    SubmissionRow,
    SubmissionVersionRow,
)
from kb.domain.review import DecisionMade, Round
from kb.domain.submission import Decision
from kb.services.submissions import RoundState


class SqlReviewStore:
    """A ReviewStore."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def rounds(self, submission: int) -> Sequence[Round]:
        query = (
            select(ReviewRoundRow, AccountRow.display_name)
            .outerjoin(AccountRow, AccountRow.number == ReviewRoundRow.began_by)
            .where(ReviewRoundRow.submission == submission)
            .order_by(ReviewRoundRow.number.desc())
            .execution_options(populate_existing=True)
        )
        decisions = self._decisions(submission)
        return [
            Round(
                row.number,
                row.version,
                row.began_at,
                row.began_by,
                name or "",
                row.state,
                tuple(decisions[row.number]),
            )
            for row, name in self._session.execute(query)
        ]

    def add_decision(self, round_number: int, made: DecisionMade) -> None:
        row = ReviewDecisionRow(
            round=round_number,
            step=made.step,
            decided_at=made.at,
            decided_by=made.by,
            decision=made.decision.value,
            note=made.note,
        )
        self._session.add(row)
        self._session.flush()
        self._session.add_all(
            FieldNoteRow(decision=row.number, field=field, reason=reason) for field, reason in made.reasons.items()
        )
        self._session.flush()

    def set_state(self, round_number: int, state: RoundState) -> None:
        change = update(ReviewRoundRow).where(ReviewRoundRow.number == round_number).values(state=state.value)
        self._session.execute(change.execution_options(synchronize_session=False))

    def writers(self, submission: int) -> frozenset[int]:
        saved = select(SubmissionVersionRow.saved_by).where(SubmissionVersionRow.submission == submission)
        # Old versions go; that somebody gave it on says for good that he had written it.
        given = select(HandoverRow.giver).where(HandoverRow.submission == submission)
        return frozenset(self._session.scalars(saved.union(given)))

    def set_base(self, submission: int, revision: int) -> None:
        change = update(SubmissionRow).where(SubmissionRow.number == submission).values(based_on=revision)
        self._session.execute(change.execution_options(synchronize_session=False))

    def _decisions(self, submission: int) -> dict[int, list[DecisionMade]]:
        """By round, in the order they were made."""
        of_it = ReviewDecisionRow.round.in_(
            select(ReviewRoundRow.number).where(ReviewRoundRow.submission == submission)
        )
        reasons: dict[int, dict[str, str]] = defaultdict(dict)
        notes = select(FieldNoteRow).join(ReviewDecisionRow, ReviewDecisionRow.number == FieldNoteRow.decision)
        for note in self._session.scalars(notes.where(of_it).order_by(FieldNoteRow.number)):
            reasons[note.decision][note.field] = note.reason
        query = (
            select(ReviewDecisionRow, AccountRow.display_name)
            .outerjoin(AccountRow, AccountRow.number == ReviewDecisionRow.decided_by)
            .where(of_it)
            .order_by(ReviewDecisionRow.number)
        )
        made: dict[int, list[DecisionMade]] = defaultdict(list)
        for row, name in self._session.execute(query):
            made[row.round].append(
                DecisionMade(
                    row.step,
                    row.decided_at,
                    row.decided_by,
                    name or "",
                    Decision(row.decision),
                    row.note,
                    reasons[row.number],
                )
            )
        return made
