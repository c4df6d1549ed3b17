"""What stands above and below the text of an office document: head of a 简报, signature, notes."""

from collections.abc import Iterator, Sequence

from docx.oxml.xmlchemy import BaseOxmlElement

from kb.domain.office_document import Head, Signature
from kb.exports.title_lines import title_lines
from kb.exports.word_looks import LINE, OFFICE_HEAD_LINE, OFFICE_HEAD_NAME, OFFICE_NOTE, OFFICE_SIGNATURE
from kb.exports.word_styles import element
from kb.exports.word_tables import WIDTH
from kb.exports.word_text import paragraph, with_properties

TITLE_LENGTH = 20
"""Characters of 22 pt in a line."""
HEAD_NAME_LENGTH = 12
"""Characters of 36 pt in a line."""
LINE_LENGTH = 28
FREE = 2
"""Characters free at the right of the longer of unit and day, and by which the day stands further in than the unit."""


def head_lines(head: Head) -> Iterator[BaseOxmlElement]:
    """Name, issue, and above a black rule the unit on the left and the day on the right, under a unit that leaves it no room."""
    yield paragraph(OFFICE_HEAD_NAME, "\n".join(title_lines(head.name, HEAD_NAME_LENGTH)))
    if head.issue:
        yield paragraph(OFFICE_HEAD_LINE, head.issue)
    has_room = _width(head.unit) + 1 + _width(head.day) <= LINE_LENGTH
    tabs = element("w:tabs")
    tabs.append(element("w:tab", val="right", pos=str(WIDTH)))
    yield with_properties(
        paragraph(OFFICE_HEAD_LINE, f"{head.unit}\t{head.day}" if has_room else f"{head.unit}\n\t{head.day}"),
        _rule("bottom", 12),
        tabs,
        element("w:spacing", before="120", after=str(LINE), line=str(LINE), lineRule="exact"),
        element("w:jc", val="left"),
    )


def signature_lines(signature: Signature) -> Iterator[BaseOxmlElement]:
    """Unit and day as the standard sets them without a seal; a blank line before."""
    yield with_properties(paragraph(OFFICE_SIGNATURE, ""), element("w:keepNext"))
    for text, free in zip((signature.unit, signature.day), free_at_right(signature), strict=True):
        if text:
            yield with_properties(paragraph(OFFICE_SIGNATURE, text), _free(free))


def free_at_right(signature: Signature) -> tuple[float, float]:
    """Characters free at the right of unit and day: the day begins two further in than the unit."""
    unit, day = _width(signature.unit), _width(signature.day)
    if signature.day and unit - day < FREE:
        return max(0.0, min(day - unit + 2 * FREE, LINE_LENGTH - unit)), float(FREE)
    return float(FREE), unit - day


def note_lines(notes: Sequence[str]) -> Iterator[BaseOxmlElement]:
    """Smaller lines under a thin rule; each on one page, the first and the last not alone on theirs."""
    for number, note in enumerate(notes):
        made = with_properties(paragraph(OFFICE_NOTE, note), element("w:keepLines"))
        if len(notes) > 1 and number in (0, len(notes) - 2):
            with_properties(made, element("w:keepNext"))
        if not number:
            with_properties(made, _rule("top", 4), element("w:spacing", before="300", line="400", lineRule="exact"))
        yield made


def _width(text: str) -> float:
    """In Han characters; Latin letters and digits are half as wide."""
    return sum(0.5 if character.isascii() else 1 for character in text)


def _free(characters: float) -> BaseOxmlElement:
    hundredths = characters * 100
    return element("w:ind", rightChars=str(round(hundredths)), right=str(round(hundredths * 3.15)))


def _rule(side: str, eighths: int) -> BaseOxmlElement:
    borders = element("w:pBdr")
    borders.append(element(f"w:{side}", val="single", sz=str(eighths), space="4", color="000000"))
    return borders
