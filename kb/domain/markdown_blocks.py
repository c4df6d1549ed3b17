"""A section's Markdown as blocks of an office document: paragraphs, headings, lists, quotations, tables; words unchanged."""

import re
from collections.abc import Iterable, Iterator

from kb.domain.figures import CITATION
from kb.domain.office_document import Block, DataTable, Heading, ItemList, Quotation, Text

_HEADING = re.compile(r"(#{1,6})[ \t]+(.+)")
_BULLET = re.compile(r"[ \t]*[-*+][ \t]+(.*)")
_NUMBERED = re.compile(r"[ \t]*(\d{1,3})[.)][ \t]+(.*)")
_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(([^()\s]*)\)")
_MARKS = re.compile(r"\*\*|__|`")


def markdown_blocks(markdown: str, parts: Iterable[str] = ()) -> tuple[Block, ...]:
    """The blocks in order; marks of emphasis and links are taken off, and the 〔 〕 around a name of these parts of sources.

    Other tortoise-shell brackets stay: 〔2017〕 belongs to the number of a document.
    """
    named = frozenset(parts)
    text = CITATION.sub(lambda found: "" if found[1] in named else found[0], markdown)
    pieces = re.split(r"\n[ \t]*\n", text)
    return tuple(_joined(block for piece in pieces for block in _blocks(piece.strip("\n").split("\n"))))


def _joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """A list whose items stand apart is one list."""
    last: Block | None = None
    for block in blocks:
        if isinstance(last, ItemList) and isinstance(block, ItemList) and last.is_numbered == block.is_numbered:
            last = ItemList((*last.items, *block.items), last.is_numbered, last.first)
            continue
        if last is not None:
            yield last
        last = block
    if last is not None:
        yield last


def _blocks(lines: list[str]) -> Iterator[Block]:
    if len(lines) > 1 and lines[0].lstrip().startswith("|") and _RULE.fullmatch(lines[1]):
        yield _table(lines)
        return
    for kind, group in _groups(lines):
        if kind == "heading":
            found = _HEADING.fullmatch(group[0])
            assert found
            yield Heading(_plain(found[2]), max(2, len(found[1]) - 1))
        elif kind == "bullet":
            yield ItemList(tuple(map(_plain, group)))
        elif kind == "number":
            yield ItemList(tuple(map(_plain, group[1:])), is_numbered=True, first=int(group[0]))
        elif kind == "quotation":
            yield Quotation(_plain("\n".join(group)))
        elif plain := _plain("\n".join(group)):
            yield Text(plain)


def _groups(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Lines of one kind together, those of a numbered list behind its first number; plain text goes on with its list item."""
    kind, group = "", list[str]()
    for line in lines:
        told, text = _kind(line)
        if told == "text" and kind in ("bullet", "number") and line[:1] in (" ", "\t"):
            group[-1] += "\n" + text.strip()
            continue
        if told != kind or told == "heading":
            if group:
                yield kind, group
            kind, group = told, [found[1]] if (found := _NUMBERED.fullmatch(line)) else []
        group.append(text)
    if group:
        yield kind, group


def _kind(line: str) -> tuple[str, str]:
    if _HEADING.fullmatch(line):
        return "heading", line
    if found := _BULLET.fullmatch(line):
        return "bullet", found[1]
    if found := _NUMBERED.fullmatch(line):
        return "number", found[2]
    if line.startswith(">"):
        return "quotation", line.lstrip(">").strip()
    return "text", line


def _table(lines: list[str]) -> DataTable:
    head, _, *rows = ([_plain(cell.strip()) for cell in line.strip().strip("|").split("|")] for line in lines)
    width = len(head)
    return DataTable("", tuple(head), tuple(tuple((row + [""] * width)[:width]) for row in rows))


def _plain(text: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", text)).strip()
