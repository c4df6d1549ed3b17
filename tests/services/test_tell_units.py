"""What a unit is told of its plans, adoptions and matters under supervision: by whom, in which words, once. Made up."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kb.domain.adoption import Adoption, AdoptionStage, Manner
from kb.domain.promotion_plan import PlanState, PromotionPlan
from kb.domain.supervision import SupervisionKind
from kb.domain.taxonomy import Unit
from kb.services.confirm_adoption import AdoptionConfirming
from kb.services.promote_mechanism import PromotionPlanning
from kb.services.supervise import Supervising
from tests.made_up import REFERENCE
from tests.services.memory_ledger import (
    ADOPTER,
    COLLEAGUE,
    CONFIRMER,
    OTHER,
    OTHER_VILLAGE,
    SCHOOL,
    STEWARD,
    UNITS,
    VILLAGE,
    MemoryAdoptions,
    MemoryMessages,
    MemoryPlans,
    MemorySupervisions,
    MemoryTrail,
    memory_telling,
)

CLOCK = {"now": lambda: datetime(2026, 11, 26, tzinfo=UTC), "today": lambda: date(2026, 11, 26)}
PLAN = PromotionPlan(
    1, "pair-up", "", "虚构的计划", (VILLAGE, SCHOOL), (), (), (), (), (), "2026-01-01", "2026-12-31", "虚构科", PlanState.DRAFT
)  # fmt: skip
LANDED = Adoption(0, VILLAGE, "pair-up", "000000-2020-01", 0, Manner.OWN, AdoptionStage.LANDED, landed_on="2026-09-01")
REGISTER = {unit: Unit(unit, "110113", "村") for unit in (VILLAGE, SCHOOL, OTHER_VILLAGE)}
REFERENCES = REFERENCE.references
KNOWN = replace(REFERENCE, references=replace(REFERENCES, taxonomy=replace(REFERENCES.taxonomy, units=REGISTER)))


class Desk:
    """The services that tell, on one ledger in memory."""

    def __init__(self) -> None:
        self.messages, self.plans, self.adoptions = MemoryMessages(), MemoryPlans(), MemoryAdoptions()
        self.matters, trail, self.telling = MemorySupervisions(), MemoryTrail(), memory_telling(self.messages)
        self.planning = PromotionPlanning(self.plans, self.adoptions, trail, KNOWN, self.telling, **CLOCK)
        self.confirming = AdoptionConfirming(self.adoptions, trail, lambda _: UNITS, self.telling, **CLOCK)
        self.supervising = Supervising(
            self.matters, self.plans, self.adoptions, trail, REFERENCE, self.telling, **CLOCK
        )

    def supervise(self, kind: SupervisionKind, *, plan: int = 0, adoption: int = 0, by: str = "虚构科室") -> int:
        return self.supervising.start(STEWARD, kind, "虚构的事", by, "2026-12-20", plan=plan, adoption=adoption).number

    def told(self) -> list[tuple[int, str, str]]:
        """Account, text and address of what was given since it was last asked."""
        given = [(account, text, address) for account, _, text, address in self.messages.given[self._seen :]]
        self._seen = len(self.messages.given)
        return given

    _seen = 0


@pytest.fixture
def desk() -> Desk:
    return Desk()


def to(actors: tuple[int, ...], text: str, address: str) -> list[tuple[int, str, str]]:
    return [(account, text, address) for account in actors]


def test_the_units_of_a_plan_are_told_when_it_is_released_and_those_named_later_then(desk: Desk) -> None:
    desk.plans.add(PLAN)
    assert desk.told() == []
    desk.planning.move(STEWARD, 1, 1, PlanState.IN_FORCE)
    words = "推广计划“虚构的计划”已推出，你单位在内，2026年12月31日前完成。请打开看必须照做的，采用后填报。"
    assert desk.told() == to((ADOPTER.number, COLLEAGUE.number, CONFIRMER.number), words, "/plans/1")
    wider = replace(desk.plans.rows[1], units=(VILLAGE, SCHOOL, OTHER_VILLAGE))
    desk.telling.released(STEWARD, wider, wider.units)
    assert desk.told() == to((OTHER.number,), words, "/plans/1")
    desk.planning.move(STEWARD, 1, 2, PlanState.ENDED)
    assert desk.told() == []


RELEASED = "推广计划“虚构的计划”已推出，你单位在内，2026年12月31日前完成。请打开看必须照做的，采用后填报。"


def changed(what: str, day: str = "12月31日") -> str:
    return f"推广计划“虚构的计划”改了{what}，你单位在内，2026年{day}前完成。请打开看必须照做的，按现在的办。"


def test_those_whose_task_changed_are_told_again_each_time_and_nobody_else(desk: Desk) -> None:
    all_three = (ADOPTER.number, COLLEAGUE.number, CONFIRMER.number)

    def save(**new: object) -> list[tuple[int, str, str]]:
        desk.planning.save(STEWARD, replace(desk.plans.rows[1], **new))  # type: ignore[arg-type]
        return desk.told()

    desk.plans.add(PLAN)
    assert save(must_follow=("先结对",)) == []  # a draft is nobody's task yet
    desk.planning.move(STEWARD, 1, 2, PlanState.IN_FORCE)
    assert desk.told() == to(all_three, RELEASED, "/plans/1")
    assert save(answerable="虚构二科") == save() == []
    assert save(must_follow=("先结对", "逐月到场")) == to(all_three, changed("必须照做"), "/plans/1")
    assert save(must_follow=("先结对",)) == to(all_three, changed("必须照做"), "/plans/1")
    assert save(units=(VILLAGE, SCHOOL, OTHER_VILLAGE)) == to((OTHER.number,), RELEASED, "/plans/1")
    later = save(units=(VILLAGE, SCHOOL), target_on="2026-12-01")
    assert later == to(all_three, changed("单位、完成日期", "12月1日"), "/plans/1")
    again = save(units=(VILLAGE, SCHOOL, OTHER_VILLAGE))  # who was left out while it changed is told what it is now
    assert again == to((OTHER.number,), changed("单位", "12月1日"), "/plans/1")
    desk.planning.move(STEWARD, 1, desk.plans.rows[1].version, PlanState.WITHDRAWN, "虚构的原因")
    assert desk.told() == []


def test_who_is_named_and_told_by_one_change_is_told_once(desk: Desk) -> None:
    desk.plans.add(PLAN)
    desk.planning.move(STEWARD, 1, 1, PlanState.IN_FORCE)
    desk.told()
    wider = replace(desk.plans.rows[1], units=(VILLAGE, OTHER_VILLAGE), target_on="2026-12-01")
    desk.planning.save(STEWARD, wider)
    assert desk.told() == [
        (OTHER.number, RELEASED.replace("12月31日", "12月1日"), "/plans/1"),
        *to((ADOPTER.number, COLLEAGUE.number), changed("单位、完成日期", "12月1日"), "/plans/1"),
    ]


def test_the_adopter_is_told_of_each_confirmation_and_of_its_withdrawal(desk: Desk) -> None:
    number = desk.adoptions.add(LANDED).number
    both = (ADOPTER.number, COLLEAGUE.number)
    for version in (1, 3):
        desk.confirming.confirm(CONFIRMER, number, version, "看过")
        assert desk.told() == to(
            both, f"你单位采用“干部与支部结对”，{SCHOOL}已确认落地。可以由编辑起草成案例。", "/adoptions/1"
        )
        desk.confirming.withdraw(CONFIRMER, number, version + 1, "台账对不上")
        words = f"你单位采用“干部与支部结对”，{SCHOOL}撤回了确认：“台账对不上”。请核对成效数据和凭据。"
        assert desk.told() == to(both, words, "/adoptions/1")


def test_a_unit_is_told_of_a_matter_and_pressed_only_at_the_steps_that_press(desk: Desk) -> None:
    adoption = desk.adoptions.add(LANDED).number
    matter = desk.supervise(SupervisionKind.INSPECTION, adoption=adoption)
    both = (ADOPTER.number, COLLEAGUE.number)
    assert desk.told() == to(both, "督查立项：“虚构的事”，第一步期限 2026年12月20日。请按期报进展。", "/adoptions/1")
    pressed = []
    for version in range(1, 6):
        desk.supervising.do_step(STEWARD, matter, version, done_on="2026-11-25", note="虚构的说明")
        pressed.append(desk.told())
    words = [
        f"{step}：“虚构的事”，期限 2026年12月20日。请尽快报进展，或者说明情况。" for step in ("台账督办", "督查催报")
    ]
    assert pressed == [[], to(both, words[0], "/adoptions/1"), [], to(both, words[1], "/adoptions/1"), []]


def test_of_a_plan_those_nobody_confirmed_are_told_and_who_answers_for_it(desk: Desk) -> None:
    desk.plans.add(replace(PLAN, state=PlanState.IN_FORCE))
    desk.adoptions.add(replace(LANDED, confirmed_unit=SCHOOL))
    desk.supervise(SupervisionKind.SUPERVISION, plan=1, by=OTHER_VILLAGE)
    assert desk.told() == to(
        (OTHER.number, CONFIRMER.number), "督导立项：“虚构的事”，第一步期限 2026年12月20日。请按期报进展。", "/plans/1"
    )


def test_of_a_draft_that_units_may_not_open_nobody_is_told(desk: Desk) -> None:
    desk.plans.add(PLAN)
    desk.supervise(SupervisionKind.SUPERVISION, plan=1, by=OTHER_VILLAGE)
    assert desk.told() == []


def test_of_a_draft_of_an_adoption_its_unit_alone_is_told(desk: Desk) -> None:
    draft = desk.adoptions.add(replace(LANDED, stage=AdoptionStage.DRAFT, landed_on="")).number
    desk.supervise(SupervisionKind.SUPERVISION, adoption=draft, by=OTHER_VILLAGE)
    assert {account for account, *_ in desk.told()} == {ADOPTER.number, COLLEAGUE.number}
