"""An office document as rich text for the editor of a 公众号: inline styles alone, and the same as plain text.

Such editors drop classes, scripts and style sheets and refuse links: there is no attribute but `style`, and an address
is text among the notes.
"""

from collections.abc import Iterator
from functools import singledispatch
from html import escape
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
)

BODY = "font-size:16px;line-height:1.75;color:#1f1b18;letter-spacing:0.5px;text-align:justify;overflow-wrap:anywhere;"
_TEXT = "margin:0 0 16px;"
_TITLE = "margin:0 0 20px;font-size:22px;line-height:1.4;font-weight:bold;text-align:center;"
_HEADINGS = (
    "margin:28px 0 14px;font-size:18px;font-weight:bold;color:#a61b1b;",
    "margin:22px 0 12px;font-size:16px;font-weight:bold;",
)
_QUOTE = "margin:0 0 16px;padding:10px 14px;border-left:3px solid #a61b1b;background-color:#faf7f2;"
_SMALL = "margin:0 0 8px;font-size:13px;line-height:1.6;color:#5b534c;"
_TABLE = "width:100%;margin:0 0 16px;border-collapse:collapse;font-size:14px;"
_CELL = "padding:6px 8px;border:1px solid #e6dfd5;text-align:left;vertical-align:top;"


class RichText(NamedTuple):
    """`html` is a fragment; `plain` says the same without looks."""

    html: str
    plain: str


class _Line(NamedTuple):
    """A paragraph: element, style, text; `cells` besides for the rows of a table."""

    name: str
    style: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def build_rich_text(document: OfficeDocument) -> RichText:
    """Pictures are left out, for they would have to be fetched; their words stand."""
    lines = [line for line in _lines(document) if line.text or line.rows]
    html = "".join(map(_html, lines))
    plain = "\n\n".join("\n".join("\t".join(row) for row in line.rows) or line.text for line in lines)
    return RichText(f'<section style="{BODY}">{html}</section>', f"{plain}\n")


def _lines(document: OfficeDocument) -> Iterator[_Line]:
    if head := document.set_head:
        yield _Line(
            "p", _SMALL + "text-align:center;", " · ".join(filter(None, (head.name, head.issue, head.unit, head.day)))
        )
    yield _Line("p", _TITLE, document.title)
    yield _Line("p", _SMALL + "text-align:center;", document.under_title)
    for block in _joined(document.set_blocks):
        yield from _block(block)
    if signature := document.signature:
        yield _Line("p", _TEXT + "text-align:right;", "\n".join(filter(None, (signature.unit, signature.day))))
    for note in document.notes:
        yield _Line("p", _SMALL, note)


def _joined(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Quotations that follow each other up to their source stand in one box."""
    texts: list[str] = []
    for block, after in zip(blocks, (*blocks[1:], None), strict=False):  # no block has nothing after it
        if isinstance(block, Quotation) and not block.source and isinstance(after, Quotation):
            texts.append(block.text)
        elif isinstance(block, Quotation):
            yield Quotation("\n".join([*texts, block.text]), block.source)
            texts = []
        else:
            yield block


@singledispatch
def _block(block: Block) -> Iterator[_Line]:
    raise TypeError(type(block).__name__)


@_block.register
def _(block: Heading) -> Iterator[_Line]:
    yield _Line("p", _HEADINGS[0 if block.level == 1 else 1], block.text)


@_block.register
def _(block: Text) -> Iterator[_Line]:
    yield _Line("p", _TEXT, block.text)


@_block.register
def _(block: Quotation) -> Iterator[_Line]:
    yield _Line("p", _QUOTE, f"{block.text}\n——{block.source}" if block.source else block.text)


@_block.register
def _(block: ItemList) -> Iterator[_Line]:
    for number, item in block.numbered:
        yield _Line("p", _TEXT, f"{number}. {item}" if block.is_numbered else f"· {item}")


@_block.register
def _(block: CheckBoxes) -> Iterator[_Line]:
    for item in block.items:
        yield _Line("p", _TEXT, f"□ {item}")


@_block.register
def _(block: DataTable) -> Iterator[_Line]:
    yield _Line("p", _SMALL, block.caption)
    yield _Line("table", _TABLE, rows=(block.columns, *block.rows))


@_block.register
def _(block: Facts) -> Iterator[_Line]:
    yield _Line("table", _TABLE, rows=block.rows)


@_block.register
def _(block: Image) -> Iterator[_Line]:
    yield _Line("p", _SMALL, f"（图片：{block.caption}）" if block.caption else "")


@_block.register
def _(block: PageBreak) -> Iterator[_Line]:
    return iter(())


def _html(line: _Line) -> str:
    if line.rows:
        rows = "".join(
            "<tr>" + "".join(f'<td style="{_CELL}">{_told(cell)}</td>' for cell in row) + "</tr>" for row in line.rows
        )
        return f'<table style="{line.style}"><tbody>{rows}</tbody></table>'
    return f'<{line.name} style="{line.style}">{_told(line.text)}</{line.name}>'


def _told(text: str) -> str:
    printable = "".join(one for one in text if one in "\n\t" or (one >= " " and not "\ud800" <= one <= "\udfff"))
    return "<br>".join(escape(part) for part in printable.split("\n"))
