"""待征集问题, for those who have one: ask for a case, join a question that is there, look up what became of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.domain.redaction import mask_private_details
from kb.domain.wanted import WantedProblem, WantedState
from kb.errors import AskedWrongly, Conflict, NotFound
from kb.services.keep_audit import AuditTrail
from kb.services.ports import ReferenceData
from kb.services.propose_types import sentences_of
from kb.services.tickets import new_ticket, plain_ticket
from kb.services.wanted_records import ListedWanted, WantedFilter, WantedProblems
from search.likeness import share, shingles

LEAST_TEXT, LONGEST_TEXT, LONGEST_DETAIL = 4, 100, 2000
"""Characters of the sentence, and of what is told besides."""
MOST_OF_GUESTS = 200
"""Questions of guests that nobody has read yet; further ones are asked to come again."""
MOST_OF_ONE = 30
"""The same of one account, unanswered."""
MOST_COMPARED = 500
MOST_NEAR = 3
NEAR, SAME = 0.3, 0.7
"""Share of pairs of characters two sentences have in common above which they seem to ask the same, or hardly differ."""
PAGE_SIZE = 20
CALLED_FOR = 5


class WantedWish(NamedTuple):
    """What somebody asks: a sentence and more of it; ids of problem type, level and field, "" where not said."""

    text: str
    detail: str = ""
    problem: str = ""
    level: str = ""
    field: str = ""


class WantedPage(NamedTuple):
    """A page of the list, how many there are in all, and how many pages."""

    rows: Sequence[ListedWanted]
    total: int
    pages: int


class OpenedWanted(NamedTuple):
    """A wanted problem as one page shows it: the units that have it, and whether the reader's own is among them."""

    problem: WantedProblem
    units: Sequence[str]
    is_mine: bool


class AskedBefore(Conflict):
    """Nothing was kept: `earlier`, which hardly differs, still waits for an answer."""

    def __init__(self, earlier: WantedProblem) -> None:
        super().__init__(
            f"你们单位提过几乎一样的，还没有答复：“{earlier.text}”。",
            advice="先打开它看看；确实是另一件事，写清楚区别，再按“还是另提一个”。",
        )
        self.earlier = earlier


class CaseWanting:
    """What those who look for a case do. The caller commits each task."""

    def __init__(self, wanted: WantedProblems, trail: AuditTrail, *, now: Callable[[], datetime]) -> None:
        self._wanted = wanted
        self._trail = trail
        self._now = now

    def file(self, actor: Actor, wish: WantedWish) -> WantedProblem:
        """Keeps it without private details; a guest's waits until a steward has read it.

        Raises AskedWrongly for one without words or too long, and when too many wait.
        """
        wish = _checked(wish)
        limit = MOST_OF_GUESTS if actor.is_guest else MOST_OF_ONE
        if self._wanted.waiting_of(actor.number) >= limit:
            raise AskedWrongly(
                "还没有答复的待征集问题已经很多，暂时收不下。", advice="过几天再提，或者先看看已有的，点“我也遇到”。"
            )
        kept = self._wanted.add(
            WantedProblem(
                number=0, ticket=new_ticket(), **wish._asdict(),
                state=WantedState.HELD if actor.is_guest else WantedState.OPEN,
                asked_at=self._at(), asked_by=actor.number, asked_unit=actor.unit,
            )
        )  # fmt: skip
        if actor.unit:
            self._wanted.join(kept.number, actor.unit, at=kept.asked_at, by=actor.number)
        self._trail.note(actor, Deed.WANTED_FILED, f"wanted:{kept.number}", Outcome.DONE, kept.text)
        return kept

    def check_fresh(self, actor: Actor, text: str) -> None:
        """Raises AskedBefore when the actor's unit (without one: the actor) has one that hardly differs and waits for an answer."""
        if actor.is_guest:
            return
        asked = shingles(mask_private_details(" ".join(text.split())), 2)
        states = [state for state in WantedState if state.is_waiting]
        for problem, _ in self._wanted.texts(states, MOST_COMPARED):
            if share(asked, shingles(problem.text, 2)) > SAME and self._is_of(actor, problem):
                raise AskedBefore(problem)

    def join(self, actor: Actor, number: int) -> bool:
        """我也遇到: once a unit; False when it had joined before. Raises NotFound, AskedWrongly without a unit or too late."""
        require(actor, Right.READ_INTERNAL)
        problem = self._public(number)
        if not actor.unit:
            raise AskedWrongly("你的账号没有写单位，不能替单位说“我也遇到”。", advice="请管理员补上单位。")
        if not problem.state.is_waiting:
            raise AskedWrongly(f"这个问题{problem.state.label}，不用再加入。", advice="看它的答复；不合用的另提一个。")
        is_new = self._wanted.join(problem.number, actor.unit, at=self._at(), by=actor.number)
        if is_new:
            self._trail.note(
                actor, Deed.WANTED_CHANGED, f"wanted:{problem.number}", Outcome.DONE, f"我也遇到：{actor.unit}"
            )
        return is_new

    def open(self, actor: Actor, number: int) -> OpenedWanted:
        """A public one, or any for those who answer; one that was merged leads to where it went. Raises NotFound."""
        problem = self._wanted.get(number) if actor.may(Right.ANSWER_WANTED) else self._public(number)
        if problem is None:
            raise _unknown()
        units = self._wanted.units(problem.number)
        return OpenedWanted(problem, units, is_mine=actor.unit != "" and actor.unit in units)

    def look_up(self, ticket: str) -> WantedProblem:
        """What became of a ticket, of whatever state, after merging; raises NotFound."""
        found = self._wanted.find(plain_ticket(ticket))
        if found is None:
            raise NotFound("没有这个编号的待征集问题。", advice="核对编号，字母不分大小写。")
        return found

    def merged_into(self, problem: WantedProblem) -> WantedProblem | None:
        return self._wanted.get(problem.merged_into) if problem.merged_into else None

    def browse(self, wanted: WantedFilter, page: int) -> WantedPage:
        """The public list; pages count from 1, and one past the end is the last."""
        total = self._wanted.count(wanted)
        pages = max(1, -(-total // PAGE_SIZE))
        offset = (min(max(page, 1), pages) - 1) * PAGE_SIZE
        return WantedPage(self._wanted.listed(wanted, offset=offset, limit=PAGE_SIZE), total, pages)

    def find_near(self, text: str, *, but: int = 0) -> tuple[ListedWanted, ...]:
        """Public ones that seem to ask the same, the nearest first."""
        asked = shingles(text, 2)
        states = [state for state in WantedState if state.is_public and state is not WantedState.MERGED]
        scored = [
            (share(asked, shingles(row.problem.text, 2)), row) for row in self._wanted.texts(states, MOST_COMPARED)
        ]
        near = sorted(
            ((score, row) for score, row in scored if score > NEAR and row.problem.number != but),
            key=lambda pair: (-pair[0], pair[1].problem.number),
        )
        return tuple(row for _, row in near[:MOST_NEAR])

    def call_for_cases(self, actor: Actor, level: str) -> tuple[ListedWanted, ...]:
        """What somebody of this actor's unit could write about: first what was assigned to it, then of its level, then the rest."""
        require(actor, Right.WRITE)
        mine = WantedFilter((WantedState.ASSIGNED,), assigned_to=actor.unit)
        near, others = WantedFilter((WantedState.OPEN,), level=level), WantedFilter((WantedState.OPEN,))
        filters = [*([mine] if actor.unit else []), *([near] if level else []), others]
        found: dict[int, ListedWanted] = {}
        for wanted in filters:
            if len(found) < CALLED_FOR:
                for row in self._wanted.listed(wanted, offset=0, limit=CALLED_FOR):
                    found.setdefault(row.problem.number, row)
        return tuple(found.values())[:CALLED_FOR]

    def _is_of(self, actor: Actor, problem: WantedProblem) -> bool:
        return problem.asked_by == actor.number or actor.unit in ({*self._wanted.units(problem.number)} - {""})

    def _public(self, number: int) -> WantedProblem:
        found = self._wanted.get(number)
        if found is None or not found.state.is_public:
            raise _unknown()
        return found

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")


def _checked(wish: WantedWish) -> WantedWish:
    text = mask_private_details(" ".join(wish.text.split()))
    detail = mask_private_details(wish.detail.strip().replace("\r\n", "\n"))
    if sum(character.isalnum() for character in text) < LEAST_TEXT:
        raise AskedWrongly("问题写得太短。", advice="用一句话写清楚：谁、遇到了什么、卡在哪里。")
    if len(text) > LONGEST_TEXT or len(detail) > LONGEST_DETAIL:
        raise AskedWrongly(
            f"问题超过 {LONGEST_TEXT} 字，或补充的情况超过 {LONGEST_DETAIL} 字。",
            advice="问题写成一句，其余写在补充里。",
        )
    return wish._replace(text=text, detail=detail)


def _unknown() -> NotFound:
    return NotFound("没有这个待征集问题。", advice="从“待征集”里选。")


def split_wish(text: str) -> WantedWish:
    """A search or a description as a question: its first sentence, and the whole of it where there is more."""
    plain = text.strip()
    sentences = sentences_of(plain)
    first = " ".join(sentences[0].split())[:LONGEST_TEXT] if sentences else ""
    return WantedWish(first, "" if " ".join(plain.split()) == first else plain[:LONGEST_DETAIL])


def level_of_unit(unit: str, reference: ReferenceData) -> str:
    """The id of the level the register gives a unit, "" for one that is not in it."""
    found = reference.references.taxonomy.units.get(unit)
    choices = reference.case_template["level"].choices
    return next((choice.id for choice in choices if found and found.level in (choice.id, choice.label)), "")
