"""Tables as fields: a header of column labels over rows, or labels beside their answers."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from kb.domain.document import Table, cell_text
from kb.domain.template import Slot, Template
from kb.domain.word_form import SOURCE_COLUMNS, without_name
from kb.services.import_document.labels import Answer, Labels, has_remark, normalise


class FoundRows(NamedTuple):
    """Rows of a table field, and what stood in columns it does not have."""

    slot: Slot
    rows: list[dict[str, Any]]
    left: tuple[str, ...]


def find_rows(template: Template, table: Table, caption: Slot | None) -> FoundRows | None:
    """The rows of a table whose header names columns of a field; `caption` is the field its caption names."""
    if not table.rows:
        return None
    header = [normalise(cell_text(cell)) for cell in table.rows[0]]
    best: tuple[int, Slot] | None = None
    for slot in template.fields:
        columns = column_keys(slot)
        known = sum(label in columns for label in header) if slot.kind in ("rows", "sources") else 0
        is_enough = known >= 1 if slot is caption else known >= 2 and 2 * known >= len(header)
        if is_enough and (best is None or slot is caption or (best[1] is not caption and known > best[0])):
            best = (known, slot)
    return _rows_of(best[1], header, table) if best else None


def column_keys(slot: Slot) -> dict[str, str]:
    """Keys by label, of the columns of a table field."""
    if slot.kind == "sources":
        return {label: key for key, label in SOURCE_COLUMNS.items()}
    return {normalise(column.label): column.key for column in slot.columns}


def _rows_of(slot: Slot, header: list[str], table: Table) -> FoundRows:
    keys = column_keys(slot)
    rows = []
    left = [
        text for text in map(cell_text, table.rows[0]) if text and (normalise(text) not in keys or has_remark(text))
    ]
    for cells in table.rows[1:]:
        row: dict[str, Any] = {}
        for place, cell in enumerate(cells):
            key = keys.get(header[place], "") if place < len(header) else ""
            texts = [paragraph.text.strip() for paragraph in cell if paragraph.text.strip()]
            if texts and (not key or key in row):
                left += texts
            elif texts:
                row[key] = _cell_value(slot, key, texts)
        if row:
            rows.append(row)
    return FoundRows(slot, rows, tuple(left))


def _cell_value(slot: Slot, key: str, texts: list[str]) -> Any:
    if slot.kind == "sources":
        return texts if key == "parts" else without_name("\n".join(texts)) if key == "record" else "\n".join(texts)
    return "\n".join(texts)


def find_answers(labels: Labels, table: Table) -> Iterator[Answer | tuple[str, ...]]:
    """What each row of a table says: answers to fields, and rows of cells that name none."""
    for row in table.rows:
        left: list[str] = []
        place = 0
        while place < len(row):
            found = labels.find(cell_text(row[place]))
            if found is not None and place + 1 < len(row):
                texts = tuple(paragraph.text.strip() for paragraph in row[place + 1] if paragraph.text.strip())
                yield Answer(found, texts, cell_text(row[place]))
                place += 2
            else:
                left.append(cell_text(row[place]))
                place += 1
        if any(left):
            yield tuple(left)
