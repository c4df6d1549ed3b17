"""公文版式: a promotion plan with its check list and its progress."""

from collections.abc import Sequence

from kb.domain.adoption import AdoptionStage
from kb.domain.inferred import boxes, listed, marked_as
from kb.domain.mechanism import Mechanism
from kb.domain.office_document import Block, DataTable, Facts, OfficeDocument, Text, section
from kb.domain.partial_date import date_in_words
from kb.domain.promotion_plan import PromotionPlan
from kb.domain.template import UNSTATED
from kb.services.ports import ReferenceData
from kb.services.promote_mechanism import PlanProgress, UnitProgress

NOTHING = "没有写。"


def lay_out_plan(
    plan: PromotionPlan, progress: PlanProgress, mechanism: Mechanism, reference: ReferenceData
) -> OfficeDocument:
    """The plan in the order of its page; the check list is what the mechanism asks for."""
    template = reference.case_template
    levels = "、".join(template["level"].label_of(one) for one in plan.levels)
    fields = "、".join(template["field"].label_of(one) for one in plan.fields)
    facts = Facts(
        (
            ("机制", mechanism.title),
            ("范围", "；".join(part for part in (levels, fields, "、".join(plan.units)) if part) or NOTHING),
            ("期限", _term(plan)),
            ("由谁负责", plan.answerable or NOTHING),
            ("状态", plan.state.label),
        )
    )
    return OfficeDocument(
        title=plan.title,
        blocks=(
            facts,
            *section("一、必须照做", _listed(plan.must_follow, mechanism.must_follow)),
            *section("二、可以调整", _listed(plan.may_adapt, mechanism.may_adapt)),
            *section("三、启动包", _listed(plan.start_kit, mechanism.start_kit)),
            *section("四、自查清单", boxes(_to_check(mechanism))),
            *section("五、进展", _progress(progress)),
        ),
        notes=(f"依据党建创新案例库中的机制“{mechanism.title}”拟订。",),
    )


def _term(plan: PromotionPlan) -> str:
    start = date_in_words(plan.starts_on) or "推出之日"
    return f"{start}至{date_in_words(plan.target_on)}" if plan.target_on else f"{start}起，完成日期没有定"


def _listed(lines: Sequence[str], of_mechanism: Sequence[str]) -> Sequence[Block]:
    return listed(marked_as(lines, of_mechanism)) or [Text(NOTHING)]


def _to_check(mechanism: Mechanism) -> tuple[str, ...]:
    steps = [row.get("action", "") for row in mechanism.steps]
    texts = (*mechanism.preconditions, *mechanism.must_follow, *steps)
    return tuple(dict.fromkeys(text for text in texts if text not in ("", UNSTATED)))


def _progress(progress: PlanProgress) -> list[Block]:
    if not progress.units:
        return [Text("还没有定推广到哪些单位，也没有单位采用。")]
    rows = tuple((unit.unit, _stage(unit), "是" if unit.is_confirmed else "—") for unit in progress.units)
    return [
        Text(f"应采用 {progress.scope} 个单位，经确认落地 {progress.confirmed} 个。"),
        DataTable("各单位到了哪一步", ("单位", "阶段", "经确认"), rows),
    ]


def _stage(unit: UnitProgress) -> str:
    label = unit.stage.label if unit.stage else "还没有报"
    return label if unit.is_of_scope or unit.stage is AdoptionStage.STOPPED else f"{label}（范围以外）"
