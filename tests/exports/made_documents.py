"""Office documents made up for tests, and what their words are."""

import io
from collections.abc import Iterator

from hypothesis import strategies as st
from PIL import Image as Picture

from kb.domain.office_document import (
    Block,
    CheckBoxes,
    DataTable,
    Facts,
    Head,
    Heading,
    Image,
    ItemList,
    OfficeDocument,
    PageBreak,
    Quotation,
    Signature,
    Text,
)


def picture(width: int, height: int) -> Image:
    buffer = io.BytesIO()
    Picture.new("RGB", (width, height), (120, 120, 120)).save(buffer, "PNG", dpi=(72, 72))
    return Image(buffer.getvalue(), "image/png", "图1　虚构的图")


EVERY_BLOCK: tuple[Block, ...] = (
    Heading("一、虚构的情况"),
    Text("虚构镇𠮷某与㛃某、镕某结对，“有的放矢”地办成3件事。"),
    Heading("（一）虚构的做法", 2),
    Text("顶格的一段。", is_indented=False),
    Heading("1. 虚构的三级", 3),
    Heading("（1）虚构的四级", 4),
    Quotation("把问题带上来，把办法带下去。", "《虚构案例》“做法”一节"),
    ItemList(("第一项", "第二项"), is_numbered=True),
    ItemList(("甲", "乙")),
    CheckBoxes(("条件具备", "有人负责")),
    DataTable("表1　步骤", ("步骤", "责任方"), (("摸底", "镇党委"), ("结对\n见面", "支部"))),
    DataTable("表2　宽表", tuple(f"栏目{n}" for n in range(8)), (tuple("内容" for _ in range(8)),)),
    Facts((("单位", "虚构镇党委"), ("网址", "https://example.invalid/" + "a" * 80))),
    picture(2000, 500),
    PageBreak(),
    Heading("二、新的一页"),
    Text("末段。"),
)
WHOLE = OfficeDocument(
    title="虚构镇党委推动软弱涣散基层党组织整顿提升的做法与成效",
    subtitle="虚构的文字",
    blocks=EVERY_BLOCK,
    head=Head("虚构党建工作简报", "第3期", "虚构镇组织办公室", "2026年11月26日"),
    signature=Signature("中共虚构镇委员会", "2026年11月26日"),
    notes=("来源：《虚构案例》", "第二条说明"),
    has_contents=True,
)

TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=30)
BLOCKS = st.one_of(
    st.builds(Heading, TEXT, st.integers(1, 4)),
    st.builds(Text, TEXT, is_indented=st.booleans()),
    st.builds(Quotation, TEXT, TEXT),
    st.builds(ItemList, st.tuples(TEXT, TEXT), is_numbered=st.booleans()),
    st.builds(CheckBoxes, st.tuples(TEXT)),
    st.builds(DataTable, TEXT, st.tuples(TEXT, TEXT), st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple)),
    st.builds(Facts, st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=3).map(tuple)),
    st.just(PageBreak()),
)
DOCUMENTS = st.builds(
    OfficeDocument,
    title=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=60),
    blocks=st.lists(BLOCKS, max_size=4).map(tuple),
    head=st.none() | st.builds(Head, TEXT, TEXT, TEXT, TEXT),
    signature=st.none() | st.builds(Signature, TEXT, TEXT),
    notes=st.lists(TEXT, max_size=2).map(tuple),
    has_contents=st.booleans(),
)


def words_of(document: OfficeDocument) -> Iterator[str]:
    """Every text of the document, in the order it is read."""
    if head := document.head:
        yield from (head.name, head.issue, head.unit, head.day)
    yield from (document.title, document.subtitle)
    for block in document.blocks:
        yield from _words(block)
    if document.signature:
        yield from (document.signature.unit, document.signature.day)
    yield from document.notes


def _words(block: Block) -> Iterator[str]:
    if isinstance(block, Heading | Text):
        yield block.text
    elif isinstance(block, Quotation):
        yield from (block.text, block.source)
    elif isinstance(block, ItemList | CheckBoxes):
        yield from block.items
    elif isinstance(block, DataTable):
        yield block.caption
        yield from block.columns
        yield from (cell for row in block.rows for cell in row)
    elif isinstance(block, Facts):
        yield from (cell for row in block.rows for cell in row)
    elif isinstance(block, Image):
        yield block.caption
