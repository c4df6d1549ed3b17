"""A promotion plan as a document: what no source says is told once for a list, dates as Chinese reads them. All made up."""

from dataclasses import replace

from kb.domain.office_document import CheckBoxes, Facts, Heading, ItemList, Text
from kb.domain.promotion_plan import PlanState
from kb.services.lay_out_plan import lay_out_plan
from kb.services.promote_mechanism import PlanProgress, draft_plan
from tests.made_up import FILES, REFERENCE
from tests.services.memory_shelf import build_catalogue

CATALOGUE = build_catalogue(REFERENCE, FILES)
ENTRY = CATALOGUE.find_mechanism("pair-up")
assert ENTRY is not None
MECHANISM = replace(
    ENTRY.mechanism, must_follow=("逐月到场", "编者判断：先定人", "编者判断：再定事"), preconditions=(), steps=()
)
PROGRESS = PlanProgress((), {}, 0, None, is_late=False)


def test_marks_are_not_taken_over_into_a_plan_and_are_known_again_on_paper() -> None:
    plan = replace(draft_plan("pair-up", "", CATALOGUE), must_follow=("逐月到场", "先定人", "再定事", "自己加的一条"))
    blocks = lay_out_plan(plan, PROGRESS, MECHANISM, REFERENCE).blocks
    place = blocks.index(Heading("一、必须照做"))
    once = Text("以下来源没有写明，是编者判断：")
    assert blocks[place + 1 : place + 4] == (
        ItemList(("逐月到场", "自己加的一条"), is_numbered=True),
        once,
        ItemList(("先定人", "再定事"), is_numbered=True, first=3),
    )
    place = blocks.index(Heading("四、自查清单"))
    assert blocks[place + 1 : place + 4] == (CheckBoxes(("逐月到场",)), once, CheckBoxes(("先定人", "再定事")))


def test_a_term_is_told_in_words_and_the_mechanism_by_its_name() -> None:
    plan = replace(draft_plan("pair-up", "", CATALOGUE), target_on="2027-06-30", state=PlanState.IN_FORCE)
    document = lay_out_plan(plan, PROGRESS, MECHANISM, REFERENCE)
    facts = document.blocks[0]
    assert isinstance(facts, Facts)
    assert dict(facts.rows)["期限"] == "推出之日至2027年6月30日"
    assert document.notes == (f"依据党建创新案例库中的机制“{MECHANISM.title}”拟订。",)
    assert document.title == f"“{MECHANISM.title}”推广计划"
    undated = lay_out_plan(replace(plan, starts_on="2026-12-01", target_on=""), PROGRESS, MECHANISM, REFERENCE).blocks[
        0
    ]
    assert isinstance(undated, Facts)
    assert dict(undated.rows)["期限"] == "2026年12月1日起，完成日期没有定"
