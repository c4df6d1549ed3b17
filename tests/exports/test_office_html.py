"""Office documents as HTML and Markdown: every word, none of them taken for a mark, nothing that leads outside."""

import re
from html.parser import HTMLParser

from hypothesis import given, settings
from markdown import markdown

from kb.domain.office_document import Facts, Heading, ItemList, OfficeDocument, Quotation, Text
from kb.exports import build_html, build_markdown
from kb.exports.word_text import clean
from tests.exports.made_documents import DOCUMENTS, WHOLE, words_of

HOSTILE = "<script>x()</script><img src=http://127.0.0.1/a>&amp;\"'[a](http://b) `c` **d** | e"


class Read(HTMLParser):
    """The words of a page, the tags and the addresses in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]

    def handle_data(self, data: str) -> None:
        if self.lasttag != "style":
            self.words.append(data)


def holds_in_order(text: str, document: OfficeDocument) -> bool:
    place, found = 0, "".join(text.split())
    for words in words_of(document):
        wanted = "".join(clean(words).split())
        place = found.find(wanted, place)
        if place < 0:
            return False
    return True


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_the_page_has_every_word_and_is_one_text(document: OfficeDocument) -> None:
    assert holds_in_order("".join(Read(build_html(document)).words), document)


def test_words_are_words_and_no_address_leads_outside_the_page() -> None:
    blocks = (
        Heading(HOSTILE),
        Text(HOSTILE),
        Quotation(HOSTILE, HOSTILE),
        ItemList((HOSTILE,)),
        Facts(((HOSTILE, HOSTILE),)),
    )
    read = Read(
        build_html(OfficeDocument(HOSTILE, (*WHOLE.blocks, *blocks), HOSTILE, notes=(HOSTILE,), has_contents=True))
    )
    assert {"script", "link", "iframe", "object"} & read.tags == set()
    assert [address[:5] for address in read.addresses if address[:1] != "#"] == ["data:"]
    assert "".join(read.words).count(HOSTILE) == 12
    assert re.findall(r"url\(|@import|https?:", build_html(WHOLE).partition("</style>")[0]) == []


def test_markdown_gives_back_every_word_and_takes_none_for_a_mark() -> None:
    blocks = (
        Heading(HOSTILE),
        Text(HOSTILE),
        Text("1. 不是列表\n# 不是标题\n- 不是条目"),
        Quotation(HOSTILE),
        ItemList((HOSTILE,), is_numbered=True),
    )
    document = OfficeDocument("题", (*blocks, Facts((("甲|乙", HOSTILE),))))
    page = markdown(build_markdown(document), extensions=["tables"])
    assert holds_in_order("".join(Read(page).words), document)
    assert Read(page).tags == {
        "h1",
        "h2",
        "p",
        "br",
        "blockquote",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }


def test_markdown_of_a_whole_document() -> None:
    text = build_markdown(WHOLE)
    assert text.startswith("虚构党建工作简报　第3期　虚构镇组织办公室　2026年11月26日\n\n# 虚构镇党委推动")
    for part in (
        "### （一）虚构的做法", "> 把问题带上来，把办法带下去。\n>\n> ——《虚构案例》“做法”一节", "1. 第一项\n2. 第二项",
        "- [ ] 条件具备", "| 步骤 | 责任方 |\n| --- | --- |\n| 摸底 | 镇党委 |\n| 结对<br>见面 | 支部 |", "（图片：图1　虚构的图）",
    ):  # fmt: skip
        assert f"\n{part}\n" in text, part
