"""An office document: what a case, a mechanism, a list, a plan, a report or a 简报 says, before it is a Word file or a page.

Services build one of these; an exporter writes it as Word, PDF or HTML. Nothing here knows of faces or millimetres.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4: 一、 （一） 1. （1）; `text` holds its number where it has one."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """A paragraph; `is_indented`: two characters free, as running text has."""

    text: str
    is_indented: bool = True


@dataclass(frozen=True)
class Quotation:
    """A sentence word for word from a source, and where it stands."""

    text: str
    source: str = ""


@dataclass(frozen=True)
class ItemList:
    """Short items, each a line of its own; `is_numbered` 1. 2. 3., or from `first` on."""

    items: tuple[str, ...]
    is_numbered: bool = False
    first: int = 1

    @property
    def numbered(self) -> tuple[tuple[int, str], ...]:
        return tuple(enumerate(self.items, start=self.first))


@dataclass(frozen=True)
class DataTable:
    """A table under its caption; cells are plain text, a line break within one is kept; `is_small`: in small type though narrow."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_small: bool = False


@dataclass(frozen=True)
class Facts:
    """Label and answer, a row each, in a table of two columns; `is_small`: in the type of wide tables."""

    rows: tuple[tuple[str, str], ...]
    is_small: bool = False


@dataclass(frozen=True)
class Image:
    """A PNG or JPEG made anew from its pixels, and the words under it."""

    data: bytes
    mime: str
    caption: str = ""


@dataclass(frozen=True)
class CheckBoxes:
    """Boxes to tick on paper."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Text | Quotation | ItemList | DataTable | Facts | Image | CheckBoxes | PageBreak


@dataclass(frozen=True)
class Head:
    """The head of a 简报 as its office fills it in: its own name, issue, unit and day. No red, no number, no seal.

    Without a name no head is set: what is known of the issue stands under the title.
    """

    name: str = ""
    issue: str = ""
    unit: str = ""
    day: str = ""


@dataclass(frozen=True)
class Signature:
    """Who signs and when, at the end on the right: 署名 and 成文日期 (2026年11月26日)."""

    unit: str
    day: str = ""


@dataclass(frozen=True)
class OfficeDocument:
    """`notes` are the sources and remarks at the very end, in smaller type; `has_contents`: a list of headings after the title."""

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    head: Head | None = None
    signature: Signature | None = None
    notes: tuple[str, ...] = ()
    has_contents: bool = False

    @property
    def set_blocks(self) -> tuple[Block, ...]:
        """The blocks as they are set: a caption that only repeats the heading above it is left out."""
        return tuple(_without_repeats(self.blocks))

    @property
    def set_head(self) -> Head | None:
        """The head that is set above the title, None without a name."""
        return self.head if self.head and self.head.name else None

    @property
    def under_title(self) -> str:
        """Issue, unit and day of a head that is not set, and the subtitle: a line each, "" for nothing."""
        head = self.head if self.head and not self.head.name else Head()
        issue = "　".join(word for word in (head.issue, head.unit, head.day) if word)
        return "\n".join(line for line in (issue, self.subtitle) if line)


def _without_repeats(blocks: Sequence[Block]) -> Iterator[Block]:
    heading = ""
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        is_told = isinstance(block, DataTable) and block.caption and heading.endswith(block.caption)
        yield replace(block, caption="") if is_told and isinstance(block, DataTable) else block


def leads(block: Block) -> bool:
    """Whether it introduces what follows and stays with it on one page."""
    return isinstance(block, Text) and block.text.endswith("：")


def section(title: str, blocks: Sequence[Block], *, level: int = 1) -> tuple[Block, ...]:
    """A heading and what stands under it; nothing at all where nothing does."""
    return (Heading(title, level), *blocks) if blocks else ()
