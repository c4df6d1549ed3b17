"""待征集问题, for stewards: read what guests asked, merge, assign to a unit, answer with a case or close; who asked is told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.domain.wanted import WantedProblem, WantedState, move_wanted
from kb.errors import AskedWrongly, Conflict, NotFound
from kb.services.keep_audit import AuditTrail
from kb.services.messages import Messages, People, quoted
from kb.services.wanted_records import ListedWanted, WantedFilter, WantedProblems

LONGEST_ANSWER = 2000
MOST_QUEUED = 200
QUEUED = (WantedState.HELD, WantedState.OPEN, WantedState.ASSIGNED)


class WantedAnswering:
    """What stewards do with wanted problems; each deed is one transaction, messages included. The caller commits."""

    def __init__(
        self,
        wanted: WantedProblems,
        messages: Messages,
        people: People,
        trail: AuditTrail,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._wanted = wanted
        self._messages = messages
        self._people = people
        self._trail = trail
        self._now = now

    def queue(self, actor: Actor) -> dict[WantedState, Sequence[ListedWanted]]:
        """What waits: unread ones of guests, those nobody was told to write about, and those somebody was."""
        require(actor, Right.ANSWER_WANTED)
        return {state: self._wanted.listed(WantedFilter((state,)), offset=0, limit=MOST_QUEUED) for state in QUEUED}

    def publish(self, actor: Actor, number: int, version: int) -> WantedProblem:
        """A guest's may be read by all; one that was refused by mistake too; an assigned one is open again."""
        problem = self._get(actor, number)
        return self._move(actor, problem, version, WantedState.OPEN, "公开征集", assigned_to="", answer="")

    def refuse(self, actor: Actor, number: int, version: int, reason: str) -> WantedProblem:
        """不收: shown to nobody but who has the ticket."""
        problem = self._get(actor, number)
        return self._move(
            actor, problem, version, WantedState.REFUSED, "不收", answer=_said(reason), **self._signed(actor)
        )

    def assign(self, actor: Actor, number: int, version: int, unit: str) -> WantedProblem:
        """Asks a unit to write about it; its editors are told. The caller has looked whether there is such a unit."""
        if not unit:
            raise AskedWrongly("没有选单位。", advice="从单位名册里选由谁来写。")
        problem = self._get(actor, number)
        kept = self._move(actor, problem, version, WantedState.ASSIGNED, f"交办：{unit}", assigned_to=unit)
        told = f"请你单位就待征集问题{quoted(kept.text)}写一个案例。"
        self._give(self._people.of_units([unit], Right.WRITE), f"wanted:{number}:assigned:{unit}", told, number)
        return kept

    def answer(self, actor: Actor, number: int, version: int, case_id: str, words: str) -> WantedProblem:
        """Answers with an included case those who asked may read, which the caller has looked up; all of them are told."""
        if not case_id:
            raise AskedWrongly(
                "没有写案例编号。", advice="写上能解决它的案例的编号；没有案例的，写明理由，按“不再征集”。"
            )
        words = words.strip()
        _check_length(words)
        problem = self._get(actor, number)
        kept = self._move(
            actor, problem, version, WantedState.ANSWERED, f"答复：{case_id}",
            answer_case=case_id, answer=words, **self._signed(actor),
        )  # fmt: skip
        self._tell_outcome(kept)
        return kept

    def close(self, actor: Actor, number: int, version: int, reason: str) -> WantedProblem:
        """No case is looked for any more, for a reason; all who asked are told."""
        problem = self._get(actor, number)
        kept = self._move(
            actor, problem, version, WantedState.CLOSED, "不再征集", answer=_said(reason), **self._signed(actor)
        )
        self._tell_outcome(kept)
        return kept

    def merge(self, actor: Actor, number: int, version: int, into: int) -> WantedProblem:
        """Joins one with another that asks the same: its units and askers go along, its address leads there."""
        problem, target = self._get(actor, number), self._wanted.get(into)
        if into == number:
            raise AskedWrongly("不能并入自己。", advice="写上另一个问题的编号。")
        if target is None or not target.state.is_public:
            raise AskedWrongly(f"没有公开的待征集问题 {into}。", advice="核对编号；还没有公开的先公开。")
        if target.state is WantedState.MERGED:
            raise AskedWrongly(f"{into} 自己已经并入 {target.merged_into}。", advice=f"并入 {target.merged_into}。")
        kept = self._move(actor, problem, version, WantedState.MERGED, f"并入 {into}", merged_into=into)
        told = f"你提的{quoted(problem.text)}与{quoted(target.text)}是同一个问题，已合并，答复在那里看。"
        self._give(self._wanted.askers(number), f"wanted:{number}:merged", told, into)
        self._wanted.merge(number, into)
        self._tell_outcome(target)
        return kept

    def _tell_outcome(self, problem: WantedProblem) -> None:
        """Tells who asked and the people of the units that have it, once whatever is merged into it later."""
        if problem.state is WantedState.ANSWERED:
            end, told = f"answered:{problem.answer_case}", f"待征集问题{quoted(problem.text)}有了答复。"
        elif problem.state is WantedState.CLOSED:
            end, told = "closed", f"待征集问题{quoted(problem.text)}不再征集，理由在页面上。"
        else:
            return
        concerned = self._wanted.askers(problem.number) | self._people.of_units(self._wanted.units(problem.number))
        self._give(concerned, f"wanted:{problem.number}:{end}", told, problem.number)

    def _give(self, accounts: frozenset[int], key: str, text: str, number: int) -> None:
        self._messages.give(accounts, key, text, f"/wanted/{number}", self._at())

    def _get(self, actor: Actor, number: int) -> WantedProblem:
        require(actor, Right.ANSWER_WANTED)
        found = self._wanted.get(number)
        if found is None:
            raise NotFound("没有这个待征集问题。", advice="从“待征集”里选。")
        return found

    def _move(
        self, actor: Actor, problem: WantedProblem, version: int, state: WantedState, told: str, **changed: object
    ) -> WantedProblem:
        moved = replace(problem, state=move_wanted(problem.state, state), version=version, **changed)  # type: ignore[arg-type]
        if not self._wanted.change(moved):
            raise Conflict("这个问题刚才有人办过。", advice="刷新后看现在的状态，再决定怎么办。")
        deed = Deed.WANTED_ANSWERED if state in (WantedState.ANSWERED, WantedState.CLOSED) else Deed.WANTED_CHANGED
        self._trail.note(actor, deed, f"wanted:{problem.number}", Outcome.DONE, told)
        return replace(moved, version=version + 1)

    def _signed(self, actor: Actor) -> dict[str, object]:
        return {"answered_at": self._at(), "answered_by": actor.number}

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")


def _said(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise AskedWrongly("没有写理由。", advice="写一句话，提问的人看得到。")
    _check_length(reason)
    return reason


def _check_length(words: str) -> None:
    if len(words) > LONGEST_ANSWER:
        raise AskedWrongly(f"答复超过 {LONGEST_ANSWER} 字。", advice="写得短些。")
