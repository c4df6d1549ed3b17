"""推广计划: an included mechanism is to be taken up by these units until that day; who has come how far."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.adoption import AdoptionStage
from kb.domain.audited import Deed, Outcome
from kb.domain.inferred import marked_as, plain_lines
from kb.domain.mechanism import Mechanism
from kb.domain.promotion_plan import (
    LONGEST_TITLE,
    PlanState,
    PromotionPlan,
    check_plan,
    is_late,
    move_plan,
    units_of_scope,
)
from kb.domain.template import UNSTATED
from kb.errors import AskedWrongly, Conflict, NotFound
from kb.services.adoptions import Adoptions, Trail
from kb.services.messages import quoted
from kb.services.ports import Catalogue, ReferenceData
from kb.services.tell_units import UnitTelling

MOST_LISTED = 300


class Plans(Protocol):
    """Where plans are kept, in the transaction of whoever calls."""

    def add(self, plan: PromotionPlan) -> PromotionPlan:
        """Keeps a new one and gives it its number."""
        ...

    def find(self, number: int) -> PromotionPlan | None: ...

    def change(self, plan: PromotionPlan) -> bool:
        """Keeps it as the version after `plan.version`; false when that is no longer the newest one."""
        ...

    def listed(self, states: Iterable[PlanState], *, mechanism: str = "", limit: int) -> Sequence[PromotionPlan]:
        """Those in force first, then by target day."""
        ...


class PlanConflict(Conflict):
    """Somebody else changed the plan meanwhile; nothing was kept, `theirs` is what stands now."""

    def __init__(self, theirs: PromotionPlan) -> None:
        super().__init__("有人刚改过这份计划，没有存。", advice="对照现在的内容再改一次；你填的还在下面。")
        self.theirs = theirs


class UnitProgress(NamedTuple):
    """How far one unit has come; `stage` None: nothing reported yet; `is_of_scope` false: it came by itself."""

    unit: str
    stage: AdoptionStage | None
    is_confirmed: bool
    is_of_scope: bool


class PlanProgress(NamedTuple):
    """A plan against its target day: its units, those furthest behind first.

    `counts` (how many are at each stage) and `confirmed` are of the units it was meant for.
    """

    units: tuple[UnitProgress, ...]
    counts: Mapping[str, int]
    confirmed: int
    days_left: int | None
    is_late: bool

    @property
    def scope(self) -> int:
        """Units it was meant for."""
        return sum(unit.is_of_scope for unit in self.units)

    @property
    def share(self) -> int:
        """Per cent of its scope that another unit confirmed; 0 without a scope."""
        return self.confirmed * 100 // self.scope if self.scope else 0

    @property
    def outside(self) -> int:
        """Units that came by themselves."""
        return len(self.units) - self.scope


COUNTED = ("none", "intended", "trial", "landed", "stopped")
"""Keys of `PlanProgress.counts`: nothing reported, then the stages."""


class PromotionPlanning:
    """What those who promote do with plans, and what others read of them. The caller commits."""

    def __init__(
        self,
        plans: Plans,
        adoptions: Adoptions,
        trail: Trail,
        reference: ReferenceData,
        telling: UnitTelling,
        *,
        now: Callable[[], datetime],
        today: Callable[[], date],
    ) -> None:
        self._plans = plans
        self._adoptions = adoptions
        self._trail = trail
        self._reference = reference
        self._telling = telling
        self._now = now
        self._today = today

    def start(self, actor: Actor, plan: PromotionPlan) -> PromotionPlan:
        """A new draft; what it is of was checked by `draft_plan`."""
        require(actor, Right.PROMOTE)
        self._check_units(plan)
        check_plan(plan, wanted=PlanState.DRAFT)
        fresh = replace(plan, number=0, state=PlanState.DRAFT, version=1, made_at=self._at(), made_by=actor.number)
        kept = self._plans.add(fresh)
        self._note(actor, kept, "拟订")
        return kept

    def open(self, actor: Actor, number: int) -> PromotionPlan:
        """Raises NotFound also for a draft of which only those who promote know."""
        require(actor, Right.READ_INTERNAL)
        found = self._plans.find(number)
        if found is None or (found.is_draft and not actor.may(Right.PROMOTE)):
            raise NotFound("没有这份推广计划。", advice="从“推广”里打开。")
        return found

    def save(self, actor: Actor, plan: PromotionPlan) -> PromotionPlan:
        """Its words and scope anew, on top of `plan.version`; raises PlanConflict; one that has ended stays as it is."""
        current = self._changeable(actor, plan.number, plan.version)
        if current.state not in (PlanState.DRAFT, PlanState.IN_FORCE):
            raise AskedWrongly("已结束、已撤回的计划不能再改。", advice="另拟一份。")
        kept = replace(
            plan,
            mechanism=current.mechanism,
            case_id=current.case_id,
            state=current.state,
            made_at=current.made_at,
            made_by=current.made_by,
        )
        self._check_units(kept)
        check_plan(kept, wanted=current.state)
        if kept == current:
            return current
        return self._keep(actor, kept, f"改{_what_changed(current, kept)}", before=current)

    def move(self, actor: Actor, number: int, version: int, wanted: PlanState, reason: str = "") -> PromotionPlan:
        """In force, ended or withdrawn; a plan is withdrawn for a reason."""
        current = self._changeable(actor, number, version)
        move_plan(current.state, wanted)
        check_plan(current, wanted=wanted)
        reason = reason.strip()[:300]
        if wanted is PlanState.WITHDRAWN and not reason:
            raise AskedWrongly("还没有写为什么撤回。", advice="写一句原因。")
        starts_on = (
            current.starts_on or self._today().isoformat() if wanted is PlanState.IN_FORCE else current.starts_on
        )
        moved = replace(current, state=wanted, starts_on=starts_on)
        return self._keep(actor, moved, f"{current.state.label} → {wanted.label}" + (f"：{reason}" if reason else ""))

    def listed(self, actor: Actor) -> Sequence[PromotionPlan]:
        """All that the actor may know of, those in force first."""
        require(actor, Right.READ_INTERNAL)
        states = [state for state in PlanState if state is not PlanState.DRAFT or actor.may(Right.PROMOTE)]
        return self._plans.listed(states, limit=MOST_LISTED)

    def in_force(self, mechanism: str = "") -> Sequence[PromotionPlan]:
        """Of that mechanism, or all; asked by everybody."""
        return self._plans.listed([PlanState.IN_FORCE], mechanism=mechanism, limit=MOST_LISTED)

    def progress(self, plans: Sequence[PromotionPlan]) -> Mapping[int, PlanProgress]:
        """By plan number; one question however many plans there are.

        A unit counts with what it did with the plan's mechanism, told to or not: one that was there before the plan
        cannot begin again under it.
        """
        stages = self._adoptions.stages({plan.mechanism for plan in plans})
        return {plan.number: self._progress(plan, stages.get(plan.mechanism, {})) for plan in plans}

    def _progress(self, plan: PromotionPlan, reported: Mapping[str, tuple[AdoptionStage, bool]]) -> PlanProgress:
        scope = scope_of(plan, self._reference)
        units = []
        for unit in dict.fromkeys((*scope, *reported)):
            stage, is_confirmed = reported.get(unit, (None, False))
            units.append(UnitProgress(unit, stage, is_confirmed, unit in scope))
        units.sort(
            key=lambda one: (one.is_confirmed, COUNTED.index(one.stage.value if one.stage else "none"), one.unit)
        )
        told = [unit.stage.value if unit.stage else "none" for unit in units if unit.is_of_scope]
        days = (date.fromisoformat(plan.target_on) - self._today()).days if plan.target_on else None
        return PlanProgress(
            units=tuple(units),
            counts={key: told.count(key) for key in COUNTED},
            confirmed=sum(unit.is_confirmed for unit in units if unit.is_of_scope),
            days_left=days,
            is_late=is_late(plan, self._today()),
        )

    def _check_units(self, plan: PromotionPlan) -> None:
        register = self._reference.references.taxonomy.units
        unknown = [unit for unit in plan.units if unit not in register]
        if unknown:
            raise AskedWrongly(
                f"单位名册里没有“{'”“'.join(unknown[:5])}”。",
                advice="照名册写全称；没有的先在“管理”的单位名册里登记。填的都还在下面。",
            )

    def _changeable(self, actor: Actor, number: int, version: int) -> PromotionPlan:
        require(actor, Right.PROMOTE)
        current = self.open(actor, number)
        if current.version != version:
            raise PlanConflict(current)
        return current

    def _keep(
        self, actor: Actor, plan: PromotionPlan, words: str, before: PromotionPlan | None = None
    ) -> PromotionPlan:
        """before: what its units know, where it was changed."""
        if not self._plans.change(plan):
            raise PlanConflict(self._plans.find(plan.number) or plan)
        self._note(actor, plan, words)
        if plan.state is PlanState.IN_FORCE:
            self._tell(actor, plan, before or plan)
        return replace(plan, version=plan.version + 1)

    def _tell(self, actor: Actor, plan: PromotionPlan, before: PromotionPlan) -> None:
        """A unit that was not of its scope may have been so earlier, and know of an earlier task."""
        scope = scope_of(plan, self._reference)
        known = frozenset(scope_of(before, self._reference)) if plan.task == before.task else frozenset[str]()
        changed = [unit for unit in scope if unit not in known]
        self._telling.released(actor, plan, scope, changed=changed, what=_what_changed(before, plan))

    def _note(self, actor: Actor, plan: PromotionPlan, words: str) -> None:
        self._trail.note(actor, Deed.PLAN_CHANGED, subject_of(plan.number), Outcome.DONE, f"{plan.title}：{words}")

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")


def scope_of(plan: PromotionPlan, reference: ReferenceData) -> tuple[str, ...]:
    """The units it is meant for."""
    level = reference.case_template["level"]
    register = reference.references.taxonomy.units.values()
    return units_of_scope(plan, register, [level.label_of(one) for one in plan.levels])


def subject_of(number: int) -> str:
    """What the audit trail calls a plan."""
    return f"plan:{number}"


def draft_plan(mechanism_id: str, case_id: str, catalogue: Catalogue) -> PromotionPlan:
    """A plan with what the mechanism says filled in, nothing kept yet.

    Raises NotFound for a mechanism or case that is not there, AskedWrongly for a lesson or a case of another mechanism.
    """
    entry = catalogue.find_mechanism(mechanism_id)
    if entry is None:
        raise NotFound("没有找到这个机制。", advice="从“机制”列表里选一个。")
    mechanism = entry.mechanism
    if case_id:
        found = catalogue.find_case(case_id)
        if found is None:
            raise NotFound("没有找到这个案例。", advice="核对编号，或到“查案例”里检索。")
        if found.case.kind == "lesson":
            raise AskedWrongly("教训只供对照，不能推广。", advice="选一个经验案例。")
        if found.case.mechanism != mechanism_id:
            raise AskedWrongly("这个案例不是由这个机制来的。", advice="从案例页开始。")
    return PromotionPlan(
        number=0,
        mechanism=mechanism_id,
        case_id=case_id,
        title=f"{quoted(mechanism.title, LONGEST_TITLE - 6)}推广计划",
        units=(),
        levels=(),
        fields=(),
        must_follow=_stated(mechanism.must_follow),
        may_adapt=_stated(mechanism.may_adapt),
        start_kit=_stated(mechanism.start_kit),
        starts_on="",
        target_on="",
        answerable="",
        state=PlanState.DRAFT,
    )


def _stated(lines: Sequence[str]) -> tuple[str, ...]:
    """What the mechanism says, without the marks of its editors: the plan is its office's own."""
    return plain_lines([line for line in lines if line != UNSTATED])


def marked_lines(plan: PromotionPlan, mechanism: Mechanism | None) -> dict[str, list[str]]:
    """The lists of a plan by name, each line marked that no source of the mechanism says."""
    return {
        key: marked_as(getattr(plan, key), getattr(mechanism, key) if mechanism else ())
        for key in ("must_follow", "may_adapt", "start_kit")
    }


def _what_changed(before: PromotionPlan, after: PromotionPlan) -> str:
    labels = {
        "title": "名称", "units": "单位", "levels": "层级", "fields": "领域", "must_follow": "必须照做",
        "may_adapt": "可以调整", "start_kit": "启动包", "starts_on": "开始日期", "target_on": "完成日期",
        "answerable": "由谁负责",
    }  # fmt: skip
    return "、".join(label for key, label in labels.items() if getattr(before, key) != getattr(after, key))
