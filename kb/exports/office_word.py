"""An office document as a Word file: the one way out of case, mechanism, list, plan, report and 简报."""

import io
from collections.abc import Iterator, Sequence
from functools import singledispatchmethod

from docx.document import Document
from docx.image.image import Image as Picture
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Twips

from kb.domain.office_document import (
    Block,
    CheckBoxes,
    DataTable,
    Facts,
    Heading,
    Image,
    ItemList,
    OfficeDocument,
    PageBreak,
    Quotation,
    Text,
    leads,
)
from kb.domain.word_form import BULLET, CAPTION, CELL, LABEL, WordStyle
from kb.exports.contents import listed_headings
from kb.exports.faces import OFFICIAL, FaceSet
from kb.exports.page_numbers import page_numbers
from kb.exports.title_lines import title_lines
from kb.exports.word_contents import contents_list, mark_heading
from kb.exports.word_ends import TITLE_LENGTH, head_lines, note_lines, signature_lines
from kb.exports.word_looks import (
    OFFICE_FLUSH,
    OFFICE_HEADINGS,
    OFFICE_LOOKS,
    OFFICE_PICTURE,
    OFFICE_PICTURE_NAME,
    OFFICE_QUOTATION,
    OFFICE_SMALL_CELL,
    OFFICE_SMALL_LABEL,
    OFFICE_SOURCE,
    OFFICE_SUBTITLE,
    OFFICE_TEXT,
    OFFICE_TITLE,
)
from kb.exports.word_page import finish, new_document
from kb.exports.word_styles import element
from kb.exports.word_tables import WIDTH, answers_table, is_small, rows_table, with_room_above
from kb.exports.word_text import begin_page, paragraph, with_properties

PICTURE_WIDTH, PICTURE_HEIGHT = WIDTH, 9000
"""Twips a picture may take: the type area less a line for its name and some text."""
BOX = "□ "


def build_word(document: OfficeDocument, faces: FaceSet = OFFICIAL) -> bytes:
    """The bytes of a .docx by GB/T 9704-2012, without red head, number or seal."""
    file = new_document(document.title, faces, OFFICE_LOOKS)
    return finish(file, list(DocumentWriter(file, document).parts()))


class DocumentWriter:
    """Writes the blocks of one document one after the other."""

    def __init__(self, file: Document, document: OfficeDocument) -> None:
        self._file = file
        self._document = document
        self._listed = listed_headings(document)
        self._entries = {entry.place: entry for entry in self._listed}

    def parts(self) -> Iterator[BaseOxmlElement]:
        """All of it, from the head to the notes."""
        document = self._document
        if head := document.set_head:
            yield from head_lines(head)
        if document.title:
            yield paragraph(OFFICE_TITLE, "\n".join(title_lines(document.title, TITLE_LENGTH)))
        if under := document.under_title:
            yield paragraph(OFFICE_SUBTITLE, under)
        yield from self.body()
        if document.signature:
            yield from signature_lines(document.signature)
        yield from note_lines(document.notes)

    def body(self) -> Iterator[BaseOxmlElement]:
        """The contents list and the blocks."""
        if self._listed:
            yield from contents_list(self._listed, page_numbers(self._document, self._listed))
        yield from with_room_above(self._paged(self._document.set_blocks, breaks=bool(self._listed)))

    def _paged(self, blocks: Sequence[Block], *, breaks: bool) -> Iterator[BaseOxmlElement]:
        """The blocks; a page break goes before the first paragraph after it, so that no empty line heads the page."""
        for place, block in enumerate(blocks):
            breaks = breaks or isinstance(block, PageBreak)
            for part in self._write(block):
                if place in self._entries:
                    mark_heading(part, self._entries[place])
                if breaks:
                    yield from begin_page(part)
                    breaks = False
                else:
                    yield part

    @singledispatchmethod
    def _write(self, block: Block) -> Iterator[BaseOxmlElement]:
        raise TypeError(type(block).__name__)

    @_write.register
    def _(self, block: PageBreak) -> Iterator[BaseOxmlElement]:
        return iter(())

    @_write.register
    def _(self, block: Heading) -> Iterator[BaseOxmlElement]:
        yield paragraph(OFFICE_HEADINGS[min(max(block.level, 1), 4) - 1], block.text)

    @_write.register
    def _(self, block: Text) -> Iterator[BaseOxmlElement]:
        made = paragraph(OFFICE_TEXT if block.is_indented else OFFICE_FLUSH, block.text)
        yield with_properties(made, element("w:keepNext")) if leads(block) else made

    @_write.register
    def _(self, block: Quotation) -> Iterator[BaseOxmlElement]:
        made = paragraph(OFFICE_QUOTATION, block.text)
        yield with_properties(made, element("w:keepNext")) if block.source else made
        if block.source:
            yield paragraph(OFFICE_SOURCE, f"——{block.source}")

    @_write.register
    def _(self, block: ItemList) -> Iterator[BaseOxmlElement]:
        for number, item in block.numbered:
            yield paragraph(OFFICE_TEXT, f"{number}. {item}" if block.is_numbered else BULLET + item)

    @_write.register
    def _(self, block: CheckBoxes) -> Iterator[BaseOxmlElement]:
        for item in block.items:
            yield paragraph(OFFICE_TEXT, BOX + item)

    @_write.register
    def _(self, block: DataTable) -> Iterator[BaseOxmlElement]:
        if block.caption:
            yield paragraph(CAPTION, block.caption)
        label, cell = _styles(is_small=is_small(block))
        rows = [[text.split("\n") for text in row] for row in block.rows]
        yield rows_table(block.columns, rows, label=label, cell=cell)

    @_write.register
    def _(self, block: Facts) -> Iterator[BaseOxmlElement]:
        label, cell = _styles(is_small=block.is_small)
        rows = [(name, [paragraph(cell, line) for line in text.split("\n")]) for name, text in block.rows]
        yield answers_table(rows, label=label)

    @_write.register
    def _(self, block: Image) -> Iterator[BaseOxmlElement]:
        picture = Picture.from_blob(block.data)
        scale = min(1, Twips(PICTURE_WIDTH) / picture.width, Twips(PICTURE_HEIGHT) / picture.height)
        size = (int(picture.width * scale), int(picture.height * scale))
        drawing, run = element("w:drawing"), element("w:r")
        drawing.append(self._file.part.new_pic_inline(io.BytesIO(block.data), *map(Emu, size)))
        run.append(drawing)
        made = paragraph(OFFICE_PICTURE, "")
        made.append(run)
        yield made if block.caption else with_properties(made, element("w:keepNext", val="0"))
        if block.caption:
            yield paragraph(OFFICE_PICTURE_NAME, block.caption)


def _styles(*, is_small: bool) -> tuple[WordStyle, WordStyle]:
    return (OFFICE_SMALL_LABEL, OFFICE_SMALL_CELL) if is_small else (LABEL, CELL)
