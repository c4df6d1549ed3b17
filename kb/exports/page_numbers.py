"""On which page a heading of a Word file comes to stand, reckoned: lines of 28 characters, 22 to a page, rows of tables by their lines.

Word alone knows for certain, and asks its user a question about other files before it tells; see decision 0160.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import singledispatchmethod
from math import ceil
from typing import NamedTuple

from kb.domain.office_document import (
    Block,
    CheckBoxes,
    DataTable,
    Facts,
    Heading,
    Image,
    ItemList,
    OfficeDocument,
    PageBreak,
    Quotation,
    Text,
    leads,
)  # fmt: skip
from kb.domain.word_form import CELL
from kb.exports.contents import Listed
from kb.exports.title_lines import title_lines
from kb.exports.word_ends import LINE_LENGTH, TITLE_LENGTH
from kb.exports.word_looks import OFFICE_SMALL_CELL, POINTS_OF
from kb.exports.word_tables import LABEL_WIDTH, MOST_WHOLE_LINES, WIDTH, characters, column_widths, is_small, lines_in

PAGE, LINE = 637.8, 28.95
"""Points of the type area, and of a line of text."""
TITLE, NOTE, CAPTION, PICTURE = 33.0, 20.0, 20.0, 470.0
CELL_LINE, SMALL_LINE, RULE = 18.0, 15.0, 0.5
BEFORE_CAPTION, AFTER_CAPTION, ABOVE_TABLE, AFTER_SOURCE, AFTER_TITLE = 8.0, 3.0, 6.0, 6.0, 15.0


ENTRY_END = 3
"""Characters that the dots and the number of an entry take at least."""


class Strip(NamedTuple):
    """What is not parted: its height and the room under it, in points; whether it stays with what follows."""

    height: float
    under: float = 0
    stays: bool = False


def page_numbers(document: OfficeDocument, entries: Sequence[Listed]) -> Mapping[int, int]:
    """Page of each entry by the place of its block."""
    reckoning = _Reckoning()
    reckoning.set(list(_front(document, entries)))
    reckoning.begin_page()
    blocks = document.set_blocks
    pages: dict[int, int] = {}
    wanted = {entry.place for entry in entries}
    chain: list[tuple[int, Strip]] = []
    for place, block in enumerate(blocks):
        if isinstance(block, PageBreak):
            reckoning.begin_page()
            continue
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        for strip in reckoning.strips(block, after):
            chain.append((place, strip))
            if not strip.stays:
                page = reckoning.set([one for _, one in chain])
                pages |= {at: page for at, _ in chain if at in wanted and at not in pages}
                chain = []
    page = reckoning.set([one for _, one in chain])
    return pages | {at: page for at, _ in chain if at in wanted and at not in pages}


def _front(document: OfficeDocument, entries: Sequence[Listed]) -> Iterator[Strip]:
    if document.title:
        yield Strip(TITLE * len(title_lines(document.title, TITLE_LENGTH)), AFTER_TITLE)
    if under := document.under_title:
        yield Strip(LINE * _lines(under, 0), AFTER_TITLE)
    yield Strip(LINE, AFTER_SOURCE)
    for entry in entries:
        for _ in range(_lines(entry.text, ENTRY_END)):
            yield Strip(LINE)


class _Reckoning:
    """Where one is: the page, and the points of it that are taken."""

    def __init__(self) -> None:
        self.page, self.taken = 1, 0.0

    def begin_page(self) -> None:
        if self.taken:
            self.page, self.taken = self.page + 1, 0.0

    def set(self, strips: Sequence[Strip]) -> int:
        """Sets them one under the other, all on one page if they fit on one; the page of the first."""
        if (
            self.taken + sum(one.height + one.under for one in strips[:-1]) + (strips[-1].height if strips else 0)
            > PAGE
        ):
            self.begin_page()
        first = self.page
        for one in strips:
            if self.taken + one.height > PAGE:
                self.begin_page()
            self.taken += one.height + one.under
        return first

    @singledispatchmethod
    def strips(self, block: Block, after: Block | None) -> Iterator[Strip]:
        """The strips of a block; the last stays with `after` where that is a table."""
        raise TypeError(type(block).__name__)

    @strips.register
    def _(self, block: Heading, after: Block | None) -> Iterator[Strip]:
        yield Strip(LINE * _lines(block.text, 2), ABOVE_TABLE if _is_bare_table(after) else 0, True)

    @strips.register
    def _(self, block: Text, after: Block | None) -> Iterator[Strip]:
        yield from _paragraph(block.text, after, stays=leads(block))

    @strips.register
    def _(self, block: Quotation, after: Block | None) -> Iterator[Strip]:
        yield from _paragraph(block.text, None if block.source else after, stays=bool(block.source))
        if block.source:
            yield Strip(NOTE * ceil(characters(block.source) / 37), AFTER_SOURCE)

    @strips.register
    def _(self, block: ItemList, after: Block | None) -> Iterator[Strip]:
        for number, item in block.numbered:
            is_last = number == block.first + len(block.items) - 1
            yield from _paragraph(f"{number}. {item}" if block.is_numbered else f"• {item}", after if is_last else None)

    @strips.register
    def _(self, block: CheckBoxes, after: Block | None) -> Iterator[Strip]:
        for item in block.items:
            yield from _paragraph(f"□ {item}", None)

    @strips.register
    def _(self, block: DataTable, after: Block | None) -> Iterator[Strip]:
        if block.caption:
            yield Strip(BEFORE_CAPTION + CAPTION * ceil(characters(block.caption) / 31), AFTER_CAPTION, True)
        style, line = (OFFICE_SMALL_CELL, SMALL_LINE) if is_small(block) else (CELL, CELL_LINE)
        points = POINTS_OF[style.id]
        rows = [[cell.split("\n") for cell in row] for row in block.rows]
        widths = column_widths(block.columns, rows, points=points)
        head = max(lines_in([label], width, points) for label, width in zip(block.columns, widths, strict=True))
        yield Strip(head * line + RULE, 0, True)
        for row in rows:
            yield from _row(max(map(lines_in, row, widths, [points] * len(row)), default=1), line)

    @strips.register
    def _(self, block: Facts, after: Block | None) -> Iterator[Strip]:
        points, line = (10.5, SMALL_LINE) if block.is_small else (12.0, CELL_LINE)
        for label, text in block.rows:
            lines = max(lines_in([label], LABEL_WIDTH, points), lines_in(text.split("\n"), WIDTH - LABEL_WIDTH, points))
            yield from _row(lines, line)

    @strips.register
    def _(self, block: Image, after: Block | None) -> Iterator[Strip]:
        yield Strip(PICTURE)

    @strips.register
    def _(self, block: PageBreak, after: Block | None) -> Iterator[Strip]:
        return iter(())


def _paragraph(text: str, after: Block | None, *, stays: bool = False) -> Iterator[Strip]:
    is_above = _is_bare_table(after)
    lines = _lines(text, 2)
    for number in range(lines):
        is_last = number == lines - 1
        yield Strip(LINE, ABOVE_TABLE if is_last and is_above else 0, is_last and (stays or is_above))


def _row(lines: int, line: float) -> Iterator[Strip]:
    if lines <= MOST_WHOLE_LINES:
        yield Strip(lines * line + RULE)
    else:
        yield from [Strip(line)] * (lines - 1)
        yield Strip(line + RULE)


def _is_bare_table(block: Block | None) -> bool:
    return isinstance(block, Facts) or (isinstance(block, DataTable) and not block.caption)


def _lines(text: str, indent: int) -> int:
    return sum(
        max(1, ceil((characters(line) + (0 if number else indent)) / LINE_LENGTH))
        for number, line in enumerate(text.split("\n"))
    )
