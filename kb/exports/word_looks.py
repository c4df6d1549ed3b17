"""Faces and paragraph styles of a Word file of ours, named only: no font file is shipped (GB/T 9704-2012)."""

from typing import NamedTuple

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from kb.domain.word_form import (
    BODY,
    CAPTION,
    CELL,
    HEADING,
    HINT,
    ITEM,
    LABEL,
    SUBHEADING,
    THIRD_HEADING,
    TITLE,
    WordStyle,
)

LATIN = "Times New Roman"
FANGSONG, KAITI, HEITI, SONG, TITLE_SONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
LINE = 579
"""Twips: 22 lines of 28.95 pt are 636.9 of the 637.8 pt of the type area."""
CONDENSED = -5
"""Twips between characters: 28 × 15.75 pt are 441 of the 442.2 pt of a line; at 16 pt 28 would not fit."""
GREY = "767676"
KEPT_STYLES = ("Normal", "Header", "Footer", "DefaultParagraphFont", "TableNormal", "NoList")
"""What a page needs of the styles of python-docx's own template."""


class _Look(NamedTuple):
    style: WordStyle
    face: str
    points: float
    line: int = LINE
    align: str = "both"
    outline: int | None = None
    indent: bool = False
    before: int = 0
    after: int = 0
    colour: str = ""
    keeps_next: bool = False


LOOKS = (
    _Look(TITLE, TITLE_SONG, 22, line=660, align="center", outline=0, after=300, keeps_next=True),
    _Look(HEADING, HEITI, 16, align="left", outline=1, indent=True, before=120, keeps_next=True),
    _Look(SUBHEADING, KAITI, 16, align="left", outline=2, indent=True, keeps_next=True),
    _Look(THIRD_HEADING, FANGSONG, 16, align="left", outline=3, indent=True, keeps_next=True),
    _Look(BODY, FANGSONG, 16, indent=True),
    _Look(ITEM, FANGSONG, 16, indent=True),
    _Look(CAPTION, KAITI, 14, align="left", before=160, after=60, keeps_next=True),
    _Look(LABEL, HEITI, 11, line=340, align="left"),
    _Look(CELL, FANGSONG, 12, line=360, align="left"),
    _Look(HINT, KAITI, 10.5, line=320, align="left", colour=GREY),
)


def set_styles(document: Document) -> None:
    """Our styles, and nothing of another template's."""
    _drop_foreign_styles(document)
    for look in LOOKS:
        _add_style(document, look)


def set_faces(properties: BaseOxmlElement, east_asian: str, latin: str = LATIN) -> None:
    """Names both faces on run properties; `hint` makes quotation marks between Chinese words wide ones."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key, value in (
        ("ascii", latin),
        ("hAnsi", latin),
        ("cs", latin),
        ("eastAsia", east_asian),
        ("hint", "eastAsia"),
    ):
        fonts.set(qn(f"w:{key}"), value)


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """A WordprocessingML element: element("w:spacing", line="579")."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _drop_foreign_styles(document: Document) -> None:
    """Leaves what a page needs of the library's own template, without its theme faces."""
    styles = document.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if style.get(qn("w:styleId")) not in KEPT_STYLES:
            styles.remove(style)
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        for key in [key for key in fonts.attrib if "heme" in key]:
            del fonts.attrib[key]
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults is not None
    set_faces(defaults, FANGSONG)
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _add_style(document: Document, look: _Look) -> None:
    style = document.styles.add_style(look.style.name, WD_STYLE_TYPE.PARAGRAPH)
    style.quick_style = True
    made = style.element
    made.set(qn("w:styleId"), look.style.id)
    paragraph = made.get_or_add_pPr()
    # The schema fixes the order of these.
    if look.keeps_next:
        paragraph.append(element("w:keepNext"))
    paragraph.append(element("w:widowControl", val="0"))
    paragraph.append(element("w:snapToGrid", val="0"))
    paragraph.append(
        element("w:spacing", before=str(look.before), after=str(look.after), line=str(look.line), lineRule="exact")
    )
    if look.indent:
        paragraph.append(element("w:ind", firstLineChars="200", firstLine="640"))
    paragraph.append(element("w:jc", val=look.align))
    if look.outline is not None:
        paragraph.append(element("w:outlineLvl", val=str(look.outline)))
    run = made.get_or_add_rPr()
    set_faces(run, look.face)
    if look.colour:
        run.append(element("w:color", val=look.colour))
    if look.style in (BODY, ITEM, HEADING, SUBHEADING, THIRD_HEADING):
        run.append(element("w:spacing", val=str(CONDENSED)))
    for tag in ("w:sz", "w:szCs"):
        run.append(element(tag, val=str(round(look.points * 2))))
