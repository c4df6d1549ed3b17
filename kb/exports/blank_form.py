"""The blank case form: the same labels and headings as an exported case, with what each asks in grey."""

from collections.abc import Iterator, Sequence

from docx.oxml.xmlchemy import BaseOxmlElement

from kb.domain.template import Need, Slot, Template
from kb.domain.word_form import (
    BODY,
    CAPTION,
    CELL,
    END,
    FORM_INTRO,
    FORM_NAME,
    HEADING,
    HINT,
    LISTED,
    LISTED_KINDS,
    LISTS_NAME,
    START,
    TABLE_KINDS,
    TITLE,
    hint,
)
from kb.exports.case_document import STANDS_AFTER, columns_of
from kb.exports.faces import OFFICIAL, FaceSet
from kb.exports.word_looks import FORM_LOOKS
from kb.exports.word_page import finish, new_document
from kb.exports.word_tables import answers_table, rows_table
from kb.exports.word_text import paragraph

BLANK_ROWS = 3
"""Rows of a table to begin with."""


def build_blank_form(template: Template, lists: Sequence[str] = (), faces: FaceSet = OFFICIAL) -> bytes:
    """The bytes of a .docx to fill in; what the program gives itself (number, stage, dates) is not asked.

    `lists` are lines of what may be chosen, to look up at the end.
    """
    asked = [slot for slot in template.fields if slot.need is not Need.AUTOMATIC]
    parts = [paragraph(TITLE, FORM_NAME), paragraph(HINT, FORM_INTRO)]
    parts.append(
        answers_table(
            [(slot.label, _cell(slot, is_listed=bool(lists))) for slot in asked if slot.kind not in TABLE_KINDS]
        )
    )
    apart = [slot for slot in asked if slot.kind in TABLE_KINDS]
    for section in template.sections:
        parts += [paragraph(HEADING, section.heading), paragraph(HINT, hint(section)), paragraph(BODY, "")]
        for slot in apart:
            if STANDS_AFTER.get(slot.key) == section.key:
                parts += _table(slot)
    for slot in apart:
        if slot.key not in STANDS_AFTER:
            parts += _table(slot)
    if lists:
        parts += [paragraph(CAPTION, LISTS_NAME), *(paragraph(HINT, line) for line in lists)]
    return finish(new_document(FORM_NAME, faces, FORM_LOOKS), parts)


def _cell(slot: Slot, *, is_listed: bool) -> list[BaseOxmlElement]:
    if slot.kind == "period":
        answers = [f"{START}：", f"{END}："]
    elif slot.columns:
        answers = [f"{column.label}：" for column in slot.columns]
    else:
        answers = [""]
    hints = [hint(slot), LISTED] if is_listed and slot.kind in LISTED_KINDS else [hint(slot)]
    return [*(paragraph(CELL, answer) for answer in answers), *(paragraph(HINT, text) for text in hints)]


def _table(slot: Slot) -> Iterator[BaseOxmlElement]:
    yield paragraph(CAPTION, slot.label)
    yield paragraph(HINT, hint(slot))
    if slot.kind == "lists":
        yield answers_table([(column.label, [paragraph(CELL, "")]) for column in slot.columns])
    else:
        columns = columns_of(slot)
        yield rows_table([column.label for column in columns], [[[] for _ in columns]] * BLANK_ROWS)
