"""An office's own Word layout filled with a document: in a sandbox, and only within a child process (row 29 of the threats)."""

import io
import re
from collections.abc import Iterator, Mapping

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kb.domain.office_document import OfficeDocument
from kb.domain.office_layout import LAYOUT_FIELDS, PLACE_FIELDS, fields_of
from kb.domain.word_form import CELL
from kb.errors import UnreadableFile
from kb.exports.faces import FaceSet
from kb.exports.office_word import DocumentWriter
from kb.exports.word_ends import note_lines, signature_lines
from kb.exports.word_looks import OFFICE_LOOKS
from kb.exports.word_styles import add_missing_styles
from kb.exports.word_text import clean, paragraph

MARK = "\ue000{}\ue001"
"""What a field of PLACE_FIELDS is filled with first; private characters that no text of ours has."""
BLANK = "\ue002"
"""What a field without words is filled with first: a paragraph of nothing else is left out with its rule."""
_PRIVATE = re.compile("[\ue000-\ue002]")
NEVER_LEFT_OUT = ("body", "notes")
"""Fields that come at the end where a layout has no place for them: no piece goes out without its sources."""
_ALLOWED = "可以用的只有：" + "、".join(f"{{{{ {name} }}}}" for name in LAYOUT_FIELDS) + "。"


class _Blank(str):
    """Words that are none: a layout that asks for them is told so."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


def fill_layout(layout: bytes, document: OfficeDocument, faces: FaceSet) -> bytes:
    """The layout with the document in it; raises UnreadableFile for marks it may not use or that cannot be read."""
    file = docx.Document(io.BytesIO(_render(layout, document)))
    _leave_out_blanks(file)
    others = add_missing_styles(file, faces, OFFICE_LOOKS)
    parts = {
        "body": lambda: DocumentWriter(file, document).body(),
        "signature": lambda: signature_lines(document.signature) if document.signature else iter(()),
        "notes": lambda: note_lines(document.notes),
    }
    places = {field: list(_places(file, MARK.format(field))) for field in PLACE_FIELDS}
    for field in NEVER_LEFT_OUT:
        places[field] = places[field] or [_place_at_end(file, MARK.format(field))]
    for field, found in places.items():
        for place in found:
            _put(place, MARK.format(field), [_styled(part, others) for part in parts[field]()])
    _check_places(file)
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def _render(layout: bytes, document: OfficeDocument) -> bytes:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()
    words = {field: _PRIVATE.sub("", clean(text)) or _Blank(BLANK) for field, text in fields_of(document).items()}
    template = DocxTemplate(io.BytesIO(layout))
    try:
        template.render(
            {**words, **{field: MARK.format(field) for field in PLACE_FIELDS}}, environment, autoescape=True
        )
    except SecurityError as error:
        raise UnreadableFile("版式里用了不许用的标记。", advice=_ALLOWED) from error
    except TemplateError as error:
        raise UnreadableFile(f"版式里的标记有误：{str(error.message)[:80]}。", advice=_ALLOWED) from error
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise UnreadableFile("版式里的标记算不出结果。", advice=_ALLOWED) from error
    buffer = io.BytesIO()
    template.save(buffer)
    return buffer.getvalue()


def _leave_out_blanks(file: Document) -> None:
    """No paragraph of fields that nobody filled in, wherever it stands; the last of a cell, a header, a footer stays, empty."""
    for holder in _holders(file):
        for found in [one for one in holder.iter(qn("w:p")) if BLANK in _text(one)]:
            parent = found.getparent()
            assert parent is not None
            is_alone = parent.tag != qn("w:body") and len(parent.findall(qn("w:p"))) == 1
            if _text(found).replace(BLANK, "").strip() or is_alone or found.find(f".//{qn('w:sectPr')}") is not None:
                for words in found.iter(qn("w:t")):
                    words.text = (words.text or "").replace(BLANK, "")
            else:
                parent.remove(found)


def _holders(file: Document) -> Iterator[BaseOxmlElement]:
    yield file.element.body
    for section in file.sections:
        for part in (
            section.header, section.footer, section.even_page_header,
            section.even_page_footer, section.first_page_header, section.first_page_footer,
        ):  # fmt: skip
            if not part.is_linked_to_previous:
                yield part._element


def _styled(part: BaseOxmlElement, others: Mapping[str, str]) -> BaseOxmlElement:
    """The part with styles by the ids this file has for them."""
    for style in part.iter(qn("w:pStyle"), qn("w:rStyle")):
        used = style.get(qn("w:val"), "")
        style.set(qn("w:val"), others.get(used, used))
    return part


def _places(file: Document, mark: str) -> Iterator[BaseOxmlElement]:
    return iter([found for found in file.element.body.iter(qn("w:p")) if mark in _text(found)])


def _place_at_end(file: Document, mark: str) -> BaseOxmlElement:
    made = paragraph(CELL, mark)
    file.element.body.get_or_add_sectPr().addprevious(made)
    return made


def _check_places(file: Document) -> None:
    """Raises UnreadableFile where a mark is left: headers, footers and notes of a page hold no blocks."""
    for part in file.part.package.iter_parts():
        for field in PLACE_FIELDS:
            if MARK.format(field).encode() in part.blob:
                raise UnreadableFile(
                    f"版式的页眉、页脚或脚注里放了 {{{{ {field} }}}}。", advice="这个字段只能放在正文里，单独占一段。"
                )


def _text(found: BaseOxmlElement) -> str:
    return "".join(words.text or "" for words in found.iter(qn("w:t")))


def _put(place: BaseOxmlElement, mark: str, parts: list[BaseOxmlElement]) -> None:
    """The parts before the paragraph with the mark, which goes too unless it says something besides."""
    for part in parts:
        place.addprevious(part)
    parent = place.getparent()
    assert parent is not None
    if _text(place).strip() == mark:
        parent.remove(place)
    else:
        for words in place.iter(qn("w:t")):
            words.text = (words.text or "").replace(mark, "")
    children = [child for child in parent if child.tag in (qn("w:p"), qn("w:tbl"))]
    if parent.tag == qn("w:tc") and (not children or children[-1].tag != qn("w:p")):
        parent.append(paragraph(CELL, ""))
