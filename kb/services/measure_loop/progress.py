"""推广进度: of the units a plan is for, how many have come how far, and how that stands against its days."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kb.domain.partial_date import find_date
from kb.services.measure_loop.counts import PlanFact
from kb.services.measure_loop.loop import Loop

STAGES = {
    "confirmed": "确认落地", "landed": "落地待确认", "trial": "试行", "intended": "拟学", "stopped": "停用", "none": "没有动",
}  # fmt: skip
"""How far a unit of the scope has come, the furthest first."""
DONE, ON_TIME, BEHIND, OVERDUE, UNDATED = "完成", "按期", "落后", "逾期", "没有日期"


class PlanProgress(NamedTuple):
    """`reached`: units of the scope by stage, all of STAGES; `elapsed`: the part of its days gone, 0 to 1, None without days.

    `still`: units that have reported nothing, for who may be told units.
    """

    plan: PlanFact
    scope: int
    reached: Mapping[str, int]
    elapsed: float | None
    standing: str
    still: Sequence[str]


class Progress(NamedTuple):
    """`unscoped`: plans that name neither a unit nor a level, whose progress cannot be measured."""

    plans: Sequence[PlanProgress]
    unscoped: Sequence[PlanFact]


def measure_progress(loop: Loop) -> Progress:
    """Plans in force first, each by target day. A unit counts with what it did with the plan's mechanism, told to or not."""
    hidden = set(loop.hidden)
    mechanisms = {one.id for one in loop.mechanisms}
    plans = [one for one in loop.ledger.plans() if one.mechanism in mechanisms and one.case_id not in hidden]
    plans = [plan for plan in plans if _is_asked_for(plan, loop)]
    scopes = {plan.number: scope_of(plan, loop.unit_levels) for plan in plans}
    stages = loop.ledger.stages({plan.mechanism for plan in plans}, hidden)
    measured = []
    for plan in plans:
        units = [unit for unit in scopes[plan.number] if _is_in_slice(unit, loop)]
        if units:
            measured.append(_measure(plan, units, stages, loop))
    return Progress(measured, [plan for plan in plans if not scopes[plan.number]])


def scope_of(plan: PlanFact, unit_levels: Mapping[str, str]) -> list[str]:
    """As `kb.domain.promotion_plan.units_of_scope`: the units it names, then those at its levels; fields pick no unit."""
    return list(dict.fromkeys((*plan.units, *(unit for unit, level in unit_levels.items() if level in plan.levels))))


def _is_asked_for(plan: PlanFact, loop: Loop) -> bool:
    """Whether it runs in the slice's year and is for its field."""
    year, field = loop.slice.year, loop.slice.field
    in_year = not year or (plan.starts_on or plan.target_on)[:4] <= year <= (plan.target_on or plan.starts_on)[:4]
    return in_year and (not field or not plan.fields or field in plan.fields)


def _is_in_slice(unit: str, loop: Loop) -> bool:
    level = loop.slice.level
    return loop.slice.unit in ("", unit) and (not level or loop.unit_levels.get(unit) == level)


def _measure(plan: PlanFact, units: Collection[str], stages: Mapping[tuple[str, str], str], loop: Loop) -> PlanProgress:
    counted = Counter(stages.get((plan.mechanism, unit), "none") for unit in units)
    elapsed = elapsed_part(plan, loop.today)
    still = [unit for unit in units if (plan.mechanism, unit) not in stages] if loop.names_units else []
    reached = {stage: counted[stage] for stage in STAGES}
    return PlanProgress(plan, len(units), reached, elapsed, _standing(len(units), reached, elapsed), still)


def elapsed_part(plan: PlanFact, today: date) -> float | None:
    """The part of the time from first to target day that is gone; None where a day is missing or no day."""
    start, target = find_date(plan.starts_on), find_date(plan.target_on)
    if start is None or target is None:
        return None
    days = (target.earliest - start.earliest).days
    gone = (today - start.earliest).days
    return min(max(gone / days, 0.0), 1.0) if days > 0 else float(today >= target.earliest)


def _standing(scope: int, reached: Mapping[str, int], elapsed: float | None) -> str:
    """By landings, confirmed or not: their part of the scope against the part of the days gone."""
    landed = reached["confirmed"] + reached["landed"]
    if landed == scope:
        return DONE
    if elapsed is None:
        return UNDATED
    if elapsed >= 1:
        return OVERDUE
    return ON_TIME if landed >= elapsed * scope else BEHIND
