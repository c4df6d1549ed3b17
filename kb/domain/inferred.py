"""编者判断: lines no source says, each marked so where it is kept; on paper it is said once for all of a list."""

from collections.abc import Sequence
from typing import NamedTuple

from kb.domain.office_document import Block, CheckBoxes, ItemList, Text

INFERRED = "编者判断："
ONCE = "以下来源没有写明，是编者判断："
LEAST = 2
"""Marked lines from which it is said once; a single one keeps its mark."""


class Parted(NamedTuple):
    """Lines of a list, the marked ones last and without their mark, unless there is but one."""

    stated: tuple[str, ...]
    inferred: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        return self.stated + self.inferred


def part_inferred(texts: Sequence[str]) -> Parted:
    """The lines as told, parted where two or more are marked."""
    inferred = tuple(text.removeprefix(INFERRED) for text in texts if text.startswith(INFERRED))
    if len(inferred) < LEAST:
        return Parted(tuple(texts))
    return Parted(tuple(text for text in texts if not text.startswith(INFERRED)), inferred)


def listed(texts: Sequence[str]) -> tuple[Block, ...]:
    """Numbered items, a single one as a paragraph."""
    if len(texts) < LEAST:
        return tuple(map(Text, texts))
    stated, inferred = part_inferred(texts)
    first = (ItemList(stated, is_numbered=True),) if stated else ()
    return (*first, Text(ONCE), ItemList(inferred, is_numbered=True, first=len(stated) + 1)) if inferred else first


def boxes(texts: Sequence[str]) -> tuple[Block, ...]:
    """Boxes to tick."""
    stated, inferred = part_inferred(texts)
    first = (CheckBoxes(stated),) if stated else ()
    return (*first, Text(ONCE), CheckBoxes(inferred)) if inferred else first


def plain_lines(texts: Sequence[str]) -> tuple[str, ...]:
    """Without their marks."""
    return tuple(text.removeprefix(INFERRED) for text in texts)


def marked_as(texts: Sequence[str], known: Sequence[str]) -> list[str]:
    """The lines, marked where `known` has them marked: for lines that were taken over without their marks."""
    inferred = {text.removeprefix(INFERRED) for text in known if text.startswith(INFERRED)}
    return [INFERRED + text if text in inferred else text for text in texts]
