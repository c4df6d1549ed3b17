"""内容纠错: a reader says what is wrong, gets a ticket, and reads under it what came of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.errors import AskedWrongly, Conflict, NotFound
from kb.services.tickets import new_ticket, plain_ticket

LONGEST_TEXT, LONGEST_CONTACT = 2000, 100
MOST_WAITING = 500
"""Unanswered reports of which nobody could read more; further ones are asked to telephone."""
MOST_OF_ONE = 20
"""The same for one case."""


class CorrectionState(Enum):
    """Open, then accepted or declined; mended once a revision answers it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MENDED = "mended"

    @property
    def label(self) -> str:
        return {"open": "待答复", "accepted": "已采纳，待修订", "declined": "未采纳", "mended": "已更正"}[self.value]


class Correction(NamedTuple):
    """A report; `contact` is for those who answer only; times are UTC in ISO form; `revision` 0 until mended."""

    number: int
    record_id: str
    ticket: str
    text: str
    contact: str
    asked_at: str
    state: CorrectionState
    reply: str = ""
    answered_at: str = ""
    answered_by: int = 0
    revision: int = 0


class Corrections(Protocol):
    """Where reports are kept, in the transaction of whoever calls."""

    def add(self, correction: Correction) -> None: ...

    def find(self, ticket: str) -> Correction | None: ...

    def answer(self, correction: Correction) -> bool:
        """Keeps state and reply of an open one; false when it is no longer open."""
        ...

    def waiting(self, *, record_id: str = "") -> int: ...

    def listed(self, states: Sequence[CorrectionState], limit: int) -> Sequence[Correction]:
        """The oldest first."""
        ...

    def of_record(self, record_id: str) -> Sequence[Correction]: ...


class Trail(Protocol):
    """The part of the audit trail used here."""

    def note(self, actor: Actor, kind: Deed, subject: str, result: Outcome, detail: str = "") -> None: ...


class CaseCorrections:
    """What readers and those who answer them do. The caller commits, and has looked whether the reader sees the case."""

    def __init__(self, corrections: Corrections, trail: Trail, *, now: Callable[[], datetime]) -> None:
        self._corrections = corrections
        self._trail = trail
        self._now = now

    def report(self, actor: Actor, record_id: str, text: str, contact: str) -> Correction:
        """A new ticket; raises AskedWrongly for an empty or overlong report, or when too many wait."""
        text, contact = text.strip(), " ".join(contact.split())
        if not text:
            raise AskedWrongly("还没有写哪里有误。", advice="写明是哪一句、应当怎样、依据是什么。")
        if len(text) > LONGEST_TEXT or len(contact) > LONGEST_CONTACT:
            raise AskedWrongly(
                f"内容超过 {LONGEST_TEXT} 字，或联系方式超过 {LONGEST_CONTACT} 字。", advice="分两次报，或写得短些。"
            )
        is_full = self._corrections.waiting() >= MOST_WAITING
        if is_full or self._corrections.waiting(record_id=record_id) >= MOST_OF_ONE:
            raise AskedWrongly("还没有答复的纠错已经很多，暂时收不下。", advice="过几天再报，或打编制单位的电话。")
        correction = Correction(0, record_id, new_ticket(), text, contact, self._at(), CorrectionState.OPEN)
        self._corrections.add(correction)
        self._trail.note(actor, Deed.CORRECTION_REPORTED, record_id, Outcome.DONE, correction.ticket)
        return correction

    def look_up(self, ticket: str) -> Correction:
        """What became of a ticket, without the contact; raises NotFound."""
        return self._get(ticket)._replace(contact="")

    def queue(self, actor: Actor) -> tuple[Correction, ...]:
        """Open ones, then accepted ones that wait for a revision."""
        require(actor, Right.ANSWER_CORRECTIONS)
        open_ones = self._corrections.listed([CorrectionState.OPEN], 200)
        return (*open_ones, *self._corrections.listed([CorrectionState.ACCEPTED], 200))

    def open(self, actor: Actor, ticket: str) -> Correction:
        """With the contact, for those who answer."""
        require(actor, Right.ANSWER_CORRECTIONS)
        return self._get(ticket)

    def answer(self, actor: Actor, ticket: str, reply: str, *, is_accepted: bool) -> Correction:
        """Raises AskedWrongly without a reply, Conflict when somebody has answered it."""
        require(actor, Right.ANSWER_CORRECTIONS)
        reply = reply.strip()
        if not reply or len(reply) > LONGEST_TEXT:
            raise AskedWrongly(f"答复要写，不超过 {LONGEST_TEXT} 字。", advice="写明核对的结果；不采纳的写明理由。")
        state = CorrectionState.ACCEPTED if is_accepted else CorrectionState.DECLINED
        found = self._get(ticket)
        answered = found._replace(state=state, reply=reply, answered_at=self._at(), answered_by=actor.number)
        if not self._corrections.answer(answered):
            raise Conflict("这条纠错刚才已经有人答复。", advice="刷新后看答复。")
        self._trail.note(
            actor, Deed.CORRECTION_ANSWERED, found.record_id, Outcome.DONE, f"{found.ticket}：{state.label}"
        )
        return answered

    def for_revision(self, record_id: str) -> tuple[Correction, ...]:
        """Accepted reports the next revision of a record is to answer, without contacts."""
        found = self._corrections.of_record(record_id)
        return tuple(one._replace(contact="") for one in found if one.state is CorrectionState.ACCEPTED)

    def _get(self, ticket: str) -> Correction:
        found = self._corrections.find(plain_ticket(ticket))
        if found is None:
            raise NotFound("没有这个编号的纠错。", advice="核对编号，字母不分大小写。")
        return found

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")
