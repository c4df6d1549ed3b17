"""The controls of a form: what each slot of the template is filled in with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from kb.domain.drafting import NOTHING
from kb.domain.template import Column, Slot

LONG_TEXT = 60
"""A text of more Han characters gets a box of several lines."""
LINE = 40
"""Characters of a line of a box."""
MOST_SELECTS = 3
SOURCE_COLUMNS = (
    Column("title", "标题"), Column("publisher", "发布单位"), Column("date", "日期"), Column("url", "网址"),
    Column("file", "文件名"), Column("record", "出处记录编号"), Column("parts", "所用部分（用顿号隔开）"),
)  # fmt: skip
WIDE = frozenset({"action", "output", "measure", "aim", "title", "url"})
"""Columns whose cells need room."""


class Option(NamedTuple):
    value: str
    label: str
    group: str = ""


class Input(NamedTuple):
    """One control: `kind` is line, box, select, radio or checks; `name` is the dotted path of what it holds.

    `is_marked`: its text is Markdown.
    """

    name: str
    label: str
    kind: str
    value: str = ""
    options: tuple[Option, ...] = ()
    chosen: frozenset[str] = frozenset()
    rows: int = 1
    is_wide: bool = True
    is_marked: bool = False
    offers: str = ""


class Row(NamedTuple):
    """A row of a list of rows; the last ones are blank, to write into."""

    number: int
    inputs: tuple[Input, ...]
    is_blank: bool


@dataclass(frozen=True)
class Offers:
    """What fields choose from: problem types, mechanisms and indicators as options, names of units."""

    problems: tuple[Option, ...] = ()
    mechanisms: tuple[Option, ...] = ()
    indicators: tuple[Option, ...] = ()
    units: tuple[str, ...] = ()


def build_inputs(slot: Slot, value: Any, offers: Offers) -> Iterator[Input]:
    """The controls of a field that is no list of rows."""
    key, label = slot.key, slot.label
    if slot.is_section:
        yield Input(key, label, "box", text_of(value), rows=_rows_for(text_of(value)), is_marked=True)
    elif slot.kind == "choice":
        options = tuple(Option(choice.label, choice.label) for choice in slot.choices)
        yield Input(key, label, "radio", text_of(value), options)
    elif slot.kind == "problem":
        yield Input(key, label, "select", text_of(value), offers.problems)
    elif slot.kind == "mechanism":
        yield Input(key, label, "select", text_of(value), offers.mechanisms)
    elif slot.kind == "problems":
        chosen = _entries(value)
        for number in range(min(MOST_SELECTS, slot.count[1] if slot.count else MOST_SELECTS)):
            here = chosen[number] if number < len(chosen) else ""
            yield Input(f"{key}.{number}", f"{label} {number + 1}", "select", here, offers.problems)
    elif slot.kind == "indicators":
        yield Input(key, label, "checks", "", offers.indicators, frozenset(_entries(value)))
    elif slot.kind == "period":
        ends = value if isinstance(value, Mapping) else {}
        for end, word in (("start", "开始"), ("end", "结束")):
            yield Input(f"{key}.{end}", word, "line", text_of(ends.get(end, "")), is_wide=False)
    elif slot.kind == "group":
        cells = value if isinstance(value, Mapping) else {}
        yield from (_cell(f"{key}.", column, cells) for column in slot.columns)
    elif slot.kind == "lists":
        lists = value if isinstance(value, Mapping) else {}
        for column in slot.columns:
            text = "\n".join(_entries(lists.get(column.key, "")))
            yield Input(f"{key}.{column.key}", column.label, "box", text, rows=3)
    elif slot.kind in ("terms", "loop"):
        yield Input(key, label, "box", "\n".join(_entries(value)), rows=max(3, len(_entries(value)) + 1))
    elif slot.han and slot.han[1] > LONG_TEXT:
        yield Input(key, label, "box", text_of(value), rows=5)
    else:
        yield Input(key, label, "line", text_of(value), offers="units" if slot.kind == "unit" else "")


def build_rows(slot: Slot, value: Any, blanks: int) -> Iterator[Row]:
    """The rows of a list, and blank ones below as long as more are allowed."""
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    most = slot.count[1] if slot.count else len(rows) + blanks
    columns = SOURCE_COLUMNS if slot.kind == "sources" else slot.columns
    shown = max(len(rows), min(most, len(rows) + blanks))
    for number in range(shown):
        cells = rows[number] if number < len(rows) else {}
        inputs = tuple(_cell(f"{slot.key}.{number}.", column, cells) for column in columns)
        yield Row(number, inputs, number >= len(rows))


def _cell(prefix: str, column: Column, cells: Mapping[str, Any]) -> Input:
    held = cells.get(column.key, "")
    text = "、".join(held) if isinstance(held, list) else text_of(held)
    is_wide = column.key in WIDE
    if column.choices:
        options = tuple(Option(choice, choice) for choice in column.choices)
        return Input(prefix + column.key, column.label, "select", text, options, is_wide=is_wide)
    return Input(prefix + column.key, column.label, "line", text, is_wide=is_wide)


def _rows_for(text: str) -> int:
    """Lines of a box that shows the whole text, within reason."""
    lines = sum(1 + len(line) // LINE for line in text.split("\n"))
    return max(5, min(18, lines + 1))


def _entries(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text_of(entry) for entry in value]
    return [text_of(value)] if value not in NOTHING else []


def text_of(value: Any) -> str:
    """A single value; nothing is \"\"."""
    return value if isinstance(value, str) else "" if value is None else str(value)
