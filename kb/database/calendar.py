"""What hangs on a date and may have to be reminded of, in the kept database."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.database.kept_tables import AdoptionRow, PromotionPlanRow, SupervisionRow, WantedProblemRow
from kb.domain.adoption import AdoptionStage
from kb.domain.promotion_plan import PlanState
from kb.domain.wanted import WantedState
from kb.services.remind import DueMatter, QuietAdoption, Unassigned

ON_THE_WAY = (AdoptionStage.INTENDED.value, AdoptionStage.TRIAL.value)
UNREAD_OR_OPEN = (WantedState.HELD.value, WantedState.OPEN.value)


class SqlCalendar:
    """Calendar on a session of the caller."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def quiet_adoptions(self, before: str) -> Sequence[QuietAdoption]:
        row = AdoptionRow
        query = select(row.number, row.unit, row.mechanism, row.stage, row.news_at)
        query = query.where(row.stage.in_(ON_THE_WAY), row.news_at < before).order_by(row.number)
        return [QuietAdoption(*found) for found in self._session.execute(query)]

    def overdue_matters(self, before: str) -> Sequence[DueMatter]:
        row = SupervisionRow
        query = select(row.number, row.title, row.due_on, row.responsible, row.plan, row.adoption)
        query = query.where(row.step != "", row.due_on != "", row.due_on < before).order_by(row.number)
        return [DueMatter(*found) for found in self._session.execute(query)]

    def near_targets(self, until: str) -> Sequence[DueMatter]:
        row = PromotionPlanRow
        query = select(row.number, row.title, row.target_on, row.answerable)
        is_near = (row.state == PlanState.IN_FORCE.value, row.target_on != "", row.target_on <= until)
        return [DueMatter(*found) for found in self._session.execute(query.where(*is_near).order_by(row.number))]

    def unassigned(self, before: str) -> Sequence[Unassigned]:
        row = WantedProblemRow
        query = select(row.number, row.text, row.asked_at)
        query = query.where(row.state.in_(UNREAD_OR_OPEN), row.asked_at < before).order_by(row.number)
        return [Unassigned(*found) for found in self._session.execute(query)]
