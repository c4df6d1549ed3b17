"""推广计划: its progress is that of its units with its mechanism; none of a case that is hidden is shown. All made up."""

from dataclasses import replace
from datetime import UTC, date, datetime

from kb.domain.adoption import Adoption, AdoptionStage, Manner
from kb.domain.promotion_plan import PlanState, PromotionPlan
from kb.services.promote_mechanism import PromotionPlanning, UnitProgress, draft_plan
from kb.services.show_promotion import read_standing, show_promotion
from tests.made_up import FILES, MECHANISM, REFERENCE
from tests.services.memory_ledger import (
    OTHER_VILLAGE,
    SCHOOL,
    VILLAGE,
    MemoryAdoptions,
    MemoryMessages,
    MemoryPlans,
    MemoryTrail,
    memory_telling,
)
from tests.services.memory_shelf import build_catalogue

PLAN = PromotionPlan(
    4, "pair-up", "", "虚构的计划", (VILLAGE, SCHOOL), (), (), (), (), (), "2026-01-01", "2026-12-31", "虚构科",
    PlanState.IN_FORCE,
)  # fmt: skip


def test_a_unit_that_was_there_before_the_plan_counts_in_it() -> None:
    adoptions = MemoryAdoptions()
    for unit, stage, plan, mechanism in (
        (VILLAGE, AdoptionStage.LANDED, 0, "pair-up"),
        (OTHER_VILLAGE, AdoptionStage.TRIAL, 4, "pair-up"),
        (SCHOOL, AdoptionStage.TRIAL, 0, "other"),
        (SCHOOL, AdoptionStage.DRAFT, 4, "pair-up"),
    ):
        confirmed = SCHOOL if stage is AdoptionStage.LANDED else ""
        adoptions.add(Adoption(0, unit, mechanism, "", plan, Manner.OWN, stage, confirmed_unit=confirmed))
    planning = PromotionPlanning(
        MemoryPlans(), adoptions, MemoryTrail(), REFERENCE, memory_telling(MemoryMessages()),
        now=lambda: datetime(2026, 11, 26, tzinfo=UTC), today=lambda: date(2026, 11, 26),
    )  # fmt: skip
    progress = planning.progress([PLAN])[PLAN.number]
    assert progress.units == (
        UnitProgress(SCHOOL, None, is_confirmed=False, is_of_scope=True),
        UnitProgress(OTHER_VILLAGE, AdoptionStage.TRIAL, is_confirmed=False, is_of_scope=False),
        UnitProgress(VILLAGE, AdoptionStage.LANDED, is_confirmed=True, is_of_scope=True),
    )
    assert (progress.counts["none"], progress.counts["landed"], progress.confirmed, progress.outside) == (1, 1, 1, 1)


def test_a_title_with_quotation_marks_of_its_own_is_quoted_once() -> None:
    named = {**FILES, "mechanisms/pair-up.md": MECHANISM.replace("干部与支部结对", "“四上四下”工作法")}
    assert draft_plan("pair-up", "", build_catalogue(REFERENCE, named)).title == "“‘四上四下’工作法”推广计划"


def test_a_plan_of_a_case_one_may_not_see_is_not_among_what_is_promoted() -> None:
    of_mechanism, of_case = PLAN, replace(PLAN, number=5, case_id="000000-2020-01")
    all_of_it = build_catalogue(REFERENCE, FILES)
    without_case = build_catalogue(REFERENCE, {"mechanisms/pair-up.md": MECHANISM})
    shown = [
        [line.plans for line in show_promotion(read_standing(MemoryAdoptions(), plans), plans, catalogue).promoted]
        for plans in ((of_mechanism, of_case), (of_case,))
        for catalogue in (all_of_it, without_case)
    ]
    assert shown == [[(of_mechanism, of_case)], [(of_mechanism,)], [(of_case,)], []]
