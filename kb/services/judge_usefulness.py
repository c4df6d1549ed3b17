"""有用/没用: a unit's word on a case or on the answer of a wanted problem; its newest word counts, stewards read them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.errors import AskedWrongly

LONGEST_NOTE = 300
PAGE_SIZE = 50


class Judged(Enum):
    """What a word is said on."""

    CASE = "case"
    WANTED = "wanted"


class Word(NamedTuple):
    """What a unit said last; `said_at` UTC in ISO form."""

    kind: Judged
    subject: str
    unit: str
    is_useful: bool
    note: str
    said_at: str
    said_by: int


class Tally(NamedTuple):
    """Of one case or answer: how many units found it of use, how many did not, and what they said, the newest first."""

    kind: Judged
    subject: str
    useful: int
    useless: int
    words: Sequence[Word] = ()


class Words(Protocol):
    """Where they are kept, in the transaction of whoever calls."""

    def put(self, word: Word) -> None:
        """In place of what the unit said before."""
        ...

    def of_unit(self, kind: Judged, subject: str, unit: str) -> Word | None: ...

    def tallies(self, *, offset: int, limit: int) -> Sequence[Tally]:
        """Those found useless by most units first; with what was said."""
        ...

    def count(self) -> int:
        """Cases and answers that anything was said on."""
        ...


class TallyPage(NamedTuple):
    """A page of the stewards' list, how many lines in all, how many pages."""

    rows: Sequence[Tally]
    total: int
    pages: int


def say(
    actor: Actor, kind: Judged, subject: str, words: Words, now: Callable[[], datetime], *, is_useful: bool, note: str = ""
) -> Word:  # fmt: skip
    """The unit's word from now on. The caller has looked whether the actor sees the subject.

    Raises Forbidden for guests, AskedWrongly for an account without a unit and for a note too long.
    """
    require(actor, Right.READ_INTERNAL)
    if not actor.unit:
        raise AskedWrongly("你的账号没有写单位，不能替单位说有用没用。", advice="请管理员补上单位。")
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise AskedWrongly(f"说明超过 {LONGEST_NOTE} 字。", advice="写得短些。")
    word = Word(kind, subject, actor.unit, is_useful, note, now().isoformat(timespec="seconds"), actor.number)
    words.put(word)
    return word


def own_word(actor: Actor, kind: Judged, subject: str, words: Words) -> Word | None:
    """What the actor's unit said, if it has one and did."""
    return words.of_unit(kind, subject, actor.unit) if actor.unit else None


def read_words(actor: Actor, words: Words, page: int) -> TallyPage:
    """For stewards; pages count from 1, and one past the end is the last."""
    require(actor, Right.ANSWER_WANTED)
    total = words.count()
    pages = max(1, -(-total // PAGE_SIZE))
    offset = (min(max(page, 1), pages) - 1) * PAGE_SIZE
    return TallyPage(words.tallies(offset=offset, limit=PAGE_SIZE), total, pages)
