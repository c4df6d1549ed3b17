"""Unit sheets as rows of a table, and back: a column a fact, so that a spreadsheet program can add them up and filter them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kb.domain.spreadsheet import Cell, Sheet
from kb.domain.taxonomy import Taxonomy
from kb.domain.template import Slot, Template
from kb.domain.unit_sheet import UnitSheet

UNIT, VERSION, ADOPTIONS = "单位", "版本", "采用的机制（不读入）"
SHEET_NAME = "单位表"
_BETWEEN = "、"


class TableColumn(NamedTuple):
    """A column: its label, the slot it is of and the column of a group ("" for a whole slot); `is_number` to be added up."""

    label: str
    slot: Slot
    part: str = ""
    is_number: bool = False


def columns_of(template: Template) -> tuple[TableColumn, ...]:
    """One for each slot, one for each part of a group."""
    columns: list[TableColumn] = []
    for slot in template.slots:
        if slot.kind == "group":
            columns.extend(TableColumn(part.label, slot, part.key, part.kind == "amount") for part in slot.columns)
        else:
            columns.append(TableColumn(slot.label, slot))
    return tuple(columns)


def labels_of(template: Template) -> tuple[str, ...]:
    """The labels of the columns that are read."""
    return (UNIT, VERSION, *(column.label for column in columns_of(template)))


def build_unit_table(
    template: Template, sheets: Sequence[UnitSheet], taxonomy: Taxonomy, adopted: Mapping[str, Sequence[str]]
) -> Sheet:
    """A row a unit; `adopted` are titles of mechanisms by unit."""
    columns = columns_of(template)
    rows = tuple(
        (
            sheet.unit,
            sheet.version,
            *(_cell(column, sheet.fields, taxonomy) for column in columns),
            "\n".join(adopted.get(sheet.unit, ())),
        )
        for sheet in sheets
    )
    return Sheet(SHEET_NAME, (UNIT, VERSION, *(column.label for column in columns), ADOPTIONS), rows)


def fields_of_row(template: Template, texts: Mapping[str, str], taxonomy: Taxonomy) -> dict[str, Any]:
    """The plain answers a row gives; a column that is not there answers nothing."""
    fields: dict[str, Any] = {}
    for column in columns_of(template):
        value = _value(column, texts.get(column.label, "").strip(), taxonomy)
        if value and column.part:
            fields.setdefault(column.slot.key, {})[column.part] = value
        elif value:
            fields[column.slot.key] = value
    return fields


def told_cells(template: Template, fields: Mapping[str, Any], taxonomy: Taxonomy) -> dict[str, str]:
    """The text of each column by its label: what pages show and what two versions are compared by."""
    return {column.label: str(_cell(column, fields, taxonomy)) for column in columns_of(template)}


def _cell(column: TableColumn, fields: Mapping[str, Any], taxonomy: Taxonomy) -> Cell:
    value = fields.get(column.slot.key, "")
    if column.part:
        text = value.get(column.part, "") if isinstance(value, Mapping) else ""
        return _number(text) if column.is_number else text
    return (
        "\n".join(_lines(column.slot, value, taxonomy))
        if column.slot.kind == "rows"
        else _joined(column, value, taxonomy)
    )


def _joined(column: TableColumn, value: Any, taxonomy: Taxonomy) -> str:
    if column.slot.kind == "problems":
        return _BETWEEN.join(f"{one} {taxonomy.label_of(one)}" for one in value or ())
    return _BETWEEN.join(value) if isinstance(value, list | tuple) else str(value)


def _lines(slot: Slot, rows: Any, taxonomy: Taxonomy) -> Iterator[str]:
    first, last = slot.columns[0].key, slot.columns[-1].key
    for row in rows or ():
        yield f"{row.get(first, '')}：{row[last]}" if row.get(last) else row.get(first, "")


def _number(text: str) -> Cell:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _value(column: TableColumn, text: str, taxonomy: Taxonomy) -> Any:
    if column.slot.kind == "problems":
        return [_problem_id(part, taxonomy) for part in _parts(text)]
    if column.slot.kind == "terms":
        return _parts(text)
    if column.slot.kind == "rows":
        return [row for line in text.split("\n") if (row := _row(column.slot, line.strip()))]
    return text


def _parts(text: str) -> list[str]:
    return [
        part
        for piece in text.replace("\n", _BETWEEN).replace("；", _BETWEEN).split(_BETWEEN)
        if (part := piece.strip())
    ]


def _problem_id(text: str, taxonomy: Taxonomy) -> str:
    """The id at the beginning, or the id of a label; the text itself where it is neither, which the check refuses."""
    first = text.split()[0]
    if taxonomy.find_problem(first):
        return first
    return next((problem.id for problem in taxonomy.problems.values() if problem.label == text), text)


def _row(slot: Slot, line: str) -> dict[str, str]:
    office, _, phone = line.replace(":", "：").rpartition("：")
    cells = {
        slot.columns[0].key: office.strip() or phone.strip(),
        slot.columns[-1].key: phone.strip() if office else "",
    }
    return {key: text for key, text in cells.items() if text}
