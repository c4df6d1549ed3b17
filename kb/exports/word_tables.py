"""Tables of the form: two columns of label and answer, or a header of labels and a row each."""

import re
from collections.abc import Sequence
from math import ceil

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from kb.domain.word_form import CELL, LABEL, WordStyle
from kb.exports.word_styles import element
from kb.exports.word_text import paragraph, with_properties

WIDTH = 11906 - 1588 - 1474
"""Twips of the type area."""
LABEL_WIDTH = 1700
_CHARACTER, _MARGINS = 240, 170
"""Twips of a Han character in a cell, and of its margins."""
MOST_UNBROKEN = 2400
"""Twips a column may take for a code that should stand in one line: 14 letters and digits."""
_CODE = re.compile(r"[0-9A-Za-z.:/-]+")
LEAST = 600
"""Twips that stay for every other column."""
WEIGHT = 0.6
"""Of its length in the share of a long column: twice as long takes half as much room again."""
MOST_WHOLE_LINES = 12
"""Lines of a row that is kept on one page; a longer one may go on overleaf, else it leaves half a page empty."""
MOST_TOGETHER = 14
"""Lines of a table of answers that is kept on one page."""

Cell = Sequence[BaseOxmlElement]
"""The paragraphs of a cell."""


def answers_table(rows: Sequence[tuple[str, Cell]], *, label: WordStyle = LABEL) -> BaseOxmlElement:
    """Label and answer, a row each."""
    table = _table([LABEL_WIDTH, WIDTH - LABEL_WIDTH])
    if is_short([_texts(answer) for _, answer in rows]):
        for _, answer in rows[:-1]:
            for made in answer:
                with_properties(made, element("w:keepNext"))
    for name, answer in rows:
        table.append(_row([[paragraph(label, name)], answer], [LABEL_WIDTH, WIDTH - LABEL_WIDTH]))
    return table


def rows_table(
    labels: Sequence[str],
    rows: Sequence[Sequence[Sequence[str]]],
    *,
    label: WordStyle = LABEL,
    cell: WordStyle = CELL,
) -> BaseOxmlElement:
    """A header repeated on each page, and rows of cells, each cell some paragraphs of text."""
    widths = column_widths(labels, rows)
    table = _table(widths)
    table.append(_row([[paragraph(label, text)] for text in labels], widths, is_header=True))
    for row in rows:
        table.append(_row([[paragraph(cell, text) for text in entry] for entry in row], widths, empty=cell))
    return table


def column_widths(labels: Sequence[str], rows: Sequence[Sequence[Sequence[str]]]) -> list[int]:
    """Twips of each column: what its longest text needs, as far as there is room; then the long ones share it.

    A number or a code (2020-01-02) is not broken while it is short.
    """
    texts = [[label, *(text for row in rows for text in row[place])] for place, label in enumerate(labels)]
    natural = [_room(max(map(_width, column))) for column in texts]
    unbroken = [min(_room(max(map(_longest_code, column))), MOST_UNBROKEN) for column in texts]
    widths: dict[int, float] = {}
    left = float(WIDTH)
    for place in sorted(range(len(labels)), key=lambda at: natural[at]):
        others = len(labels) - len(widths)
        fair, most = left / others, left - (others - 1) * LEAST
        if natural[place] <= fair or natural[place] <= min(unbroken[place], most):
            widths[place] = natural[place]
            left -= natural[place]
    long = [place for place in range(len(labels)) if place not in widths]
    weights = {place: min(natural[place], 1.5 * WIDTH) ** WEIGHT for place in long or widths}
    for place, weight in weights.items():
        widths[place] = widths.get(place, 0) + left * weight / sum(weights.values())
    return [int(widths[place]) for place in range(len(labels))]


def _room(characters: float) -> float:
    return characters * _CHARACTER + _MARGINS + 20


def _longest_code(text: str) -> float:
    return max((_width(code) for code in _CODE.findall(text)), default=0)


def _width(text: str) -> float:
    """In Han characters; Latin letters and digits are little more than half as wide."""
    return sum(0.55 if character.isascii() else 1 for character in text)


def _table(widths: Sequence[int]) -> BaseOxmlElement:
    table = element("w:tbl")
    properties = element("w:tblPr")
    properties.append(element("w:tblW", w=str(sum(widths)), type="dxa"))
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color="000000"))
    properties.append(borders)
    properties.append(element("w:tblLayout", type="fixed"))
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w="85", type="dxa"))
    properties.append(margins)
    table.append(properties)
    grid = element("w:tblGrid")
    for width in widths:
        grid.append(element("w:gridCol", w=str(width)))
    table.append(grid)
    return table


def _row(
    cells: Sequence[Cell], widths: Sequence[int], *, is_header: bool = False, empty: WordStyle = CELL
) -> BaseOxmlElement:
    row = element("w:tr")
    properties = element("w:trPr")
    if max(map(lines_of, map(_texts, cells), widths)) <= MOST_WHOLE_LINES:
        properties.append(element("w:cantSplit"))
    if is_header:
        properties.append(element("w:tblHeader"))
    row.append(properties)
    for paragraphs, width in zip(cells, widths, strict=True):
        cell = element("w:tc")
        sizes = element("w:tcPr")
        sizes.append(element("w:tcW", w=str(width), type="dxa"))
        cell.append(sizes)
        for made in paragraphs or [paragraph(empty, "")]:
            cell.append(made)
        row.append(cell)
    return row


def is_short(answers: Sequence[Sequence[str]]) -> bool:
    """Whether a table of answers is kept on one page."""
    return sum(lines_of(texts, WIDTH - LABEL_WIDTH) for texts in answers) <= MOST_TOGETHER


def lines_of(texts: Sequence[str], width: int) -> int:
    """Lines that paragraphs of text take in a cell of this width, in twips."""
    return sum(ceil(max(_width(text), 1) * _CHARACTER / (width - _MARGINS)) for text in texts)


def _texts(cell: Cell) -> list[str]:
    return ["".join(words.text or "" for words in made.iter(qn("w:t"))) for made in cell]
