"""Wanted problem (待征集问题): one for which the library had no case; units join it, stewards find it an answer."""

from dataclasses import dataclass
from enum import Enum

from kb.errors import AskedWrongly


class WantedState(Enum):
    """Where it stands; the value is what the database holds. What a guest asked is held back until a steward has read it."""

    HELD = "held"
    OPEN = "open"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"
    MERGED = "merged"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return WANTED_LABELS[self]

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it: neither unread nor refused."""
        return self not in (WantedState.HELD, WantedState.REFUSED)

    @property
    def is_waiting(self) -> bool:
        """Whether it is still in search of a case; units can join it."""
        return self in (WantedState.OPEN, WantedState.ASSIGNED)


WANTED_LABELS = {
    WantedState.HELD: "待核", WantedState.OPEN: "征集中", WantedState.ASSIGNED: "已交办", WantedState.ANSWERED: "已答复",
    WantedState.CLOSED: "不再征集", WantedState.MERGED: "已合并", WantedState.REFUSED: "不收",
}  # fmt: skip
LISTED = (WantedState.OPEN, WantedState.ASSIGNED, WantedState.ANSWERED, WantedState.CLOSED)
"""What the public list shows; a merged one leads to the one it was merged into."""
_BEFORE = frozenset({WantedState.HELD, WantedState.OPEN, WantedState.ASSIGNED})
FROM = {
    WantedState.OPEN: frozenset({WantedState.HELD, WantedState.ASSIGNED, WantedState.REFUSED}),
    WantedState.ASSIGNED: _BEFORE,
    WantedState.ANSWERED: _BEFORE | {WantedState.ANSWERED, WantedState.CLOSED},
    WantedState.CLOSED: frozenset({WantedState.OPEN, WantedState.ASSIGNED}),
    WantedState.MERGED: _BEFORE,
    WantedState.REFUSED: frozenset({WantedState.HELD}),
}
"""The states each can be come to from. A closed one may still be answered, by a case that was included later."""


@dataclass(frozen=True)
class WantedProblem:
    """`text` says it in a sentence, `detail` the rest; both without private details. Times are UTC in ISO form.

    problem, level and field hold ids of the taxonomy and the case template, "" where not known; asked_by 0: a guest,
    who looks it up by its ticket; merged_into 0: not merged; answer_case "" where closed without one.
    """

    number: int
    ticket: str
    text: str
    detail: str
    problem: str
    level: str
    field: str
    state: WantedState
    asked_at: str
    asked_by: int
    asked_unit: str
    merged_into: int = 0
    assigned_to: str = ""
    answer_case: str = ""
    answer: str = ""
    answered_at: str = ""
    answered_by: int = 0
    version: int = 1


def move_wanted(current: WantedState, wanted: WantedState) -> WantedState:
    """The state after the move; raises AskedWrongly when the order forbids it."""
    if current not in FROM[wanted]:
        raise AskedWrongly(
            f"“{current.label}”的问题不能改成“{wanted.label}”。", advice="刷新后看它现在的状态，再决定怎么办。"
        )
    return wanted
