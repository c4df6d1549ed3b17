"""Text on its way into the fields of a draft: made tidy as it comes in, and pieces put where they belong."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from kb.domain.partial_date import iso_date, split_period
from kb.domain.template import UNSTATED, Slot, Template

TEXTS = frozenset({"text", "unit"})
LISTS = frozenset({"terms"})
MANY = frozenset({"terms", "problems", "indicators"})
UNSEEN_CHARACTERS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Control characters, and those that turn the direction of writing: no file may hold them, and nobody sees them."""
LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
"""What Word, old systems and web pages end a line with."""
NOTHING: tuple[Any, ...] = ("", [], {}, None)


def tidy(template: Template, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same answers written one way: no blank rows or cells, labels for choices, dates as files hold them, plain line ends.

    Two forms that say the same become equal, so that nobody is told of a change nobody made. Unknown keys stay.
    """
    slots = {slot.key: slot for slot in template.slots}
    tidied = {}
    for key, value in fields.items():
        plain = _tidy(value)
        if key in slots:
            plain = _in_shape(slots[key], plain)
        if plain not in NOTHING:
            tidied[key] = plain
    return tidied


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        text = UNSEEN_CHARACTERS.sub("", LINE_ENDS.sub("\n", value))
        return "\n".join(line.rstrip() for line in text.split("\n")).strip()
    if isinstance(value, Mapping):
        return {key: plain for key, part in value.items() if (plain := _tidy(part)) not in NOTHING}
    if isinstance(value, list | tuple):
        return [plain for entry in value if (plain := _tidy(entry)) not in NOTHING]
    return "" if value is None else str(value)


def _in_shape(slot: Slot, value: Any) -> Any:
    if value in (UNSTATED, [UNSTATED]):
        return UNSTATED
    if slot.kind == "choice" and isinstance(value, str):
        return slot.label_of(value)
    if slot.kind == "date" and isinstance(value, str):
        return iso_date(value)
    if slot.kind == "period" and isinstance(value, Mapping):
        return _period_in_shape(value)
    if slot.kind in ("rows", "sources") and isinstance(value, list):
        return [_dated(slot, row) for row in value]
    if slot.kind == "group":
        return _dated(slot, value)
    if slot.kind in MANY and isinstance(value, str) and value:
        return [value]
    if slot.kind == "lists" and isinstance(value, Mapping):
        return {key: [part] if isinstance(part, str) and part != UNSTATED else part for key, part in value.items()}
    return value


def _period_in_shape(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Both dates written where the first belongs are taken apart."""
    start = value.get("start", "")
    both = split_period(start) if isinstance(start, str) and "end" not in value else ()
    if len(both) == 2:
        return {**value, "start": both[0], "end": both[1]}
    return {key: iso_date(part) if isinstance(part, str) else part for key, part in value.items()}


def _dated(slot: Slot, row: Any) -> Any:
    """A row whose cells that hold dates hold them as files do."""
    if not isinstance(row, Mapping):
        return row
    dates = {"date"} if slot.kind == "sources" else {column.key for column in slot.columns if column.kind == "date"}
    return {key: iso_date(cell) if key in dates and isinstance(cell, str) else cell for key, cell in row.items()}


def piece_id(piece: str) -> str:
    """What names a piece of the tray, whatever was put into a field before it."""
    return hashlib.sha256(piece.encode()).hexdigest()[:12]


def places_for(template: Template) -> dict[str, str]:
    """The fields a piece can be put into: dotted path to label, sections first."""
    places = {slot.key: slot.heading for slot in template.sections}
    for slot in template.fields:
        if slot.kind in TEXTS | LISTS:
            places[slot.key] = slot.label
        elif slot.kind == "rows":
            places[slot.key] = f"{slot.label}（新的一行）"
        elif slot.kind == "lists":
            places |= {f"{slot.key}.{column.key}": f"{slot.label}·{column.label}" for column in slot.columns}
    return places


def put_piece(template: Template, fields: Mapping[str, Any], path: str, piece: str) -> dict[str, Any]:
    """The fields with the piece added at the end of one of them; nothing that stood there is lost."""
    key, _, column = path.partition(".")
    return {**fields, key: _added(template[key], fields.get(key, ""), column, piece.strip())}


def _added(slot: Slot, value: Any, column: str, piece: str) -> Any:
    if value == UNSTATED:
        value = ""
    if slot.is_section:
        return f"{value}\n\n{piece}" if value else piece
    one_line = " ".join(piece.split())
    if slot.kind in TEXTS:
        return f"{value}{one_line}"
    if slot.kind == "rows":
        return [*_entries(value), {slot.columns[0].key: one_line}]
    if slot.kind == "lists":
        lists = value if isinstance(value, Mapping) else {}
        return {**lists, column: [*_entries(lists.get(column, "")), one_line]}
    return [*_entries(value), one_line]


def _entries(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if value not in ("", None, UNSTATED) else []
