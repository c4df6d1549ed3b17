"""Text of ours as Word holds it: characters a file may hold, line breaks, and a face that has each character."""

import re
from itertools import groupby

from docx.oxml.xmlchemy import BaseOxmlElement

from kb.domain.word_form import BODY, BULLET, ITEM, LIST_ITEM, SUBHEADING, THIRD_HEADING, WordStyle
from kb.exports.word_looks import element, set_faces

RARE_FACE = "仿宋"
"""仿宋_GB2312 has no glyph outside GB 2312, which many personal names need."""
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEADINGS = {"### ": SUBHEADING, "#### ": THIRD_HEADING}
_FIRST_HAN = "\u2e80"


def clean(text: str) -> str:
    """The text without characters XML cannot hold: Word refuses the whole file for one of them."""
    return _FORBIDDEN.sub("", text)


def paragraph(style: WordStyle, text: str) -> BaseOxmlElement:
    """A paragraph of the style; line ends become breaks."""
    made = element("w:p")
    properties = element("w:pPr")
    properties.append(element("w:pStyle", val=style.id))
    made.append(properties)
    for is_rare, group in groupby(clean(text), key=_is_rare):
        made.append(_run("".join(group), is_rare=is_rare))
    return made


def _is_rare(character: str) -> bool:
    if character < _FIRST_HAN:
        return False
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def _run(text: str, *, is_rare: bool) -> BaseOxmlElement:
    run = element("w:r")
    if is_rare:
        properties = element("w:rPr")
        set_faces(properties, RARE_FACE)
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
