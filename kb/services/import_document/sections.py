"""Paragraphs of a section as its Markdown."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from kb.domain.document import Paragraph, Table
from kb.domain.word_form import BULLET, ITEM, LIST_ITEM

_ITEM_STYLES = {ITEM.id, ITEM.name}
_MARK = re.compile(r"^[•●·◆■▪]\s*")
_INDENT = "\u3000\u00a0\ufeff \t"


class Line(NamedTuple):
    """A block of Markdown to be, or "" for an empty paragraph."""

    text: str


def paragraph_line(paragraph: Paragraph, level: int) -> Line:
    """`level` is the heading level below the section's own, 0 for text."""
    text = paragraph.text.rstrip()
    if level > 1 and "\n" not in text:
        return Line(f"{'#' * min(level + 1, 5)} {text.strip()}")
    if paragraph.is_item or paragraph.style in _ITEM_STYLES:
        words = text.strip()
        is_ours = words.startswith(BULLET)
        return Line(f"- {words.removeprefix(BULLET) if is_ours else _MARK.sub('', words)}" if words else "")
    return Line(text.lstrip("\n") if LIST_ITEM.match(text) else text.strip(_INDENT + "\n"))


def table_line(table: Table) -> Line:
    """A table that is no field stays a table in the text."""
    rows = [[" ".join(cell.replace("|", "｜").split()) for cell in row] for row in table.texts()]
    width = max((len(row) for row in rows), default=0)
    if not width:
        return Line("")
    written = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    return Line("\n".join([written[0], "|" + "---|" * width, *written[1:]]))


def write_markdown(lines: Sequence[Line]) -> str:
    """Lines of one list follow each other, all else is apart by a blank line."""
    text, last, is_apart = "", "", False
    for line in lines:
        if not line.text:
            is_apart = True
            continue
        if text:
            is_list = bool(LIST_ITEM.match(last) and LIST_ITEM.match(line.text))
            text += "\n" if is_list and not is_apart else "\n\n"
        text += line.text
        last, is_apart = line.text.rpartition("\n")[2], False
    return text
