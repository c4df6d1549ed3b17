"""督导与督查: matters under supervision, the step that is next, and what was done; a step done is never changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.domain.supervision import (
    LONGEST_NOTE,
    Supervision,
    SupervisionKind,
    check_supervision,
    first_step,
    is_day,
    step_after,
)
from kb.errors import AskedWrongly, Conflict, NotFound
from kb.services.adoptions import Adoptions, Trail
from kb.services.ports import ReferenceData
from kb.services.promote_mechanism import Plans, scope_of
from kb.services.tell_units import UnitTelling

MOST_LISTED = 300
PRESSING = frozenset({"press_on", "remind"})
"""Steps at which the units are pressed: 台账督办, 督查催报."""


class StepDone(NamedTuple):
    """A step of a matter that was done: the day, what came of it, who noted it and when."""

    number: int
    supervision: int
    step: str
    done_on: str
    note: str
    at: str
    by: int
    by_name: str = ""


class Supervisions(Protocol):
    """Where matters are kept, in the transaction of whoever calls."""

    def add(self, matter: Supervision) -> Supervision:
        """Keeps a new one and gives it its number."""
        ...

    def find(self, number: int) -> Supervision | None: ...

    def change(self, matter: Supervision) -> bool:
        """Keeps it as the version after `matter.version`; false when that is no longer the newest one."""
        ...

    def note(self, done: StepDone) -> None: ...

    def steps(self, numbers: Sequence[int]) -> Mapping[int, Sequence[StepDone]]:
        """What was done of each of these matters, the oldest first."""
        ...

    def listed(self, *, is_open: bool, limit: int) -> Sequence[Supervision]:
        """Open ones by due day; closed ones last made first."""
        ...


class SupervisedMatter(NamedTuple):
    """A matter on a list: what was done of it, and whether its day is past."""

    matter: Supervision
    steps: tuple[StepDone, ...]
    is_overdue: bool


class Supervising:
    """What those who promote do about matters under supervision. The caller commits."""

    def __init__(
        self,
        matters: Supervisions,
        plans: Plans,
        adoptions: Adoptions,
        trail: Trail,
        reference: ReferenceData,
        telling: UnitTelling,
        *,
        now: Callable[[], datetime],
        today: Callable[[], date],
    ) -> None:
        self._matters = matters
        self._plans = plans
        self._adoptions = adoptions
        self._trail = trail
        self._reference = reference
        self._telling = telling
        self._now = now
        self._today = today

    def start(
        self,
        actor: Actor,
        kind: SupervisionKind,
        title: str,
        responsible: str,
        due_on: str,
        *,
        plan: int,
        adoption: int,
    ) -> Supervision:
        """A new matter of a plan or of an adoption; raises AskedWrongly for one of neither, or of both."""
        require(actor, Right.PROMOTE)
        matter = Supervision(
            number=0,
            kind=kind,
            title=title.strip(),
            plan=plan,
            adoption=adoption,
            responsible=responsible.strip(),
            due_on=due_on.strip(),
            step=first_step(kind),
            made_at=self._at(),
            made_by=actor.number,
        )
        self._check_subject(matter)
        check_supervision(matter)
        kept = self._matters.add(matter)
        self._note(actor, kept, f"{kind.label}立项，期限 {kept.due_on}，{kept.responsible}")
        self._telling.supervised(actor, kept, self._units_of(kept))
        return kept

    def open(self, actor: Actor, number: int) -> SupervisedMatter:
        """Raises NotFound."""
        found = self._get(actor, number)
        return self._with_steps([found])[0]

    def do_step(
        self, actor: Actor, number: int, version: int, *, done_on: str, note: str, next_due_on: str = ""
    ) -> Supervision:
        """Notes that the next step was done and when the one after it is due (as before, where that is left blank)."""
        current = self._get(actor, number)
        if current.version != version:
            raise Conflict("有人刚记过这件事的进展。", advice="刷新后看记到了哪一步。")
        if current.is_closed:
            raise AskedWrongly("这件事已经办结。", advice="要再督办的，另立一项。")
        self._check_step(done_on, note, next_due_on)
        step = step_after(current.kind, current.step)
        moved = replace(current, step=step, due_on=next_due_on or current.due_on)
        if not self._matters.change(moved):
            raise Conflict("有人刚记过这件事的进展。", advice="刷新后看记到了哪一步。")
        done = StepDone(0, number, current.step, done_on, note.strip(), self._at(), actor.number)
        self._matters.note(done)
        self._note(actor, current, f"{current.step_label}（{done_on}）：{done.note}")
        if current.step in PRESSING:
            pressed = replace(current, due_on=moved.due_on)
            self._telling.supervised(actor, pressed, self._units_of(current), is_urged=True)
        return replace(moved, version=moved.version + 1)

    def lists(self, actor: Actor) -> tuple[Sequence[SupervisedMatter], Sequence[SupervisedMatter]]:
        """Open matters by due day, closed ones last made first."""
        require(actor, Right.PROMOTE)
        open_ones = self._matters.listed(is_open=True, limit=MOST_LISTED)
        closed = self._matters.listed(is_open=False, limit=MOST_LISTED)
        both = self._with_steps([*open_ones, *closed])
        return both[: len(open_ones)], both[len(open_ones) :]

    def _units_of(self, matter: Supervision) -> tuple[str, ...]:
        """The adopter; of a plan those it is meant for that nobody confirmed yet; and who answers for it, if a unit does.

        Of a draft nobody who may not open it.
        """
        adoption = self._adoptions.find(matter.adoption) if matter.adoption else None
        if adoption:
            return (adoption.unit,) if adoption.is_draft else (adoption.unit, matter.responsible)
        plan = self._plans.find(matter.plan)
        if plan is None or plan.is_draft:
            return ()
        reported = self._adoptions.stages([plan.mechanism]).get(plan.mechanism, {})
        scope = scope_of(plan, self._reference)
        return (*(unit for unit in scope if not reported.get(unit, (None, False))[1]), matter.responsible)

    def _with_steps(self, matters: Sequence[Supervision]) -> list[SupervisedMatter]:
        steps = self._matters.steps([matter.number for matter in matters])
        today = self._today()
        return [
            SupervisedMatter(matter, tuple(steps.get(matter.number, ())), matter.is_overdue(today))
            for matter in matters
        ]

    def _check_subject(self, matter: Supervision) -> None:
        if bool(matter.plan) == bool(matter.adoption):
            raise AskedWrongly("没有选督办的是哪份计划或哪一条采用。", advice="从计划页或采用页立项。")
        if matter.plan and self._plans.find(matter.plan) is None:
            raise NotFound("没有这份推广计划。", advice="从计划页立项。")
        if matter.adoption and self._adoptions.find(matter.adoption) is None:
            raise NotFound("台账里没有这一条采用。", advice="从采用页立项。")

    def _check_step(self, done_on: str, note: str, next_due_on: str) -> None:
        if not is_day(done_on) or done_on > self._today().isoformat():
            raise AskedWrongly("哪一天办的要写，不能在今天以后。", advice="写成 2026-11-26。")
        if not note.strip() or len(note) > LONGEST_NOTE:
            raise AskedWrongly(f"办得怎样要写，不超过 {LONGEST_NOTE} 字。", advice="写查了什么、发现什么、要求什么。")
        if next_due_on and not is_day(next_due_on):
            raise AskedWrongly("下一步的期限不是日历上的日期。", advice="写成 2026-11-26，或空着照原来的。")

    def _get(self, actor: Actor, number: int) -> Supervision:
        require(actor, Right.PROMOTE)
        found = self._matters.find(number)
        if found is None:
            raise NotFound("没有这件督办的事。", advice="从“督导”里打开。")
        return found

    def _note(self, actor: Actor, matter: Supervision, words: str) -> None:
        subject = f"supervision:{matter.number}"
        self._trail.note(actor, Deed.SUPERVISION_NOTED, subject, Outcome.DONE, f"{matter.title}：{words}")

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")
