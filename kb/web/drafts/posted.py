"""What a posted form says, as the plain values of a draft."""

import re
from collections.abc import Iterator
from typing import Any

from werkzeug.datastructures import MultiDict

from kb.domain.template import UNSTATED, Need, Slot, Template
from kb.web.drafts.inputs import SOURCE_COLUMNS

Form = MultiDict[str, str]
SEPARATED = frozenset({"keywords"})
"""Lists whose entries may also stand on one line with commas between them."""
MOST_ROWS = 60
_COMMAS = re.compile(r"[、，,；;\n]")


def read_posted(template: Template, form: Form) -> dict[str, Any]:
    """Plain values of every slot a writer fills; blank ones too, for emptying a field is a change."""
    return {slot.key: _value(slot, form) for slot in template.slots if slot.need is not Need.AUTOMATIC}


def _value(slot: Slot, form: Form) -> Any:
    key = slot.key
    if slot.unstated and form.get(f"unstated.{key}"):
        return UNSTATED
    if slot.kind in ("rows", "sources"):
        return list(_rows(slot, form))
    if slot.kind == "period":
        return _cells(form, f"{key}.", ("start", "end"))
    if slot.kind == "group":
        return _cells(form, f"{key}.", [column.key for column in slot.columns])
    if slot.kind == "lists":
        return {column.key: _lines(form.get(f"{key}.{column.key}", "")) for column in slot.columns}
    if slot.kind == "problems":
        return [text for number in range(9) if (text := form.get(f"{key}.{number}", ""))]
    if slot.kind == "indicators":
        return form.getlist(key)
    if slot.kind in ("terms", "loop"):
        text = form.get(key, "")
        return [part.strip() for part in _COMMAS.split(text)] if key in SEPARATED else _lines(text)
    return form.get(key, "")


def _rows(slot: Slot, form: Form) -> Iterator[dict[str, Any]]:
    columns = SOURCE_COLUMNS if slot.kind == "sources" else slot.columns
    keys = [column.key for column in columns]
    for number in range(MOST_ROWS):
        prefix = f"{slot.key}.{number}."
        if f"{prefix}{keys[0]}" in form:
            cells = _cells(form, prefix, keys)
            if slot.kind == "sources":
                cells["parts"] = [part.strip() for part in _COMMAS.split(str(cells["parts"]))]
            yield cells


def _cells(form: Form, prefix: str, keys: Any) -> dict[str, Any]:
    return {key: form.get(prefix + key, "") for key in keys}


def _lines(text: str) -> Any:
    lines = [line.strip() for line in text.replace("\r", "").split("\n")]
    return UNSTATED if [line for line in lines if line] == [UNSTATED] else lines


def move_row(fields: dict[str, Any], deed: str, path: str) -> dict[str, Any]:
    """The fields after `deed` (up, remove) on the row that the path steps.2 names; an unknown row changes nothing."""
    key, _, digits = path.partition(".")
    rows = fields.get(key)
    if not isinstance(rows, list) or not re.fullmatch(r"\d{1,2}", digits) or int(digits) >= len(rows):
        return fields
    changed, number = list(rows), int(digits)
    row = changed.pop(number)
    if deed == "up":
        changed.insert(max(0, number - 1), row)
    return {**fields, key: changed}
