"""The form of a draft, made from the slots of its template: what each field asks, holds, and is told about it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kb.domain.answers import count_han
from kb.domain.drafting import NOTHING
from kb.domain.finding import Finding
from kb.domain.template import UNSTATED, Column, Need, Slot, Template
from kb.services.check_wording import Concern
from kb.services.describe_template import NEED_LABELS

LONG_TEXT = 60
"""A text of more Han characters gets a box of several lines."""
LINE = 40
"""Characters of a line of a box."""
MOST_SELECTS = 3
SOURCE_COLUMNS = (
    Column("title", "标题"), Column("publisher", "发布单位"), Column("date", "日期"), Column("url", "网址"),
    Column("file", "文件名"), Column("record", "出处记录编号"), Column("parts", "所用部分（用顿号隔开）"),
)  # fmt: skip
GROUPS = (
    ("basics", "基本情况", ("title", "kind", "origin", "summary", "keywords", "unit", "level", "field", "period")),
    ("problem-group", "问题与成因", ("problem", "also", "situation", "causes")),
    ("practice-group", "做法与机制", ("practice", "steps", "forming", "mechanism")),
    ("effect-group", "成效", ("effect", "results", "expected")),
    ("carrying-group", "推广", ("carrying", "promotion", "cost", "lessons")),
    ("rest", "来源与其他", ("sources", "quotes", "indicators", "contact", "visibility")),
)
"""The order in which a writer is asked; what a newer template adds stands in the last group."""
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
class FormField:
    """A field on the page. `faults` are to be mended, `hints` are reminders, `note` is what the reviewer wants mended.

    `before` and `theirs` are filled where somebody else changed it too.
    """

    key: str
    label: str
    help: str
    example: str
    need: str
    is_needed: bool
    is_section: bool
    inputs: tuple[Input, ...]
    rows: tuple[Row, ...] = ()
    is_list: bool = False
    can_be_unstated: bool = False
    is_unstated: bool = False
    is_missing: bool = False
    length: str = ""
    faults: tuple[Finding, ...] = ()
    hints: tuple[Finding, ...] = ()
    concerns: tuple[Concern, ...] = ()
    note: str = ""
    confidence: str = ""
    before: str = ""
    theirs: str = ""
    is_disputed: bool = False


class FormGroup(NamedTuple):
    id: str
    label: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True)
class Offers:
    """What fields choose from: problem types, mechanisms and indicators as options, names of units."""

    problems: tuple[Option, ...] = ()
    mechanisms: tuple[Option, ...] = ()
    indicators: tuple[Option, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remarks:
    """What is said beside the fields."""

    errors: Sequence[Finding] = ()
    warnings: Sequence[Finding] = ()
    concerns: Sequence[Concern] = ()
    notes: Mapping[str, str] | None = None
    confidences: Mapping[str, str] | None = None
    disputed: Collection[str] = ()
    before: Mapping[str, Any] | None = None
    theirs: Mapping[str, Any] | None = None


def build_form(
    template: Template, fields: Mapping[str, Any], offers: Offers, remarks: Remarks, more: str = ""
) -> tuple[FormGroup, ...]:
    """Every slot a writer fills, in groups; `more` names a list that gets several blank rows."""
    slots = {slot.key: slot for slot in template.slots if slot.need is not Need.AUTOMATIC}
    grouped = {key for _, _, keys in GROUPS for key in keys}
    left = tuple(key for key in slots if key not in grouped)
    is_own = fields.get("origin") == template["origin"].label_of("own")
    groups = []
    for number, (name, label, keys) in enumerate(GROUPS):
        wanted = (*keys, *left) if number == len(GROUPS) - 1 else keys
        built = (
            _field(slots[key], fields.get(key, ""), offers, remarks, blanks=4 if key == more else 1, is_own=is_own)
            for key in wanted
            if key in slots
        )
        groups.append(FormGroup(name, label, tuple(built)))
    return tuple(groups)


def build_fields(
    template: Template, keys: Iterable[str], fields: Mapping[str, Any], offers: Offers, remarks: Remarks
) -> tuple[FormField, ...]:
    """The named slots alone, without blank rows below those that are filled."""
    is_own = fields.get("origin") == template["origin"].label_of("own")
    return tuple(
        _field(template[key], fields.get(key, ""), offers, remarks, blanks=0 if fields.get(key) else 1, is_own=is_own)
        for key in keys
    )


def _field(slot: Slot, value: Any, offers: Offers, remarks: Remarks, *, blanks: int, is_own: bool) -> FormField:
    is_unstated = value == UNSTATED
    held = "" if is_unstated else value
    is_rows = slot.kind in ("rows", "sources")
    is_disputed = slot.key in remarks.disputed
    return FormField(
        key=slot.key,
        label=slot.heading or slot.label,
        help=slot.help,
        example=slot.example,
        need=NEED_LABELS[slot.need],
        is_needed=slot.need in (Need.SUBMIT, Need.INCLUDE),
        is_section=slot.is_section,
        inputs=() if is_rows else tuple(_inputs(slot, held, offers)),
        rows=tuple(_rows(slot, held, blanks)) if is_rows else (),
        is_list=is_rows,
        can_be_unstated=slot.unstated and (is_unstated or not is_own),
        is_unstated=is_unstated,
        is_missing=value in NOTHING,
        length=_length(slot, held),
        faults=tuple(_of(slot, remarks.errors, value)),
        hints=tuple(_of(slot, remarks.warnings, value)),
        concerns=tuple(concern for concern in remarks.concerns if _root(concern.field) == slot.key),
        note=(remarks.notes or {}).get(slot.key, ""),
        confidence=(remarks.confidences or {}).get(slot.key, ""),
        before=in_words(slot, (remarks.before or {}).get(slot.key, "")) if is_disputed else "",
        theirs=in_words(slot, (remarks.theirs or {}).get(slot.key, "")) if is_disputed else "",
        is_disputed=is_disputed,
    )


def _of(slot: Slot, findings: Iterable[Finding], value: Any) -> Iterator[Finding]:
    """Findings of this field; that a blank one is missing is said by the field itself."""
    return (finding for finding in findings if _root(finding.field) == slot.key and value not in NOTHING)


def _root(path: str) -> str:
    return path.partition(".")[0]


def _length(slot: Slot, value: Any) -> str:
    if slot.han and isinstance(value, str):
        return f"{count_han(value)} 字，宜 {slot.han[0]}–{slot.han[1]} 字"
    if slot.count and isinstance(value, list):
        return f"{len(value)} 条，{slot.count[0]}–{slot.count[1]} 条"
    return ""


def _inputs(slot: Slot, value: Any, offers: Offers) -> Iterator[Input]:
    key, label = slot.key, slot.label
    if slot.is_section:
        yield Input(key, label, "box", _text(value), rows=_rows_for(_text(value)), is_marked=True)
    elif slot.kind == "choice":
        options = tuple(Option(choice.label, choice.label) for choice in slot.choices)
        yield Input(key, label, "radio", _text(value), options)
    elif slot.kind == "problem":
        yield Input(key, label, "select", _text(value), offers.problems)
    elif slot.kind == "mechanism":
        yield Input(key, label, "select", _text(value), offers.mechanisms)
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
            yield Input(f"{key}.{end}", word, "line", _text(ends.get(end, "")), is_wide=False)
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
        yield Input(key, label, "box", _text(value), rows=5)
    else:
        yield Input(key, label, "line", _text(value), offers="units" if slot.kind == "unit" else "")


def _rows(slot: Slot, value: Any, blanks: int) -> Iterator[Row]:
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
    text = "、".join(held) if isinstance(held, list) else _text(held)
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
        return [_text(entry) for entry in value]
    return [_text(value)] if value not in NOTHING else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def in_words(slot: Slot, value: Any) -> str:
    """A value as lines to read, where two versions are held against each other."""
    columns = {column.key: column.label for column in (*slot.columns, *SOURCE_COLUMNS)}
    ends = {"start": "开始", "end": "结束"} if slot.kind == "period" else {}
    return _words(value, {**columns, **ends}) or "（空）"


def _words(value: Any, labels: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        return "；".join(f"{labels.get(key, key)}：{_words(part, {})}" for key, part in value.items())
    if isinstance(value, list):
        is_plain = all(isinstance(entry, str) for entry in value)
        return ("、" if is_plain else "\n").join(_words(entry, labels) for entry in value)
    return _text(value)
