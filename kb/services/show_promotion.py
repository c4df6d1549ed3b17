"""推广状态: what is being promoted and what was taken up, computed from plans and confirmed adoptions, never typed in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kb.domain.promotion_plan import PlanState, PromotionPlan
from kb.services.adoptions import Adoptions, Uptake
from kb.services.ports import Catalogue


class Promotion(NamedTuple):
    """How one case or mechanism stands: whether a plan is in force, and its uptake."""

    is_promoted: bool = False
    uptake: Uptake = Uptake()

    @property
    def labels(self) -> tuple[str, ...]:
        """推广中 while a plan is in force, 已推广 from the first confirmed 落地; both may be so."""
        return (*(("推广中",) if self.is_promoted else ()), *(("已推广",) if self.uptake.confirmed else ()))


NOT_PROMOTED = Promotion()


@dataclass(frozen=True)
class Standing:
    """How all cases and mechanisms stand, as of one state of plans and adoptions.

    `cases` and `mechanisms` are ids with a plan in force; a plan of a mechanism alone promotes all its cases.
    """

    cases: frozenset[str] = frozenset()
    mechanisms: frozenset[str] = frozenset()
    whole_mechanisms: frozenset[str] = frozenset()
    of_mechanisms: Mapping[str, Uptake] = field(default_factory=dict)
    of_cases: Mapping[str, Uptake] = field(default_factory=dict)

    def of_mechanism(self, mechanism_id: str) -> Promotion:
        return Promotion(mechanism_id in self.mechanisms, self.of_mechanisms.get(mechanism_id, Uptake()))

    def of_case(self, case_id: str, mechanism_id: str, *, is_lesson: bool = False) -> Promotion:
        """A lesson is never promoted, whatever its mechanism is."""
        if is_lesson:
            return NOT_PROMOTED
        is_promoted = case_id in self.cases or mechanism_id in self.whole_mechanisms
        return Promotion(is_promoted, self.of_cases.get(case_id, Uptake()))

    def reproduced_by(self, case_id: str) -> int:
        """Units for which another unit confirmed that the case's way took hold with them."""
        return self.of_cases.get(case_id, Uptake()).confirmed


NOTHING_PROMOTED = Standing()


def read_standing(adoptions: Adoptions, in_force: Iterable[PromotionPlan]) -> Standing:
    """How everything stands now."""
    plans = tuple(in_force)
    of_mechanisms, of_cases = adoptions.uptake()
    return Standing(
        cases=frozenset(plan.case_id for plan in plans if plan.case_id),
        mechanisms=frozenset(plan.mechanism for plan in plans),
        whole_mechanisms=frozenset(plan.mechanism for plan in plans if not plan.case_id),
        of_mechanisms=of_mechanisms,
        of_cases=of_cases,
    )


class PromotedMechanism(NamedTuple):
    """A line of the public page: its plans in force, the last target day first, and its uptake."""

    id: str
    title: str
    plans: tuple[PromotionPlan, ...]
    promotion: Promotion


class PromotionPage(NamedTuple):
    """Mechanisms with a plan in force by title, and those taken up without one, most confirmed units first."""

    promoted: tuple[PromotedMechanism, ...]
    taken_up: tuple[PromotedMechanism, ...]


def show_promotion(standing: Standing, plans: Sequence[PromotionPlan], catalogue: Catalogue) -> PromotionPage:
    """Counts only: no unit is named. Nor is a plan of a case the reader may not see."""
    of_cases = catalogue.cases([plan.case_id for plan in plans if plan.case_id])
    seen = {"", *(entry.case.id for entry in of_cases)}
    in_force = [plan for plan in plans if plan.state is PlanState.IN_FORCE and plan.case_id in seen]
    mechanisms = {plan.mechanism for plan in in_force}
    taken_up = {name for name, uptake in standing.of_mechanisms.items() if uptake.confirmed}
    titles = catalogue.mechanism_titles(mechanisms | taken_up)

    def line(mechanism: str) -> PromotedMechanism:
        own = sorted((plan for plan in in_force if plan.mechanism == mechanism), key=lambda plan: plan.target_on)
        return PromotedMechanism(mechanism, titles[mechanism], tuple(own), standing.of_mechanism(mechanism))

    promoted = sorted((line(one) for one in mechanisms if one in titles), key=lambda row: row.title)
    others = sorted(
        (line(one) for one in taken_up if one in titles), key=lambda row: (-row.promotion.uptake.confirmed, row.title)
    )
    return PromotionPage(tuple(promoted), tuple(others))
