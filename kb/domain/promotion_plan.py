"""Promotion plan (推广计划): who is to take up an included mechanism, by when, and who answers for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from kb.domain.partial_date import find_date
from kb.domain.taxonomy import Unit
from kb.errors import AskedWrongly

LONGEST_TITLE, LONGEST_LINE = 60, 300
MOST_LINES = 40
"""Lines of one of its lists."""


class PlanState(Enum):
    """A plan counts while it is in force; it ends done or withdrawn."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {"draft": "拟订", "in_force": "推广中", "ended": "已结束", "withdrawn": "已撤回"}[self.value]


NEXT = {
    PlanState.DRAFT: frozenset({PlanState.IN_FORCE, PlanState.WITHDRAWN}),
    PlanState.IN_FORCE: frozenset({PlanState.ENDED, PlanState.WITHDRAWN}),
    PlanState.ENDED: frozenset[PlanState](),
    PlanState.WITHDRAWN: frozenset[PlanState](),
}


@dataclass(frozen=True)
class PromotionPlan:
    """`case_id` "" where the plan is of a mechanism alone; units, levels and fields are its scope; days are YYYY-MM-DD.

    levels and fields hold ids of the case template's choices.
    """

    number: int
    mechanism: str
    case_id: str
    title: str
    units: tuple[str, ...]
    levels: tuple[str, ...]
    fields: tuple[str, ...]
    must_follow: tuple[str, ...]
    may_adapt: tuple[str, ...]
    start_kit: tuple[str, ...]
    starts_on: str
    target_on: str
    answerable: str
    state: PlanState
    version: int = 1
    made_at: str = ""
    made_by: int = 0

    @property
    def is_draft(self) -> bool:
        return self.state is PlanState.DRAFT

    @property
    def task(self) -> tuple[object, ...]:
        """What a unit of its scope is to do, with what, and by when."""
        return self.must_follow, self.may_adapt, self.start_kit, self.starts_on, self.target_on


def move_plan(current: PlanState, wanted: PlanState) -> PlanState:
    """The state after the move; raises AskedWrongly when the order forbids it."""
    if wanted not in NEXT[current]:
        raise AskedWrongly(f"“{current.label}”的计划不能改为“{wanted.label}”。", advice="已结束、已撤回的另拟一份。")
    return wanted


def check_plan(plan: PromotionPlan, *, wanted: PlanState) -> None:
    """Raises AskedWrongly naming all that is wrong with the plan, or missing for it to be in force."""
    faults = [*_faults_of_size(plan), *_faults_of_days(plan)]
    if wanted is PlanState.IN_FORCE:
        faults += [*_missing(plan)]
    if faults:
        raise AskedWrongly("；".join(faults) + "。", advice="改好再存，填的都还在下面。")


def _faults_of_size(plan: PromotionPlan) -> Iterable[str]:
    if not plan.title or len(plan.title) > LONGEST_TITLE:
        yield f"名称要写，不超过 {LONGEST_TITLE} 字"
    if len(plan.answerable) > LONGEST_LINE:
        yield f"“由谁负责”超过 {LONGEST_LINE} 字"
    for label, lines in (("必须照做", plan.must_follow), ("可以调整", plan.may_adapt), ("启动包", plan.start_kit)):
        if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
            yield f"“{label}”至多 {MOST_LINES} 行，每行不超过 {LONGEST_LINE} 字"


def _faults_of_days(plan: PromotionPlan) -> Iterable[str]:
    days = (("开始日期", plan.starts_on), ("完成日期", plan.target_on))
    wrong = [label for label, day in days if day and (len(day) != 10 or find_date(day) is None)]
    yield from (f"“{label}”不是日历上的日期（写成 2026-11-26）" for label in wrong)
    if not wrong and plan.starts_on and plan.target_on and plan.target_on < plan.starts_on:
        yield "完成日期早于开始日期"


def _missing(plan: PromotionPlan) -> Iterable[str]:
    if not (plan.units or plan.levels):
        yield "还没有定推广到哪些单位或层级"
    if not plan.target_on:
        yield "还没有定完成日期"
    if not plan.answerable:
        yield "还没有写由谁负责"


def units_of_scope(plan: PromotionPlan, register: Iterable[Unit], level_labels: Iterable[str]) -> tuple[str, ...]:
    """The units named, then those of the register whose level is one of the plan's (in labels, as the register has it).

    The register does not know a unit's field: the plan's fields narrow nothing here.
    """
    levels = frozenset(level_labels)
    return tuple(dict.fromkeys((*plan.units, *(unit.label for unit in register if unit.level in levels))))


def is_late(plan: PromotionPlan, today: date) -> bool:
    """In force after the day it was to be done by."""
    return plan.state is PlanState.IN_FORCE and plan.target_on != "" and plan.target_on < today.isoformat()
