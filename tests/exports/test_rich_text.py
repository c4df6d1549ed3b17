"""Rich text for the editor of a 公众号: inline styles alone, no link, no address, every character as it was."""

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.office_document import (
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
from kb.exports.rich_text import build_rich_text

HOSTILE = "<script>alert(1)</script><a href='https://example.invalid'>链接</a>&amp;\"'"
EVERYTHING = OfficeDocument(
    title=f"标题{HOSTILE}",
    subtitle="副题",
    head=Head("虚构简报", "第 1 期", "虚构镇党委", "2026年11月26日"),
    blocks=(
        Heading("一、小标题"), Heading("（一）二级", 2), Text(f"一段{HOSTILE}"), Quotation("又一句。"), Quotation("原话。", "来源1"), Quotation("没有来源。"),
        ItemList(("甲", "乙"), is_numbered=True), ItemList(("丙",)), CheckBoxes(("勾选",)), DataTable("表", ("指标", "值"), (("数", "3\n个"),)),
        Facts((("单位", "虚构镇党委"),)), Image(b"", "image/png", "图"), Image(b"", "image/png"), PageBreak(),
    ),
    signature=Signature("虚构镇党委", "2026年11月26日"),
    notes=("来源", "1. 网址 https://example.invalid/report"),
)  # fmt: skip
PLAIN = f"""虚构简报 · 第 1 期 · 虚构镇党委 · 2026年11月26日

标题{HOSTILE}

副题

一、小标题

（一）二级

一段{HOSTILE}

又一句。
原话。
——来源1

没有来源。

1. 甲

2. 乙

· 丙

□ 勾选

表

指标\t值
数\t3
个

单位\t虚构镇党委

（图片：图）

虚构镇党委
2026年11月26日

来源

1. 网址 https://example.invalid/report
"""


def text_of(html: str) -> str:
    """As an editor reads it back: white space aside."""
    return "".join(lxml.html.fromstring(html).text_content().split())


def test_every_block_is_there_as_text() -> None:
    assert build_rich_text(EVERYTHING).plain == PLAIN


@pytest.mark.parametrize("document", [EVERYTHING, OfficeDocument("只有标题", ())])
def test_there_is_no_attribute_but_style_and_nothing_leads_anywhere(document: OfficeDocument) -> None:
    made = build_rich_text(document)
    tree = lxml.html.fromstring(made.html)
    assert {name for element in tree.iter() for name in element.attrib} == {"style"}
    assert {element.tag for element in tree.iter()} <= {"section", "p", "br", "table", "tbody", "tr", "td"}
    styles = " ".join(element.get("style", "") for element in tree.iter())
    assert [
        word for word in ("url(", "http", "@import", "expression", "font-family", "position") if word in styles
    ] == []
    assert text_of(made.html) == "".join(made.plain.split())


@given(st.text(max_size=80))
def test_whatever_is_written_is_read_back_and_makes_no_element(text: str) -> None:
    made = build_rich_text(OfficeDocument("标题", (Text(text), Quotation(text, text))))
    tree = lxml.html.fromstring(made.html)
    assert {element.tag for element in tree.iter()} <= {"section", "p", "br"}
    printable = "".join(one for one in text if one in "\n\t" or (one >= " " and not "\ud800" <= one <= "\udfff"))
    assert "".join(printable.split()) in text_of(made.html)
