"""An office document as Markdown, for wherever text is wanted without its looks."""

import re
from collections.abc import Iterator
from functools import singledispatch

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
from kb.exports.word_text import clean

_MARKS = re.compile(r"[\\`*_\[\]]")
_LINE_START = re.compile(r"^(\s*)(?:([#>+-])|([~=|])|(\d+)([.)]))", re.MULTILINE)


def build_markdown(document: OfficeDocument) -> str:
    """The text with its headings, lists and tables; every character of a text is that character, never a mark."""
    return "\n\n".join(part for part in _parts(document) if part) + "\n"


def _parts(document: OfficeDocument) -> Iterator[str]:
    if head := document.set_head:
        yield "　".join(_told(word) for word in (head.name, head.issue, head.unit, head.day) if word)
    if document.title:
        yield f"# {_one_line(document.title)}"
    yield _told(document.under_title)
    for block in document.set_blocks:
        yield _block(block)
    if document.signature:
        yield _told("\n".join(word for word in (document.signature.unit, document.signature.day) if word))
    if document.notes:
        yield "---"
        yield from map(_told, document.notes)


@singledispatch
def _block(block: Block) -> str:
    raise TypeError(type(block).__name__)


@_block.register
def _(block: Heading) -> str:
    return f"{'#' * (min(max(block.level, 1), 4) + 1)} {_one_line(block.text)}"


@_block.register
def _(block: Text) -> str:
    return _told(block.text)


@_block.register
def _(block: Quotation) -> str:
    lines = _told(block.text).split("\n")
    if block.source:
        lines += ["", f"——{_told(block.source)}"]
    return "\n".join(f"> {line}".rstrip() for line in lines)


@_block.register
def _(block: ItemList) -> str:
    return "\n".join(
        f"{f'{number}.' if block.is_numbered else '-'} {_one_line(item)}" for number, item in block.numbered
    )


@_block.register
def _(block: CheckBoxes) -> str:
    return "\n".join(f"- [ ] {_one_line(item)}" for item in block.items)


@_block.register
def _(block: DataTable) -> str:
    rows = [block.columns, ("---",) * len(block.columns), *block.rows]
    table = "\n".join(_row(row, is_rule=place == 1) for place, row in enumerate(rows))
    return f"{_told(block.caption)}\n\n{table}" if block.caption else table


@_block.register
def _(block: Facts) -> str:
    return "\n".join(
        _row(row, is_rule=place == 1) for place, row in enumerate([("项目", "内容"), ("---", "---"), *block.rows])
    )


@_block.register
def _(block: Image) -> str:
    return f"（图片：{_told(block.caption)}）" if block.caption else "（图片）"


@_block.register
def _(block: PageBreak) -> str:
    return ""


def _row(cells: tuple[str, ...], *, is_rule: bool) -> str:
    return f"| {' | '.join(cells if is_rule else (_cell(cell) for cell in cells))} |"


def _cell(text: str) -> str:
    return "<br>".join(_escaped(line).replace("|", "&#124;") for line in clean(text).splitlines())


def _one_line(text: str) -> str:
    return _told(" ".join(text.split()))


def _told(text: str) -> str:
    """The text escaped; its line ends stay line ends."""
    escaped = _escaped("\n".join(clean(text).splitlines()))
    return _LINE_START.sub(_line_start, escaped).replace("\n", "  \n")


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", text.replace("&", "&amp;").replace("<", "&lt;"))


def _line_start(found: re.Match[str]) -> str:
    space, mark, other, number, end = found.groups()
    if mark:
        return f"{space}\\{mark}"
    return f"{space}&#{ord(other)};" if other else f"{space}{number}\\{end}"
