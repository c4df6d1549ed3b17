"""What was kept of a year, counted where it is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kb.database.adoptions import SqlAdoptions
from kb.database.kept_tables import AdoptionRow, CorrectionRow, RevisionRow, WantedProblemRow
from kb.domain.adoption import Adoption, AdoptionStage
from kb.domain.wanted import WantedState
from kb.services.correct_case import CorrectionState
from kb.services.report_year import STAGE_DAYS, Span

_NEVER_COUNTED = [state.value for state in (WantedState.HELD, WantedState.REFUSED, WantedState.MERGED)]
_WAITING = [state.value for state in WantedState if state.is_waiting]
_IS_CASE = RevisionRow.record_id.op("GLOB")("[0-9]*")
_IS_REPORTED = AdoptionRow.stage != AdoptionStage.DRAFT.value


class SqlYearCounts:
    """YearCounts, on a session of the caller."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def published(self, span: Span) -> tuple[int, int]:
        first = select(func.min(RevisionRow.published_at).label("at")).where(_IS_CASE).group_by(RevisionRow.record_id)
        firsts = first.subquery()
        new = self._count(select(func.count()).select_from(firsts).where(*_within(firsts.c.at, span)))
        all_of_year = self._count(select(func.count()).where(_IS_CASE, *_within(RevisionRow.published_at, span)))
        return new, all_of_year - new

    def corrections(self, span: Span) -> Mapping[str, int]:
        answered = select(CorrectionRow.state, func.count()).where(*_within(CorrectionRow.answered_at, span))
        by_state = dict(self._session.execute(answered.group_by(CorrectionRow.state)).all())
        accepted = (CorrectionState.ACCEPTED.value, CorrectionState.MENDED.value)
        return {
            "asked": self._count(select(func.count()).where(*_within(CorrectionRow.asked_at, span))),
            "accepted": sum(by_state.get(state, 0) for state in accepted),
            "declined": by_state.get(CorrectionState.DECLINED.value, 0),
        }

    def reached(self, span: Span) -> Mapping[str, int]:
        days = {**STAGE_DAYS, "confirmed": "confirmed_on"}
        return {
            stage: self._count(select(func.count()).where(_IS_REPORTED, _of_year(getattr(AdoptionRow, day), span)))
            for stage, day in days.items()
        }

    def standing(self) -> Mapping[str, int]:
        query = select(AdoptionRow.stage, func.count()).where(_IS_REPORTED).group_by(AdoptionRow.stage)
        found = dict(self._session.execute(query).all())
        return {stage: found.get(stage, 0) for stage in STAGE_DAYS}

    def confirmed(self, span: Span) -> Sequence[Adoption]:
        query = select(AdoptionRow.number).where(_IS_REPORTED, _of_year(AdoptionRow.confirmed_on, span))
        found = SqlAdoptions(self._session).numbered(self._session.scalars(query).all())
        return sorted(found.values(), key=lambda one: (one.confirmed_on, one.unit, one.number))

    def wanted(self, span: Span) -> Mapping[str, int]:
        row = WantedProblemRow
        counted, answered = row.state.not_in(_NEVER_COUNTED), row.state == WantedState.ANSWERED.value
        return {
            "asked": self._count(select(func.count()).where(counted, *_within(row.asked_at, span))),
            "answered": self._count(select(func.count()).where(answered, *_within(row.answered_at, span))),
            "waiting": self._count(select(func.count()).where(row.state.in_(_WAITING))),
        }

    def waiting_texts(self, limit: int) -> Sequence[str]:
        row = WantedProblemRow
        query = select(row.text).where(row.state.in_(_WAITING)).order_by(row.asked_at, row.number).limit(limit)
        return self._session.scalars(query).all()

    def _count(self, query: Any) -> int:
        return self._session.scalar(query) or 0


def _within(column: ColumnElement[str] | InstrumentedAttribute[str], span: Span) -> tuple[ColumnElement[bool], ...]:
    return (column >= span.first, column < span.before)


def _of_year(column: InstrumentedAttribute[str], span: Span) -> ColumnElement[bool]:
    return column.startswith(f"{span.year}-", autoescape=True)
