"""The form of a unit sheet: the controls of each slot of its template, and the plain answers of what was posted."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from kb.domain.template import Column, Slot, Template

MOST_POSTED = 2000
"""Characters taken of one control; the check refuses what is too long by name."""


class Control(NamedTuple):
    """`kind` is line, box, select or checks; `name` the dotted path of what it holds."""

    name: str
    label: str
    kind: str
    value: str = ""
    options: tuple[str, ...] = ()
    chosen: frozenset[str] = frozenset()


class FormField(NamedTuple):
    """A slot with its controls, in rows of cells where it has rows."""

    slot: Slot
    rows: tuple[tuple[Control, ...], ...]
    is_needed: bool


def build_form(template: Template, fields: Mapping[str, Any]) -> list[FormField]:
    """The controls, filled with these answers."""
    return [
        FormField(slot, _rows(slot, fields.get(slot.key, "")), slot.need.value == "submit") for slot in template.slots
    ]


def read_form(template: Template, form: MultiDict[str, str]) -> dict[str, Any]:
    """The plain answers of a posted form; blank ones are left to whoever tidies them."""
    return {slot.key: _read(slot, form) for slot in template.slots}


def _rows(slot: Slot, value: Any) -> tuple[tuple[Control, ...], ...]:
    if slot.kind == "rows":
        given = [row for row in value or () if isinstance(row, Mapping)]
        count = max(len(given), slot.count[1] if slot.count else len(given) + 1)
        blank: list[Mapping[str, str]] = [{}] * (count - len(given))
        return tuple(_cells(slot, f"{slot.key}.{place}", row) for place, row in enumerate([*given, *blank]))
    if slot.kind == "group":
        return (_cells(slot, slot.key, value if isinstance(value, Mapping) else {}),)
    return ((_single(slot, value),),)


def _single(slot: Slot, value: Any) -> Control:
    if slot.kind == "choice":
        return Control(slot.key, slot.label, "select", str(value), tuple(choice.label for choice in slot.choices))
    if slot.kind == "problems":
        return Control(slot.key, slot.label, "checks", chosen=frozenset(value or ()))
    if slot.kind == "terms":
        return Control(slot.key, slot.label, "box", "\n".join(value or ()))
    return Control(slot.key, slot.label, "line" if slot.kind == "date" else "box", str(value))


def _cells(slot: Slot, path: str, row: Mapping[str, str]) -> tuple[Control, ...]:
    return tuple(_cell(f"{path}.{column.key}", column, row.get(column.key, "")) for column in slot.columns)


def _cell(name: str, column: Column, value: str) -> Control:
    return Control(name, column.label, "select" if column.choices else "line", value, column.choices)


def _read(slot: Slot, form: MultiDict[str, str]) -> Any:
    if slot.kind == "rows":
        count = slot.count[1] if slot.count else 1
        return [_read_cells(slot, f"{slot.key}.{place}", form) for place in range(count)]
    if slot.kind == "group":
        return _read_cells(slot, slot.key, form)
    if slot.kind == "problems":
        return [text[:MOST_POSTED] for text in form.getlist(slot.key)[:100]]
    text = form.get(slot.key, "")[:MOST_POSTED]
    return text.split("\n") if slot.kind == "terms" else text


def _read_cells(slot: Slot, path: str, form: MultiDict[str, str]) -> dict[str, str]:
    return {column.key: form.get(f"{path}.{column.key}", "")[:MOST_POSTED] for column in slot.columns}
