"""采用: a unit takes a mechanism up and reports how far it has come; nothing it reported is lost."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from kb.domain.accounts import Actor, Right, require
from kb.domain.adoption import Adoption, AdoptionReport, AdoptionStage, Manner, apply_report
from kb.domain.audited import Deed, Outcome
from kb.domain.drafting import tidy
from kb.domain.kinds import Row
from kb.domain.promotion_plan import PlanState, PromotionPlan
from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound
from kb.services.adoptions import (
    AdoptionEvent,
    Adoptions,
    EventKind,
    LedgerFilter,
    Trail,
    drafts_seen_by,
    may_edit,
    may_see,
)
from kb.services.ports import Catalogue, ReferenceData

RESULT_COLUMNS = ("measure", "before", "before_on", "now", "now_on", "counted_in", "note")
"""Columns of a case's result rows a unit fills; where a figure stands and who verified it come later."""


MOST_OF_UNIT = 500


class AdoptionWish(NamedTuple):
    """What a unit wants to take up: `case_id` "" for no case in particular, `plan` 0 for of its own accord."""

    mechanism: str
    case_id: str = ""
    plan: int = 0


class AdoptionConflict(Conflict):
    """Somebody else of the unit reported meanwhile; nothing was kept, `theirs` is what stands now."""

    def __init__(self, theirs: Adoption) -> None:
        super().__init__(
            "本单位有人刚改过这一条，没有存。", advice="对照现在的内容，把要改的再填一次；你填的还在下面。"
        )
        self.theirs = theirs


class AdoptionLedger:
    """What a unit's people do with its ledger, and what others read of it. The caller commits."""

    def __init__(
        self, adoptions: Adoptions, trail: Trail, *, now: Callable[[], datetime], today: Callable[[], date]
    ) -> None:
        self._adoptions = adoptions
        self._trail = trail
        self._now = now
        self._today = today

    def start(
        self, actor: Actor, wish: AdoptionWish, report: AdoptionReport, source_units: Collection[str]
    ) -> Adoption:
        """A new one of the actor's unit, as a draft or reported at once; what is wished was checked by `check_wish`."""
        require(actor, Right.ADOPT)
        if not actor.unit:
            raise Forbidden("你的账号没有写单位，不能填报采用。", advice="请管理员补上单位。")
        if actor.unit in source_units:
            raise AskedWrongly("这是本单位自己的案例，不用采用。", advice="有新的成效，到“修订记录”里修订案例。")
        self._check_none_running(actor.unit, wish.mechanism)
        at = self._at()
        empty = Adoption(
            number=0,
            unit=actor.unit,
            mechanism=wish.mechanism,
            case_id=wish.case_id,
            plan=wish.plan,
            manner=Manner.ASSIGNED if wish.plan else Manner.OWN,
            stage=AdoptionStage.DRAFT,
            news_at=at,
            made_at=at,
            made_by=actor.number,
        )
        kept = self._adoptions.add(apply_report(empty, report, self._today()))
        told = f"{kept.manner.label}采用，{kept.stage.label}" + (f"（{report.on}）" if report.stage else "")
        self._note(actor, Deed.ADOPTION_RECORDED, EventKind.RECORDED, kept, told)
        return kept

    def open(self, actor: Actor, number: int) -> Adoption:
        """Raises NotFound also for what the actor may not know of; a guest has to sign in first, whatever is there."""
        require(actor, Right.READ_INTERNAL)
        found = self._adoptions.find(number)
        if found is None or not may_see(actor, found):
            raise NotFound("台账里没有这一条。", advice="从“我的推广”或“推广台账”里打开。")
        return found

    def open_to_change(self, actor: Actor, number: int) -> Adoption:
        """Raises Forbidden for another unit's."""
        found = self.open(actor, number)
        if not may_edit(actor, found):
            raise Forbidden("这是别的单位的采用，你不能改。", advice="由采用单位自己填报。")
        return found

    def report(self, actor: Actor, number: int, version: int, report: AdoptionReport) -> Adoption:
        """The stage it has come to, or what there is to add; raises AdoptionConflict when `version` is not the newest."""
        current = self.open_to_change(actor, number)
        if current.version != version:
            raise AdoptionConflict(current)
        told = apply_report(current, report, self._today())
        if told == current:
            return current
        if current.stage is AdoptionStage.STOPPED is not told.stage:
            self._check_none_running(current.unit, current.mechanism)
        kept = self._keep(replace(told, news_at=self._at()), current)
        words = (
            f"{current.stage.label} → {kept.stage.label}（{report.on}）"
            if report.stage
            else _what_changed(current, told)
        )
        kind = EventKind.REPORTED if report.stage else EventKind.AMENDED
        self._note(actor, Deed.ADOPTION_REPORTED, kind, kept, words, before=current)
        return kept

    def take_back(self, actor: Actor, number: int, version: int, reason: str) -> Adoption:
        """The stage before the last report again, by a further entry; raises AskedWrongly once it was confirmed."""
        current = self.open_to_change(actor, number)
        if current.version != version:
            raise AdoptionConflict(current)
        if not reason.strip():
            raise AskedWrongly("还没有写为什么撤回。", advice="写一句，比如“日期报错了”。")
        if current.is_confirmed and current.stage is AdoptionStage.LANDED:
            raise AskedWrongly("已经确认过的落地不能撤回。", advice="先请确认的单位撤回确认；不再做了就报“停用”。")
        before = self._last_step(current)
        kept = self._keep(
            replace(
                current,
                stage=before.stage,
                intended_on=before.intended_on,
                trial_on=before.trial_on,
                landed_on=before.landed_on,
                stopped_on=before.stopped_on,
                stop_reason=before.stop_reason,
                news_at=self._at(),
            ),
            current,
        )
        words = f"{current.stage.label} → {kept.stage.label}：{reason.strip()[:300]}"
        self._note(actor, Deed.ADOPTION_REPORTED, EventKind.TAKEN_BACK, kept, words, before=current)
        return kept

    def can_take_back(self, actor: Actor, adoption: Adoption) -> bool:
        """Whether its last report may be taken back by this actor."""
        is_fixed = adoption.is_confirmed and adoption.stage is AdoptionStage.LANDED
        if is_fixed or adoption.is_draft or not may_edit(actor, adoption):
            return False
        return bool(_steps_taken(self._adoptions.history(adoption.number)))

    def history(self, actor: Actor, number: int) -> Sequence[AdoptionEvent]:
        return self._adoptions.history(self.open(actor, number).number)

    def of_unit(self, actor: Actor) -> Sequence[Adoption]:
        """The actor's own unit's, drafts first, then last news first."""
        require(actor, Right.ADOPT)
        if not actor.unit:
            return ()
        found = self._adoptions.listed(LedgerFilter(unit=actor.unit, with_drafts_of=actor.unit), limit=MOST_OF_UNIT)
        return tuple(sorted(found, key=lambda one: not one.is_draft))

    def page(self, actor: Actor, wanted: LedgerFilter, *, offset: int, limit: int) -> tuple[Sequence[Adoption], int]:
        """A page of the whole ledger as far as the actor may see it, and how many there are."""
        require(actor, Right.READ_INTERNAL)
        seen = wanted._replace(with_drafts_of=drafts_seen_by(actor))
        return self._adoptions.listed(seen, offset=offset, limit=limit), self._adoptions.count(seen)

    def units(self, actor: Actor) -> Sequence[str]:
        require(actor, Right.READ_INTERNAL)
        return self._adoptions.units()

    def _check_none_running(self, unit: str, mechanism: str) -> None:
        running = self._adoptions.running(unit, mechanism)
        if running:
            raise AskedWrongly(f"本单位已经在采用这个机制（第 {running.number} 号）。", advice="到“我的推广”里接着报。")

    def _last_step(self, current: Adoption) -> Adoption:
        taken = _steps_taken(self._adoptions.history(current.number))
        if not taken:
            raise AskedWrongly("没有可以撤回的一次。", advice="写错的内容直接改。")
        return taken[-1]

    def _keep(self, changed: Adoption, current: Adoption) -> Adoption:
        if not self._adoptions.change(changed):
            raise AdoptionConflict(self._adoptions.find(current.number) or current)
        return replace(changed, version=changed.version + 1)

    def _note(
        self, actor: Actor, deed: Deed, kind: EventKind, kept: Adoption, words: str, before: Adoption | None = None
    ) -> None:
        self._adoptions.note(AdoptionEvent(0, kept.number, self._at(), actor.number, kind, words, before))
        self._trail.note(actor, deed, f"adoption:{kept.number}", Outcome.DONE, f"{kept.mechanism}：{words}")

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")


def _steps_taken(history: Sequence[AdoptionEvent]) -> list[Adoption]:
    """What it was before each report that still counts, the oldest first."""
    taken: list[Adoption] = []
    for event in history:
        if event.kind is EventKind.REPORTED and event.before:
            taken.append(event.before)
        elif event.kind is EventKind.TAKEN_BACK and taken:
            taken.pop()
    return taken


def _what_changed(before: Adoption, after: Adoption) -> str:
    labels = {
        "changes": "因地制宜改了什么",
        "results": "成效数据",
        "proof": "凭据",
        "stop_reason": "停用原因",
        "judged": "条件判断",
    }
    changed = [label for key, label in labels.items() if getattr(before, key) != getattr(after, key)]
    return f"改了{'、'.join(changed)}"


def check_wish(wish: AdoptionWish, catalogue: Catalogue, plan: PromotionPlan | None = None) -> None:
    """Raises NotFound for a mechanism or case that is not there, AskedWrongly for a lesson or another mechanism's case."""
    if catalogue.find_mechanism(wish.mechanism) is None:
        raise NotFound("没有找到这个机制。", advice="从“机制”列表里选一个。")
    if wish.case_id:
        entry = catalogue.find_case(wish.case_id)
        if entry is None:
            raise NotFound("没有找到这个案例。", advice="核对编号，或到“查案例”里检索。")
        if entry.case.kind == "lesson":
            raise AskedWrongly("教训只供对照，不能采用。", advice="到机制页选一个经验案例。")
        if entry.case.mechanism != wish.mechanism:
            raise AskedWrongly("这个案例不是由这个机制来的。", advice="在案例页按“采用这个机制”。")
    if wish.plan and (plan is None or plan.state is not PlanState.IN_FORCE or plan.mechanism != wish.mechanism):
        raise AskedWrongly("这个推广计划不在推广中，或不是这个机制的。", advice="选“自主”，或从推广计划里选一个。")


def tidy_results(rows: Any, reference: ReferenceData) -> tuple[Row, ...]:
    """Result rows as a form gives them, without blank rows, blank cells and columns a unit does not fill."""
    tidied: Mapping[str, Any] = tidy(reference.case_template, {"results": rows})
    kept = tidied.get("results", [])
    rows_kept = kept if isinstance(kept, list) else []
    return tuple({key: row[key] for key in RESULT_COLUMNS if key in row} for row in rows_kept if isinstance(row, dict))
