"""The page of a Word file of ours: GB/T 9704-2012.

156 × 225 mm of type, 22 lines of 28 characters. The grid is by lines: with characters as well LibreOffice sets 14 a line.
"""

import io
from collections.abc import Sequence
from functools import cache

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Twips

from kb.domain.word_form import CELL
from kb.exports.faces import FaceSet
from kb.exports.word_looks import LINE, Look
from kb.exports.word_styles import element, set_faces, set_styles
from kb.exports.word_text import clean, paragraph

PAGE = {"page_width": 11906, "page_height": 16838}
MARGINS = {"top_margin": 2098, "bottom_margin": 1984, "left_margin": 1588, "right_margin": 1474}
"""Twips: 37, 35, 28 and 26 mm."""
FOOTER_DISTANCE = 1984 - 397 - 280
"""Twips from the edge: the page number stands 7 mm under the type area and is 14 pt high."""
MAX_PROPERTY = 255
"""Characters of a title among a file's properties; the page shows all of it."""
FOREIGN_FILES = ("thumbnail",)
"""A picture of somebody else's page."""
FOREIGN_PARTS = ("stylesWithEffects", "theme", "fontTable", "customXml", "numbering", "webSettings")
"""Parts of python-docx's own template that say nothing of ours; a theme would choose faces."""

FOREIGN_SETTINGS = ("w:rsids", "w:savePreviewPicture", "w:proofState", "w:zoom")
"""Marks of somebody else's work on python-docx's own template."""


def new_document(title: str, faces: FaceSet, looks: tuple[Look, ...]) -> Document:
    """An empty file with our page, styles and page numbers, and nothing of another template's theme."""
    document = docx.Document(io.BytesIO(_empty_file(faces, looks)))
    document.core_properties.title = clean(title)[:MAX_PROPERTY]
    return document


@cache
def _empty_file(faces: FaceSet, looks: tuple[Look, ...]) -> bytes:
    document = docx.Document()
    set_styles(document, faces, looks)
    _set_page(document, faces)
    _set_settings(document)
    for holder, kinds in ((document.part.package.rels, FOREIGN_FILES), (document.part.rels, FOREIGN_PARTS)):
        for key, relation in list(holder.items()):
            if relation.reltype.rpartition("/")[2] in kinds:
                del holder[key]
    document.core_properties.author = "党建创新案例库"
    document.core_properties.comments = ""
    properties = document.core_properties._element
    for moment in list(properties.iterchildren("{http://purl.org/dc/terms/}*")):
        properties.remove(moment)  # of somebody else's file, of 2013
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def finish(document: Document, parts: Sequence[BaseOxmlElement]) -> bytes:
    """The file with these parts in its body; Word wants a paragraph after the last table."""
    end = document.element.body.sectPr
    for part in [*parts, paragraph(CELL, "")] if parts and parts[-1].tag == qn("w:tbl") else parts:
        end.addprevious(part)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_page(document: Document, faces: FaceSet) -> None:
    section = document.sections[0]
    for name, twips in {**PAGE, **MARGINS}.items():
        setattr(section, name, Twips(twips))
    section.footer_distance = Twips(FOOTER_DISTANCE)
    section.header_distance = Twips(851)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    section._sectPr.append(element("w:docGrid", type="lines", linePitch=str(LINE)))
    document.settings.odd_and_even_pages_header_footer = True
    face = faces.number.name
    _number(section.footer.paragraphs[0]._p, face, align="right", side="rightChars")
    _number(section.even_page_footer.paragraphs[0]._p, face, align="left", side="leftChars")


def _set_settings(document: Document) -> None:
    """As Word of today lays out (else its title bar says 兼容模式), in Chinese."""
    settings = document.settings.element
    for tag in FOREIGN_SETTINGS:
        for found in settings.findall(qn(tag)):
            settings.remove(found)
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _number(paragraph: BaseOxmlElement, face: str, *, align: str, side: str) -> None:
    """— 1 —: right with one character free on odd pages, left on even ones."""
    for child in list(paragraph):
        paragraph.remove(child)
    properties = element("w:pPr")
    properties.append(element("w:ind", **{side: "100"}))
    properties.append(element("w:jc", val=align))
    paragraph.append(properties)
    paragraph.append(_footer_run("— ", face))
    field = element("w:fldSimple", instr=" PAGE ")
    field.append(_footer_run("1", face))
    paragraph.append(field)
    paragraph.append(_footer_run(" —", face))


def _footer_run(text: str, face: str) -> BaseOxmlElement:
    run = element("w:r")
    properties = element("w:rPr")
    set_faces(properties, face, face)
    properties.append(element("w:sz", val="28"))
    run.append(properties)
    words = element("w:t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    return run
