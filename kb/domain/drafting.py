"""Pieces of text on their way into the fields of a draft."""

import hashlib
from collections.abc import Mapping
from typing import Any

from kb.domain.template import UNSTATED, Slot, Template

TEXTS = frozenset({"text", "unit"})
LISTS = frozenset({"terms"})


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
