"""错敏词: wording that somebody should look at again, each rule with its basis and the day it ends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NamedTuple


class Level(Enum):
    """How bad: a red one has to be answered before it goes on, a yellow one is only shown."""

    RED = "红"
    YELLOW = "黄"


@dataclass(frozen=True)
class FlaggedWord:
    """A rule: `wrong` is better written `right`; inside one of `allowed` it is right as it stands.

    `until` is the last day the rule holds, None for always.
    """

    wrong: str
    right: str
    level: Level
    basis: str
    until: date | None = None
    allowed: tuple[str, ...] = ()


class Flag(NamedTuple):
    """A place where a rule fired."""

    rule: FlaggedWord
    start: int


def find_flagged(text: str, rules: Iterable[FlaggedWord], *, today: date) -> tuple[Flag, ...]:
    """Every place, in the order of the text."""
    found = (flag for rule in rules if rule.until is None or today <= rule.until for flag in _find(text, rule))
    return tuple(sorted(found, key=lambda flag: (flag.start, flag.rule.wrong)))


def _find(text: str, rule: FlaggedWord) -> Iterator[Flag]:
    start = text.find(rule.wrong)
    while start >= 0:
        if not any(_stands_in(text, start, rule.wrong, whole) for whole in rule.allowed):
            yield Flag(rule, start)
        start = text.find(rule.wrong, start + len(rule.wrong))


def _stands_in(text: str, start: int, word: str, whole: str) -> bool:
    """Whether this place of `word` is a part of `whole`."""
    offset = whole.find(word)
    while offset >= 0:
        if text.startswith(whole, start - offset) and start >= offset:
            return True
        offset = whole.find(word, offset + 1)
    return False
