"""A passage (摘录): words of a case, word for word, with the revision and the place they were taken from."""

import hashlib
import re
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, NamedTuple

SUMMARY, QUOTES, RESULTS = "summary", "quotes", "results"
"""Places besides the sections: the summary, the quotes, the result rows."""
_MARK = 10
"""Hexadecimal digits that tell the texts at one place apart."""


class PassageKind(Enum):
    """What makes it worth quoting; the order is that of the page."""

    RESULT = "result"
    CHANGE = "change"
    QUOTE = "quote"
    SENTENCE = "sentence"
    PICKED = "picked"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    PassageKind.RESULT: "成效数据", PassageKind.CHANGE: "前后对比", PassageKind.QUOTE: "金句",
    PassageKind.SENTENCE: "可引用的句子", PassageKind.PICKED: "自选",
}  # fmt: skip


class SourceRevision(NamedTuple):
    """The text a passage was taken from: `number` 0 for a file that was never published here, `digest` its SHA-256."""

    record_id: str
    number: int
    digest: str

    @property
    def label(self) -> str:
        return f"第 {self.number} 次修订" if self.number else f"收录文本（校验码 {self.digest[:8]}）"


@dataclass(frozen=True)
class Passage:
    """`section` is a slot key of the case template, `position` the place in it (from 0) of the sentence, quote or row.

    `dated`: the day a result row gives its figure (YYYY, YYYY-MM or YYYY-MM-DD), "" where there is none; `taken_on`: the
    day it was picked (YYYY-MM-DD), "" while it is only proposed.
    """

    case_id: str
    revision: int
    digest: str
    section: str
    position: int
    text: str
    kind: PassageKind = PassageKind.PICKED
    dated: str = ""
    taken_on: str = ""

    @property
    def source(self) -> SourceRevision:
        return SourceRevision(self.case_id, self.revision, self.digest)

    @property
    def key(self) -> str:
        """Names the passage in a form: case, section, position, and a mark of its text."""
        return f"{self.case_id}:{self.section}:{self.position}:{mark_of(self.text)}"


class PassageKey(NamedTuple):
    """A key taken apart."""

    case_id: str
    section: str
    position: int
    mark: str


_KEY = re.compile(rf"([0-9]{{6}}-[0-9]{{4}}-[0-9]{{2,4}}):([a-z_]{{1,20}}):([0-9]{{1,5}}):([0-9a-f]{{{_MARK}}})")


def read_key(text: str) -> PassageKey | None:
    """None for what is no key."""
    found = _KEY.fullmatch(text)
    return PassageKey(found[1], found[2], int(found[3]), found[4]) if found else None


def mark_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK]


def plain_passage(passage: Passage) -> dict[str, Any]:
    """As it is kept."""
    return {**asdict(passage), "kind": passage.kind.value}


def build_passage(plain: dict[str, Any]) -> Passage:
    return Passage(**{**plain, "kind": PassageKind(plain["kind"])})
