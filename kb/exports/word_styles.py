"""Styles of a Word file of ours, made of its looks and a set of faces; nothing of another template's."""

from collections.abc import Sequence
from functools import cache

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser
from docx.oxml.xmlchemy import BaseOxmlElement

from kb.exports.faces import ROLES, FaceSet
from kb.exports.word_looks import CONDENSED, Look

KEPT_STYLES = ("Normal", "Header", "Footer", "DefaultParagraphFont", "TableNormal", "NoList")
"""What a page needs of the styles of python-docx's own template."""

_NAMES = {"w": nsmap["w"]}


def rare_style(role: str) -> str:
    """Id of the character style for Han outside GB 2312 in text of this role."""
    return f"Rare{role.capitalize()}"


def beyond_style(role: str) -> str:
    """Id of the character style for Han of planes 2 and 3 in text of this role."""
    return f"Beyond{role.capitalize()}"


def set_styles(document: Document, faces: FaceSet, looks: Sequence[Look]) -> None:
    """These looks in these faces."""
    _drop_foreign_styles(document, faces)
    add_missing_styles(document, faces, looks)


def add_missing_styles(document: Document, faces: FaceSet, looks: Sequence[Look]) -> dict[str, str]:
    """Those of the looks that a file has not, by id or by name: a layout may define its own.

    Returns the file's id of each that it has by name alone, by ours: Word gives styles new ids when it saves a file.
    """
    ids = {style.style_id for style in document.styles}
    named = {style.name: style.style_id for style in document.styles if style.name}
    others: dict[str, str] = {}
    for look in looks:
        if look.style.id in ids:
            continue
        if look.style.name in named:
            others[look.style.id] = named[look.style.name]
        else:
            _add_style(document, look, faces)
    for role in ROLES:
        face = faces.of(role)
        for style, name, family in (
            (rare_style(role), f"生僻字（{role}）", face.rare),
            (beyond_style(role), f"扩展区汉字（{role}）", face.beyond),
        ):
            if style in ids:
                continue
            if name in named:
                others[style] = named[name]
            else:
                _add_characters(document, style, name, family, faces)
    return others


def set_faces(properties: BaseOxmlElement, east_asian: str, latin: str) -> None:
    """Names both faces on run properties; `hint` makes quotation marks between Chinese words wide ones."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = element("w:rFonts")
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
    named = {_name(f"w:{key}"): text for key, text in attributes.items()}
    made: BaseOxmlElement = oxml_parser.makeelement(_name(tag), named, _NAMES)
    return made


@cache
def _name(tag: str) -> str:
    return qn(tag)


def _drop_foreign_styles(document: Document, faces: FaceSet) -> None:
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
    set_faces(defaults, faces.text.name, faces.latin)
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _add_style(document: Document, look: Look, faces: FaceSet) -> None:
    style = document.styles.add_style(look.style.name, WD_STYLE_TYPE.PARAGRAPH)
    style.quick_style = True
    made = style.element
    made.set(qn("w:styleId"), look.style.id)
    paragraph = made.get_or_add_pPr()
    # The schema fixes the order of these.
    if look.keeps_next:
        paragraph.append(element("w:keepNext"))
    paragraph.append(element("w:widowControl", val="0"))
    if look.breaks_words:
        paragraph.append(element("w:wordWrap", val="0"))
    paragraph.append(element("w:snapToGrid", val="0"))
    line = {"line": str(look.line), "lineRule": "exact"} if look.line else {"line": "240", "lineRule": "auto"}
    paragraph.append(element("w:spacing", before=str(look.before), after=str(look.after), **line))
    if look.indent:
        paragraph.append(element("w:ind", firstLineChars="200", firstLine=str(round(look.points * 40))))
    paragraph.append(element("w:jc", val=look.align))
    if look.outline is not None:
        paragraph.append(element("w:outlineLvl", val=str(look.outline)))
    run = made.get_or_add_rPr()
    face = faces.of(look.role)
    set_faces(run, face.name, faces.latin)
    if face.is_bold:
        run.append(element("w:b"))
    if look.colour:
        run.append(element("w:color", val=look.colour))
    if look.condensed:
        run.append(element("w:spacing", val=str(CONDENSED)))
    for tag in ("w:sz", "w:szCs"):
        run.append(element(tag, val=str(round(look.points * 2))))


def _add_characters(document: Document, style_id: str, name: str, face: str, faces: FaceSet) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    style.hidden = True
    style.element.set(qn("w:styleId"), style_id)
    set_faces(style.element.get_or_add_rPr(), face, faces.latin)
