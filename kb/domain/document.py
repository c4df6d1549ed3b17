"""A document an editor sends in, as its reader hands it on: text in order, beside it what stands outside the text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Paragraph(NamedTuple):
    """`style` is the style's name, `level` its heading level from 1 (0: no heading), `is_item` a bulleted one."""

    text: str
    style: str = ""
    level: int = 0
    is_item: bool = False
    is_centred: bool = False


class Table(NamedTuple):
    """Rows of cells, a cell being its paragraphs; tables inside cells are read as paragraphs of the cell."""

    rows: tuple[tuple[tuple[Paragraph, ...], ...], ...]

    def texts(self) -> Iterator[tuple[str, ...]]:
        """Each row as the text of its cells."""
        for row in self.rows:
            yield tuple(cell_text(cell) for cell in row)


class Aside(NamedTuple):
    """Text outside the run of the document: `where` is 页眉, 页脚, 脚注, 文本框 …"""

    where: str
    text: str


class Picture(NamedTuple):
    """A picture made anew from its pixels: PNG or JPEG, no position or camera data; `beside` is the text before it."""

    name: str
    mime: str
    width: int
    height: int
    data: bytes
    beside: str = ""


@dataclass(frozen=True)
class Document:
    """`remarks` are Chinese sentences on what was left out or looks odd.

    `answers` are plain values by field of a file that names its fields itself: a case file in Markdown.
    """

    blocks: tuple[Paragraph | Table, ...]
    asides: tuple[Aside, ...] = ()
    pictures: tuple[Picture, ...] = ()
    remarks: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)


def cell_text(cell: tuple[Paragraph, ...]) -> str:
    """The words of a cell, its paragraphs as lines."""
    return "\n".join(paragraph.text.strip() for paragraph in cell if paragraph.text.strip())
