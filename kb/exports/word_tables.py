"""Tables of the form: two columns of label and answer, or a header of labels and a row each."""

from collections.abc import Sequence

from docx.oxml.xmlchemy import BaseOxmlElement

from kb.domain.word_form import CELL, LABEL
from kb.exports.word_looks import element
from kb.exports.word_text import paragraph

WIDTH = 11906 - 1588 - 1474
"""Twips of the type area."""
LABEL_WIDTH = 1700
_NARROW = 0.55
"""Share of a column that holds short words, beside one of sentences."""
_SHORT = 8
"""Characters up to which a column counts as short."""

Cell = Sequence[BaseOxmlElement]
"""The paragraphs of a cell."""


def answers_table(rows: Sequence[tuple[str, Cell]]) -> BaseOxmlElement:
    """Label and answer, a row each."""
    table = _table([LABEL_WIDTH, WIDTH - LABEL_WIDTH])
    for label, answer in rows:
        table.append(_row([[paragraph(LABEL, label)], answer], [LABEL_WIDTH, WIDTH - LABEL_WIDTH]))
    return table


def rows_table(labels: Sequence[str], rows: Sequence[Sequence[Sequence[str]]]) -> BaseOxmlElement:
    """A header repeated on each page, and rows of cells, each cell some paragraphs of text."""
    widths = _widths(labels, rows)
    table = _table(widths)
    table.append(_row([[paragraph(LABEL, label)] for label in labels], widths, is_header=True))
    for row in rows:
        table.append(_row([[paragraph(CELL, text) for text in cell] for cell in row], widths))
    return table


def _widths(labels: Sequence[str], rows: Sequence[Sequence[Sequence[str]]]) -> list[int]:
    longest = [max((len(text) for row in rows for text in row[place]), default=0) for place in range(len(labels))]
    shares = [_NARROW if length <= _SHORT else 1.0 + min(length, 60) / 40 for length in longest]
    return [int(WIDTH * share / sum(shares)) for share in shares]


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


def _row(cells: Sequence[Cell], widths: Sequence[int], *, is_header: bool = False) -> BaseOxmlElement:
    row = element("w:tr")
    properties = element("w:trPr")
    properties.append(element("w:cantSplit"))
    if is_header:
        properties.append(element("w:tblHeader"))
    row.append(properties)
    for paragraphs, width in zip(cells, widths, strict=True):
        cell = element("w:tc")
        sizes = element("w:tcPr")
        sizes.append(element("w:tcW", w=str(width), type="dxa"))
        cell.append(sizes)
        for made in paragraphs or [paragraph(CELL, "")]:
            cell.append(made)
        row.append(cell)
    return row
