"""The page of a Word file of ours: GB/T 9704-2012.

156 × 225 mm of type, 22 lines of 28 characters. The grid is by lines: with characters as well LibreOffice sets 14 a line.
"""

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Twips

from kb.exports.word_looks import LINE, SONG, element, set_faces, set_styles

PAGE = {"page_width": 11906, "page_height": 16838}
MARGINS = {"top_margin": 2098, "bottom_margin": 1984, "left_margin": 1588, "right_margin": 1474}
"""Twips: 37, 35, 28 and 26 mm."""
FOOTER_DISTANCE = 1984 - 397 - 280
"""Twips from the edge: the page number stands 7 mm under the type area and is 14 pt high."""
FOREIGN_FILES = ("thumbnail",)
"""A picture of somebody else's page."""
FOREIGN_PARTS = ("stylesWithEffects", "theme", "fontTable", "customXml", "numbering", "webSettings")
"""Parts of python-docx's own template that say nothing of ours; a theme would choose faces."""


def new_document(title: str) -> Document:
    """An empty file with our page, styles and page numbers, and nothing of another template's theme."""
    document = docx.Document()
    set_styles(document)
    _set_page(document)
    for holder, kinds in ((document.part.package.rels, FOREIGN_FILES), (document.part.rels, FOREIGN_PARTS)):
        for key, relation in list(holder.items()):
            if relation.reltype.rpartition("/")[2] in kinds:
                del holder[key]
    document.core_properties.title = title
    document.core_properties.author = "党建创新案例库"
    document.core_properties.comments = ""
    return document


def _set_page(document: Document) -> None:
    section = document.sections[0]
    for name, twips in {**PAGE, **MARGINS}.items():
        setattr(section, name, Twips(twips))
    section.footer_distance = Twips(FOOTER_DISTANCE)
    section.header_distance = Twips(851)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    section._sectPr.append(element("w:docGrid", type="lines", linePitch=str(LINE)))
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0]._p, align="right", side="rightChars")
    _number(section.even_page_footer.paragraphs[0]._p, align="left", side="leftChars")


def _number(paragraph: BaseOxmlElement, *, align: str, side: str) -> None:
    """— 1 —: right with one character free on odd pages, left on even ones."""
    for child in list(paragraph):
        paragraph.remove(child)
    properties = element("w:pPr")
    properties.append(element("w:ind", **{side: "100"}))
    properties.append(element("w:jc", val=align))
    paragraph.append(properties)
    paragraph.append(_footer_run("— "))
    field = element("w:fldSimple", instr=" PAGE ")
    field.append(_footer_run("1"))
    paragraph.append(field)
    paragraph.append(_footer_run(" —"))


def _footer_run(text: str) -> BaseOxmlElement:
    run = element("w:r")
    properties = element("w:rPr")
    set_faces(properties, SONG, SONG)
    properties.append(element("w:sz", val="28"))
    run.append(properties)
    words = element("w:t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    return run
