"""纳入 → 推广 → 试行 → 落地 → 确认: how many cases and mechanisms came how far, and the adoptions of the slice."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from kb.services.measure_loop.counts import AdoptionSlice, PlanFact, Reached
from kb.services.measure_loop.loop import Loop

EXPERIENCE = "experience"
"""The kind of case that can be promoted; a 教训 never is."""
STEPS = {
    "included": "纳入", "formed": "形成机制", "promoted": "推广", "trial": "试行", "landed": "落地", "confirmed": "确认落地",
}  # fmt: skip


class Steps(NamedTuple):
    """Each number is a part of the one before it. `promoted`: a plan was in force, or a unit has reported."""

    included: int = 0
    formed: int = 0
    promoted: int = 0
    trial: int = 0
    landed: int = 0
    confirmed: int = 0


class Funnel(NamedTuple):
    """Cases (经验) and mechanisms of the slice, whoever took them up; adoptions are those of the slice's own units and year."""

    cases: Steps
    mechanisms: Steps
    adoptions: Reached


def measure_funnel(loop: Loop) -> Funnel:
    """A case is taken up by an adoption that names it, and promoted besides by a plan for its mechanism that names no case."""
    everything = AdoptionSlice([one.id for one in loop.mechanisms], loop.hidden)
    reached = loop.ledger.adoptions(everything, ("mechanism", "case"))
    plans = [plan for plan in loop.ledger.plans() if plan.case_id not in set(everything.hidden)]
    mechanisms = {one.id for one in loop.mechanisms if loop.fits(one)}
    adoptions = loop.ledger.adoptions(loop.adoption_slice, ())
    return Funnel(
        cases=_of_cases(loop, reached, plans),
        mechanisms=_of_mechanisms(mechanisms, reached, plans),
        adoptions=adoptions.get((), Reached()),
    )


def _of_mechanisms(
    mechanisms: Collection[str], reached: Mapping[tuple[str, ...], Reached], plans: Sequence[PlanFact]
) -> Steps:
    summed: dict[str, Reached] = defaultdict(Reached)
    for (mechanism, _), number in reached.items():
        summed[mechanism] = summed[mechanism].plus(number)
    planned = {plan.mechanism for plan in plans}
    return _steps(len(mechanisms), [(summed[one], one in planned) for one in mechanisms])


def _of_cases(loop: Loop, reached: Mapping[tuple[str, ...], Reached], plans: Sequence[PlanFact]) -> Steps:
    cases = [
        (case, mechanism)
        for (case, mechanism, kind), _ in loop.count_cases("case", "mechanism", "kind").items()
        if kind == EXPERIENCE
    ]
    named = {(plan.mechanism, plan.case_id) for plan in plans}
    found = []
    for case, mechanism in cases:
        if mechanism in loop.titles:
            own = reached.get((mechanism, case), Reached())
            found.append((own, (mechanism, case) in named or (mechanism, "") in named))
    return _steps(len(cases), found)


def _steps(included: int, found: Sequence[tuple[Reached, bool]]) -> Steps:
    return Steps(
        included=included,
        formed=len(found),
        promoted=sum(1 for reached, is_planned in found if is_planned or reached.reported),
        trial=sum(1 for reached, _ in found if reached.trial),
        landed=sum(1 for reached, _ in found if reached.landed),
        confirmed=sum(1 for reached, _ in found if reached.confirmed),
    )
