"""What changed between two texts, paragraph by paragraph, and inside a paragraph character by character."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

MOST_COMPARED = 2_000_000
"""Product of two paragraphs' lengths above which they are shown whole: the matcher takes about a second there."""
ALIKE = 0.3
"""Similarity (0 to 1) from which one paragraph counts as the other one, changed."""


class Piece(NamedTuple):
    """A run of characters; `is_changed` when the other side does not have it here."""

    text: str
    is_changed: bool


class ParagraphChange(NamedTuple):
    """One paragraph: before and after as pieces; an added one has no `before`, a removed one no `after`."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def kind(self) -> str:
        """same, changed, added or removed."""
        if not self.before:
            return "added"
        if not self.after:
            return "removed"
        return "changed" if any(piece.is_changed for piece in (*self.before, *self.after)) else "same"


def compare_paragraphs(before: str, after: str) -> tuple[ParagraphChange, ...]:
    """Every paragraph of either text, in reading order."""
    old, new = _paragraphs(before), _paragraphs(after)
    changes: list[ParagraphChange] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            changes += [ParagraphChange((Piece(text, False),), (Piece(text, False),)) for text in old[i1:i2]]
        else:
            changes += _pair(old[i1:i2], new[j1:j2])
    return tuple(changes)


def _paragraphs(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def _pair(old: Sequence[str], new: Sequence[str]) -> Iterator[ParagraphChange]:
    for before, after in zip_longest(old, new):
        if before is None or after is None:
            yield ParagraphChange(_whole(before), _whole(after))
            continue
        change = _compare(before, after)
        if change is None:
            yield ParagraphChange(_whole(before), ())
            yield ParagraphChange((), _whole(after))
        else:
            yield change


def _whole(text: str | None) -> tuple[Piece, ...]:
    return (Piece(text, True),) if text else ()


def _compare(before: str, after: str) -> ParagraphChange | None:
    """None when the two have too little in common to be read side by side."""
    if len(before) * len(after) > MOST_COMPARED:
        return ParagraphChange(_whole(before), _whole(after))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return None
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if i2 > i1:
            left.append(Piece(before[i1:i2], kind != "equal"))
        if j2 > j1:
            right.append(Piece(after[j1:j2], kind != "equal"))
    return ParagraphChange(tuple(left), tuple(right))
