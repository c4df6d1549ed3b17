"""Tables of the form: two columns of label and answer, or a header of labels and a row each."""

import re
from collections.abc import Iterable, Iterator, Sequence
from math import ceil, inf, sqrt
from typing import NamedTuple

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from kb.domain.office_document import DataTable
from kb.domain.word_form import CELL, LABEL, WordStyle
from kb.exports.word_looks import OFFICE_LOOKS, POINTS_OF
from kb.exports.word_styles import element
from kb.exports.word_text import paragraph, style_of, with_properties

WIDTH = 11906 - 1588 - 1474
"""Twips of the type area."""
LABEL_WIDTH = 1700
SMALL_FROM = 6
"""Columns from which a table is set in small type."""
_MARGINS = 170
"""Twips of the margins of a cell."""
MOST_UNBROKEN = 2400
"""Twips a column may take for a code or a date that should stand in one line."""
_CODE = re.compile(r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|[0-9A-Za-z.:/-]+")
_BESIDE = re.compile("(?<=[\u2e80-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[\u2e80-\u9fff])")
TOGETHER = (6, 5, 4, 3, 2, 1)
"""Characters of a text that stands in one line: as many as there is room for in all columns; a longer text takes LESS less."""
LESS = 2
MUCH_SHORTER = 2 / 3
"""Part of the lines that is left where breaking short texts is worth it."""
SHORT_LABEL = 4
"""Characters of a label that stands in one line where there is room."""
WRITTEN = 6
"""Characters of room in a column that is left blank: somebody writes in it by hand."""
MOST_WHOLE_LINES = 12
"""Lines of a row that is kept on one page; a longer one may go on overleaf, else it leaves half a page empty."""
MOST_TOGETHER = 14
"""Lines of a table of answers that is kept on one page."""

ROOM_ABOVE = 120
"""Twips between a paragraph and a table under it."""
_STANDS_OFF = {"", *(look.style.id for look in OFFICE_LOOKS if look.after)}

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
    widths = column_widths(labels, rows, points=POINTS_OF[cell.id])
    table = _table(widths)
    table.append(_row([[paragraph(label, text)] for text in labels], widths, is_header=True))
    for row in rows:
        table.append(_row([[paragraph(cell, text) for text in entry] for entry in row], widths, empty=cell))
    return table


def with_room_above(parts: Iterable[BaseOxmlElement]) -> Iterator[BaseOxmlElement]:
    """The parts; a paragraph right above a table stays with it and stands off from it, for a table has no room of its own."""
    before: BaseOxmlElement | None = None
    for part in parts:
        if before is not None and part.tag == qn("w:tbl") and style_of(before) not in _STANDS_OFF:
            with_properties(before, element("w:spacing", after=str(ROOM_ABOVE)))
            if before.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is None:
                with_properties(before, element("w:keepNext"))
        if before is not None:
            yield before
        before = part
    if before is not None:
        yield before


def column_widths(labels: Sequence[str], rows: Sequence[Sequence[Sequence[str]]], *, points: float = 12) -> list[int]:
    """Twips of each column of a table in type of this size: by what stands in it.

    No column is narrower than a short text, a code or a date of its own, nor wider than its longest text; between these
    it takes room by its amount of text (root mean square of its cells), so that the cells of a row end at like height.
    Short texts are broken after all where that makes the table much shorter, as beside one long opinion.
    """
    columns = [_Column.of(label, [row[place] for row in rows], points * 20) for place, label in enumerate(labels)]
    best, height = _parted(columns, 0), inf
    for together in TOGETHER:
        if sum(one.least(together) for one in columns) <= WIDTH:
            widths = _parted(columns, together)
            lines = sum(max(map(lines_in, row, widths, [points] * len(row)), default=1) for row in rows)
            if height == inf or lines < MUCH_SHORTER * height:
                best, height = widths, lines
    return best


def _parted(columns: "Sequence[_Column]", together: int) -> list[int]:
    """Widths with so many characters of a short text in one line."""
    floors = [one.least(together) for one in columns]
    scale = min(1, WIDTH / sum(floors))
    floors = [floor * scale for floor in floors]
    most = [max(one.natural, floor) for one, floor in zip(columns, floors, strict=True)]
    if sum(most) <= WIDTH:
        return [int(room * WIDTH / sum(most)) for room in most]
    low, high = 0.0, WIDTH / min(one.amount for one in columns)
    widths = floors
    for _ in range(40):
        share = (low + high) / 2
        widths = [
            min(max(one.amount * share, floor), room) for one, floor, room in zip(columns, floors, most, strict=True)
        ]
        low, high = (share, high) if sum(widths) <= WIDTH else (low, share)
    return [int(width) for width in widths]


class _Column(NamedTuple):
    """What a column asks for, in characters: its label, its texts, its longest code, its amount of text."""

    label: float
    texts: frozenset[float]
    code: float
    amount: float
    em: float
    written: float
    """Room for a hand to write in; 0 in a column that says something."""

    @classmethod
    def of(cls, label: str, cells: Sequence[Sequence[str]], em: float) -> "_Column":
        texts = [text for cell in cells for text in cell]
        is_blank = not any(text.strip() for text in texts)
        written = WRITTEN if is_blank else 0
        lengths = frozenset((1.0, written, *map(characters, texts)))
        amounts = [sum(map(characters, cell)) for cell in cells]
        mean = sqrt(sum(amount**2 for amount in amounts) / len(amounts)) if amounts else 0
        code = max(map(_longest_code, [label, *texts]))
        return cls(characters(label), lengths, code, max(mean, characters(label), 1), em, written)

    @property
    def natural(self) -> float:
        """Twips in which every text and the label stand in one line."""
        return _room(max(self.label, *self.texts), self.em)

    def least(self, together: int) -> float:
        """Twips with so many characters in one line; a longer label takes two lines, any label three when room is scarce."""
        lines = 1 if self.label <= min(together, SHORT_LABEL) else 2 if together > 2 else 3
        label = _room(max(ceil(self.label / lines), min(self.label, 2)), self.em)
        short = max((length for length in self.texts if length <= together), default=0)
        is_long = max(self.texts) > together
        text = max(short, max(together - LESS, min(together, 2)) if is_long else 0)
        code = min(_room(self.code, self.em), MOST_UNBROKEN) if together else 0
        written = self.written if together else 0
        return max(_room(max(text, written), self.em), code, label)


def _room(characters: float, em: float) -> float:
    return characters * em + _MARGINS + 20


def _longest_code(text: str) -> float:
    return max((characters(code) for code in _CODE.findall(text)), default=0)


def characters(text: str) -> float:
    """In Han characters; Latin letters and digits are little more than half as wide, with a quarter free beside Han."""
    return sum(0.55 if character.isascii() else 1 for character in text) + 0.25 * len(_BESIDE.findall(text))


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


def is_small(table: DataTable) -> bool:
    """Whether it is set in small type."""
    return table.is_small or len(table.columns) >= SMALL_FROM


def is_short(answers: Sequence[Sequence[str]]) -> bool:
    """Whether a table of answers is kept on one page."""
    return sum(lines_of(texts, WIDTH - LABEL_WIDTH) for texts in answers) <= MOST_TOGETHER


def lines_of(texts: Sequence[str], width: int) -> int:
    """Lines that paragraphs of text of 12 pt take in a cell of this width, in twips."""
    return lines_in(texts, width, 12)


def lines_in(texts: Sequence[str], width: int, points: float) -> int:
    """The same for type of another size; a line holds a character, however narrow the cell."""
    room = max(width - _MARGINS, points * 20)
    return sum(ceil(max(characters(text), 1) * points * 20 / room) for text in texts)


def _texts(cell: Cell) -> list[str]:
    return ["".join(words.text or "" for words in made.iter(qn("w:t"))) for made in cell]
