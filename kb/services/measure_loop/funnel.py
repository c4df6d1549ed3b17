"""纳入 → 推广 → 试行 → 落地 → 确认: how many cases and mechanisms came how far, and the adoptions of the slice."""

from collections.abc import Collection
from typing import NamedTuple

from kb.services.measure_loop.counts import AdoptionSlice, Reached
from kb.services.measure_loop.loop import Loop

EXPERIENCE = "experience"
"""The kind of case that can be promoted; a 教训 never is."""
STEPS = {
    "included": "纳入", "formed": "形成机制", "promoted": "推广", "trial": "试行", "landed": "落地", "confirmed": "确认落地",
}  # fmt: skip


NOBODY = Reached()


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
    hidden = set(loop.hidden)
    plans = [plan for plan in loop.ledger.plans() if plan.case_id not in hidden]
    return Funnel(
        cases=_of_cases(loop, everything, {(plan.mechanism, plan.case_id) for plan in plans}),
        mechanisms=_of_mechanisms(loop, everything, {plan.mechanism for plan in plans}),
        adoptions=loop.ledger.adoptions(loop.adoption_slice, ()).get((), NOBODY),
    )


def _of_mechanisms(loop: Loop, everything: AdoptionSlice, planned: Collection[str]) -> Steps:
    reached = loop.ledger.adoptions(everything, ("mechanism",))
    found = [(reached.get((one.id,), NOBODY), one.id in planned) for one in loop.mechanisms if loop.fits(one)]
    return Steps(
        included=len(found),
        formed=len(found),
        promoted=sum(1 for one, is_planned in found if is_planned or one.reported),
        trial=sum(1 for one, _ in found if one.trial),
        landed=sum(1 for one, _ in found if one.landed),
        confirmed=sum(1 for one, _ in found if one.confirmed),
    )


def _of_cases(loop: Loop, everything: AdoptionSlice, planned: Collection[tuple[str, str]]) -> Steps:
    cases = [
        (case, mechanism)
        for case, mechanism, kind in loop.count_cases("case", "mechanism", "kind")
        if kind == EXPERIENCE
    ]
    formed = [
        (case, mechanism, (mechanism, case) in planned or (mechanism, "") in planned)
        for case, mechanism in cases
        if mechanism in loop.titles
    ]
    taken_up, trial, landed, confirmed = loop.ledger.taken_up(everything, formed)
    promoted = sum(1 for _, _, is_planned in formed if is_planned) + taken_up
    return Steps(len(cases), len(formed), promoted, trial, landed, confirmed)
