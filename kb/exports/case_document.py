"""A case as a Word file on the case form; the import gives the same plain values back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docx.oxml.xmlchemy import BaseOxmlElement

from kb.domain.template import Column, Slot, Template
from kb.domain.word_form import (
    CAPTION,
    CELL,
    END,
    HEADING,
    HINT,
    READ_IN_PART,
    SOURCE_COLUMNS,
    START,
    TABLE_KINDS,
    TITLE,
    with_name,
)
from kb.exports.faces import OFFICIAL, FaceSet
from kb.exports.title_lines import title_lines
from kb.exports.word_ends import TITLE_LENGTH
from kb.exports.word_looks import FORM_LOOKS
from kb.exports.word_page import finish, new_document
from kb.exports.word_styles import element
from kb.exports.word_tables import WIDTH, answers_table, rows_table
from kb.exports.word_text import paragraph, section_paragraphs, with_properties

TITLE_CHARACTER = 450
"""Twips of a character of the title, a little more than its 22 pt."""
STANDS_AFTER = {"steps": "practice", "results": "effect", "promotion": "carrying"}
"""The section a table belongs to; other tables stand at the end."""

Names = Mapping[str, str]
"""What ids mean, for the reader of the paper: problem types, mechanisms, provenance records."""


def build_case_document(
    template: Template,
    plain: Mapping[str, Any],
    names: Names,
    faces: FaceSet = OFFICIAL,
    *,
    is_read_in_part: bool = False,
) -> bytes:
    """The bytes of a .docx with every answer of `plain` (as a case file holds them)."""
    title = _text(plain.get("title", ""))
    document = new_document(title, faces, FORM_LOOKS)
    parts = [_title(title)]
    if is_read_in_part:
        parts.append(paragraph(HINT, READ_IN_PART))
    parts.append(answers_table(list(_answers(template, plain, names))))
    parts += _sections(template, plain, names)
    return finish(document, parts)


def _title(title: str) -> BaseOxmlElement:
    """One paragraph without line ends of ours, which an import would take for the editor's; narrowed to lines of like length."""
    made = paragraph(TITLE, title)
    lines = title_lines(title, TITLE_LENGTH)
    if len(lines) == 1:
        return made
    free = str(max(0, (WIDTH - max(map(len, lines)) * TITLE_CHARACTER) // 2))
    return with_properties(made, element("w:ind", left=free, right=free))


def _answers(template: Template, plain: Mapping[str, Any], names: Names) -> Iterator[tuple[str, list[BaseOxmlElement]]]:
    for slot in template.fields:
        value = plain.get(slot.key)
        if value and slot.key != "title" and not _stands_apart(slot, value):
            yield slot.label, [paragraph(CELL, text) for text in _texts(slot, value, names)]


def _stands_apart(slot: Slot, value: Any) -> bool:
    return slot.kind in TABLE_KINDS and not isinstance(value, str)


def _texts(slot: Slot, value: Any, names: Names) -> list[str]:
    if isinstance(value, str):
        return [with_name(value, names)]
    if isinstance(value, Mapping):
        labels = {column.key: column.label for column in slot.columns} or {"start": START, "end": END}
        return [f"{labels.get(key, key)}：{text}" for key, text in value.items() if text]
    texts = [with_name(_text(entry), names) for entry in value]
    # A lone entry that holds a separator would come back as several.
    return [f"{texts[0]}；"] if len(texts) == 1 and slot.kind != "text" and "、" in texts[0] and slot.count else texts


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _sections(template: Template, plain: Mapping[str, Any], names: Names) -> Iterator[BaseOxmlElement]:
    placed: set[str] = set()
    for section in template.sections:
        if not plain.get(section.key):
            continue
        yield paragraph(HEADING, section.heading)
        yield from section_paragraphs(_text(plain[section.key]))
        for slot in template.fields:
            if STANDS_AFTER.get(slot.key) == section.key:
                placed.add(slot.key)
                yield from _apart(slot, plain.get(slot.key), names)
    for slot in template.fields:
        if slot.key not in placed:
            yield from _apart(slot, plain.get(slot.key), names)


def _apart(slot: Slot, value: Any, names: Names) -> Iterator[BaseOxmlElement]:
    if not value or not _stands_apart(slot, value):
        return
    yield paragraph(CAPTION, slot.label)
    if slot.kind == "lists":
        labels = {column.key: column.label for column in slot.columns}
        rows = [(labels.get(key, key), _entries(entry)) for key, entry in value.items() if entry]
        yield answers_table([(label, [paragraph(CELL, text) for text in texts]) for label, texts in rows])
        return
    columns = used_columns(columns_of(slot), value)
    cells = [
        [[with_name(text, names) for text in _entries(row.get(column.key, ""))] for column in columns] for row in value
    ]
    yield rows_table([column.label for column in columns], cells)


def columns_of(slot: Slot) -> Sequence[Column]:
    """The columns of a table slot; those of sources are not in the template."""
    return slot.columns or [Column(key, label) for key, label in SOURCE_COLUMNS.items()]


def used_columns(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    return [column for column in columns if any(row.get(column.key) for row in rows)]


def _entries(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [_text(entry) for entry in value]
