"""Text of ours as Word holds it: characters a file may hold, line breaks, and a face that has each character."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from kb.domain.word_form import BODY, BULLET, CELL, ITEM, LIST_ITEM, SUBHEADING, THIRD_HEADING, WordStyle
from kb.exports.word_looks import ROLE_OF
from kb.exports.word_styles import beyond_style, element, rare_style

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEADINGS = {"### ": SUBHEADING, "#### ": THIRD_HEADING}
_ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "pBdr", "tabs", "spacing", "ind", "jc",
)  # fmt: skip
_FIRST_HAN, _PLANE_1, _PLANE_2, _PLANE_4 = "\u2e80", "\U00010000", "\U00020000", "\U00040000"


def clean(text: str) -> str:
    """The text without characters XML cannot hold: Word refuses the whole file for one of them."""
    return _FORBIDDEN.sub("", text)


def paragraph(style: WordStyle, text: str) -> BaseOxmlElement:
    """A paragraph of the style; line ends become breaks, and rare Han characters stand in a face that has them."""
    made = element("w:p")
    properties = element("w:pPr")
    properties.append(element("w:pStyle", val=style.id))
    made.append(properties)
    for wanted, group in groupby(clean(text), key=_wanted_style):
        made.append(_run("".join(group), wanted(ROLE_OF[style.id]) if wanted else ""))
    return made


def style_of(made: BaseOxmlElement) -> str:
    """Id of the style of a paragraph of ours, "" for anything else."""
    style = made.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return style.get(qn("w:val"), "") if style is not None else ""


def with_properties(made: BaseOxmlElement, *properties: BaseOxmlElement) -> BaseOxmlElement:
    """The paragraph with these of its own besides its style's, in the order the schema fixes."""
    own = made.find(qn("w:pPr"))
    assert own is not None
    own.extend(properties)
    own[:] = sorted(own, key=lambda child: _ORDER.index(child.tag.rpartition("}")[2]))
    return made


def begin_page(made: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The part on a new page; a table after an empty line, since it cannot say so itself."""
    if made.tag == qn("w:p"):
        yield with_properties(made, element("w:pageBreakBefore"))
    else:
        yield with_properties(paragraph(CELL, ""), element("w:pageBreakBefore"))
        yield made


def _wanted_style(character: str) -> Callable[[str], str] | None:
    """What gives the character style it needs: a face of GB 2312 has no glyph for many personal names."""
    if character < _FIRST_HAN or _PLANE_1 <= character < _PLANE_2 or character >= _PLANE_4:
        return None
    if character >= _PLANE_2:
        return beyond_style
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return rare_style
    return None


def _run(text: str, character_style: str) -> BaseOxmlElement:
    run = element("w:r")
    if character_style:
        properties = element("w:rPr")
        properties.append(element("w:rStyle", val=character_style))
        run.append(properties)
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text)):
        if number:
            run.append(element("w:br"))
        for place, piece in enumerate(line.split("\t")):
            if place:
                run.append(element("w:tab"))
            if piece:
                words = element("w:t")
                words.text = piece
                words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                run.append(words)
    return run


def section_paragraphs(markdown: str) -> list[BaseOxmlElement]:
    """A section's Markdown: a paragraph a block and a list line; an empty one keeps two lists apart."""
    made: list[BaseOxmlElement] = []
    last = ""
    for block in re.split(r"\n{2,}", markdown):
        pieces = _pieces(block)
        if last and LIST_ITEM.match(last) and LIST_ITEM.match(pieces[0]):
            made.append(paragraph(BODY, ""))
        made += map(_piece, pieces)
        last = pieces[-1]
    return made


def _pieces(block: str) -> list[str]:
    """Lines that stand as paragraphs: those of lists; others stay with the line before."""
    pieces: list[str] = []
    for line in block.split("\n"):
        if pieces and not (LIST_ITEM.match(line) and LIST_ITEM.match(pieces[-1])):
            pieces[-1] += f"\n{line}"
        else:
            pieces.append(line)
    return pieces


def _piece(text: str) -> BaseOxmlElement:
    for mark, style in _HEADINGS.items():
        if text.startswith(mark) and "\n" not in text:
            return paragraph(style, text.removeprefix(mark))
    if text.startswith("- "):
        return paragraph(ITEM, BULLET + text.removeprefix("- "))
    return paragraph(BODY, text)
