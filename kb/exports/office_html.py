"""An office document as one page of HTML with its own CSS: for print, for PDF, and to look at before either."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache, singledispatch
from html import escape
from pathlib import Path

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
    Signature,
    Text,
    leads,
)
from kb.domain.word_form import BULLET, CELL
from kb.exports.contents import listed_headings
from kb.exports.faces import OFFICIAL, ROLES, FaceSet
from kb.exports.office_word import BOX
from kb.exports.title_lines import title_lines
from kb.exports.word_contents import NAME as CONTENTS_NAME
from kb.exports.word_ends import HEAD_NAME_LENGTH, TITLE_LENGTH, free_at_right
from kb.exports.word_looks import OFFICE_SMALL_CELL, POINTS_OF
from kb.exports.word_tables import MOST_WHOLE_LINES, WIDTH, column_widths, is_short, is_small, lines_of
from kb.exports.word_text import clean

PARTS = {
    "title": "h1, .head-name",
    "heading": "h2, th, .contents-name",
    "script": "h3, .subtitle, .quotation, .source, .caption, figcaption",
    "text": "html",
    "number": "@page",
}
"""What is set in the face of each role."""
_LATIN_SUBSTITUTES = ("Liberation Serif", "Tinos")
"""Of the same widths; no alias leads to them from an @font-face rule."""
_LATIN_RANGE = "U+20-7E, U+A0-FF"
"""Not the quotation marks and dashes both scripts share: between Chinese words they are wide."""


def build_html(document: OfficeDocument, faces: FaceSet = OFFICIAL) -> str:
    """The page; pictures stand in it, nothing in it leads outside."""
    return "".join(_page(document, faces))


def _page(document: OfficeDocument, faces: FaceSet) -> Iterator[str]:
    yield f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{_told(document.title)}</title>'
    yield f"<style>{_face_rules(faces)}{_sheet()}</style></head><body>\n"
    if head := document.set_head:
        yield f'<div class="head-name">{_lines(title_lines(head.name, HEAD_NAME_LENGTH))}</div>'
        if head.issue:
            yield f'<p class="head-issue">{_told(head.issue)}</p>'
        yield f'<div class="head-line"><span>{_told(head.unit)}</span><span>{_told(head.day)}</span></div>\n'
    if document.title:
        yield f"<h1>{_lines(title_lines(document.title, TITLE_LENGTH))}</h1>\n"
    if under := document.under_title:
        yield f'<p class="subtitle">{_told(under)}</p>\n'
    listed = listed_headings(document)
    if listed:
        yield f'<nav class="contents"><p class="contents-name">{CONTENTS_NAME}</p>'
        for entry in listed:
            kind = ' class="second"' if entry.level == 2 else ""
            yield f'<a{kind} href="#{entry.anchor}">{_told(entry.text)}</a>'
        yield "</nav>\n"
    anchors = {entry.place: f' id="{entry.anchor}"' for entry in listed}
    blocks = document.set_blocks
    for place, (block, after) in enumerate(
        zip(blocks, (*blocks[1:], None), strict=False)
    ):  # no block has nothing after it
        told = _block(block, anchors.get(place, ""))
        is_above_table = isinstance(after, DataTable | Facts) and isinstance(block, Text | Heading | Quotation)
        lead = " above-table" if is_above_table else ""
        yield f'<div class="lead{lead}">{told}</div>\n' if lead or leads(block) else f"{told}\n"
    if document.signature:
        yield _signature(document.signature)
    if document.notes:
        yield f'<div class="notes">{"".join(f"<p>{_told(note)}</p>" for note in document.notes)}</div>\n'
    yield "</body></html>\n"


@singledispatch
def _block(block: Block, anchor: str) -> str:
    raise TypeError(type(block).__name__)


@_block.register
def _(block: Heading, anchor: str) -> str:
    level = min(max(block.level, 1), 4) + 1
    return f"<h{level}{anchor}>{_told(block.text)}</h{level}>"


@_block.register
def _(block: Text, anchor: str) -> str:
    return f'<p class="text">{_told(block.text)}</p>' if block.is_indented else f"<p>{_told(block.text)}</p>"


@_block.register
def _(block: Quotation, anchor: str) -> str:
    source = f'<p class="source">——{_told(block.source)}</p>' if block.source else ""
    return f'<blockquote><p class="quotation">{_told(block.text)}</p>{source}</blockquote>'


@_block.register
def _(block: ItemList, anchor: str) -> str:
    marks = [f"{number}. " if block.is_numbered else BULLET for number, _ in block.numbered]
    return _marked(marks, block.items)


@_block.register
def _(block: CheckBoxes, anchor: str) -> str:
    return _marked([BOX] * len(block.items), block.items)


@_block.register
def _(block: DataTable, anchor: str) -> str:
    rows = [[text.split("\n") for text in row] for row in block.rows]
    widths = column_widths(block.columns, rows, points=POINTS_OF[(OFFICE_SMALL_CELL if is_small(block) else CELL).id])
    caption = f'<p class="caption">{_told(block.caption)}</p>' if block.caption else ""
    small = ' class="small"' if is_small(block) else ""
    columns = "".join(f'<col style="width:{width * 100 / WIDTH:.2f}%">' for width in widths)
    head = "".join(f"<th>{_told(label)}</th>" for label in block.columns)
    body = "".join(_row([_lines(cell) for cell in row], _is_whole(row, widths)) for row in rows)
    return f"{caption}<table{small}><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@_block.register
def _(block: Facts, anchor: str) -> str:
    rows = "".join(
        f'<tr class="whole"><th>{_told(label)}</th><td>{_told(text)}</td></tr>' for label, text in block.rows
    )
    is_whole = is_short([text.split("\n") for _, text in block.rows])
    kind = f"facts{' small' if block.is_small else ''}{' short' if is_whole else ''}"
    return f'<table class="{kind}"><colgroup><col style="width:30mm"><col></colgroup><tbody>{rows}</tbody></table>'


@_block.register
def _(block: Image, anchor: str) -> str:
    address = f"data:{block.mime};base64,{b64encode(block.data).decode()}"
    caption = f"<figcaption>{_told(block.caption)}</figcaption>" if block.caption else ""
    return f'<figure><img src="{escape(address)}" alt="{_told(block.caption)}">{caption}</figure>'


@_block.register
def _(block: PageBreak, anchor: str) -> str:
    return '<div class="page-break"></div>'


def _signature(signature: Signature) -> str:
    rows = zip((signature.unit, signature.day), free_at_right(signature), strict=True)
    told = [f'<p style="padding-right:{free:g}em">{_told(text)}</p>' for text, free in rows if text]
    return f'<div class="signature">{"".join(told)}</div>\n'


def _marked(marks: Sequence[str], items: Sequence[str]) -> str:
    return "".join(f'<p class="text">{mark}{_told(item)}</p>' for mark, item in zip(marks, items, strict=True))


def _row(cells: Sequence[str], is_whole: bool) -> str:
    return f"<tr{' class=whole' if is_whole else ''}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _is_whole(row: Sequence[Sequence[str]], widths: Sequence[int]) -> bool:
    return max(map(lines_of, row, widths), default=0) <= MOST_WHOLE_LINES


def _told(text: str) -> str:
    return _lines(clean(text).splitlines())


def _lines(texts: Sequence[str]) -> str:
    """A line each; one without words keeps its height at the end too."""
    return "<br>".join(escape(clean(text)) or ("&nbsp;" if number else "") for number, text in enumerate(texts))


@cache
def _sheet() -> str:
    return (Path(__file__).parent / "office_print.css").read_text(encoding="utf-8")


def _face_rules(faces: FaceSet) -> str:
    sources = ", ".join(f'local("{name}")' for name in (faces.latin, *_LATIN_SUBSTITUTES))
    rules = [f'@font-face {{ font-family: "Latin"; src: {sources}; unicode-range: {_LATIN_RANGE}; }}']
    for role in ROLES:
        face = faces.of(role)
        family = ", ".join(f'"{name}"' for name in dict.fromkeys(["Latin", face.name, face.rare, face.beyond]))
        if role == "number":
            for side in ("right", "left"):
                rules.append(f'@page :{side} {{ @bottom-{side} {{ font: 14pt "{face.name}"; }} }}')
        else:
            weight = " font-weight: bold;" if face.is_bold else ""
            rules.append(f"{PARTS[role]} {{ font-family: {family};{weight} }}")
    return "\n".join(rules) + "\n"
