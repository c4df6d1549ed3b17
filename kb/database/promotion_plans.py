"""Promotion plans in the kept database."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database.kept_tables import PromotionPlanRow
from kb.domain.promotion_plan import PlanState, PromotionPlan

_LISTS = ("units", "levels", "fields", "must_follow", "may_adapt", "start_kit")


class SqlPlans:
    """Plans, on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, plan: PromotionPlan) -> PromotionPlan:
        values = _plain(plan)
        del values["number"]
        row = PromotionPlanRow(**values)
        self._session.add(row)
        self._session.flush()
        return replace(plan, number=row.number)

    def find(self, number: int) -> PromotionPlan | None:
        row = self._session.get(PromotionPlanRow, number, populate_existing=True)
        return _plan(row) if row else None

    def change(self, plan: PromotionPlan) -> bool:
        values = _plain(replace(plan, version=plan.version + 1))
        newest = (PromotionPlanRow.number == plan.number, PromotionPlanRow.version == plan.version)
        change = update(PromotionPlanRow).where(*newest).values(**values)
        done = self._session.execute(change.execution_options(synchronize_session=False))
        assert isinstance(done, CursorResult)
        return done.rowcount == 1

    def listed(self, states: Iterable[PlanState], *, mechanism: str = "", limit: int) -> Sequence[PromotionPlan]:
        query = select(PromotionPlanRow).where(PromotionPlanRow.state.in_([state.value for state in states]))
        if mechanism:
            query = query.where(PromotionPlanRow.mechanism == mechanism)
        is_in_force = case((PromotionPlanRow.state == PlanState.IN_FORCE.value, 0), else_=1)
        query = query.order_by(is_in_force, PromotionPlanRow.target_on, PromotionPlanRow.number).limit(limit)
        return [_plan(row) for row in self._session.scalars(query)]


def _plain(plan: PromotionPlan) -> dict[str, Any]:
    values = {field.name: getattr(plan, field.name) for field in fields(plan)}
    lists = {key: json.dumps(values[key], ensure_ascii=False) for key in _LISTS}
    return {**values, **lists, "state": plan.state.value}


def _plan(row: PromotionPlanRow) -> PromotionPlan:
    values = {field.name: getattr(row, field.name) for field in fields(PromotionPlan)}
    lists = {key: tuple(json.loads(values[key])) for key in _LISTS}
    return PromotionPlan(**{**values, **lists, "state": PlanState(row.state)})
