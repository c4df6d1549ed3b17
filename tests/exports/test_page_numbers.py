"""Pages of headings, reckoned by lines and rows. Texts made up."""

from kb.domain.office_document import DataTable, Facts, Heading, ItemList, OfficeDocument, PageBreak, Quotation, Text
from kb.exports.contents import listed_headings
from kb.exports.page_numbers import page_numbers

LINE = "虚构的文字只为量版面"
"""Ten characters."""


def pages(*blocks: object) -> list[int]:
    document = OfficeDocument("虚构的汇编", blocks, has_contents=True)  # type: ignore[arg-type]
    return list(page_numbers(document, listed_headings(document)).values())


def test_a_full_page_of_lines_is_one_page_and_a_line_more_begins_the_next() -> None:
    full = [Text("短") for _ in range(20)]
    assert pages(Heading("一"), *full, Text("短"), Heading("二"), Text("短")) == [2, 3]
    assert pages(Heading("一"), *full[:19], Heading("二"), Text("短")) == [2, 2]


def test_a_heading_stays_with_what_follows_it() -> None:
    assert pages(Heading("一"), *[Text("短") for _ in range(20)], Heading("二"), Text("短")) == [2, 3]


def test_long_paragraphs_lists_and_quotations_take_their_lines() -> None:
    long = Text(LINE * 60)  # 602 characters with the indent: 22 lines
    assert pages(Heading("一"), long, PageBreak(), Heading("二"), ItemList((LINE * 60,)), Heading("三")) == [2, 4, 5]
    assert pages(Heading("一"), *[Quotation(LINE, "来源1")] * 12, Heading("二")) == [2, 3]


def test_tables_take_their_rows() -> None:
    row = (("虚构的步骤", "虚构的责任方"),)
    assert pages(Heading("一"), DataTable("表名", ("步骤", "责任方"), row * 25), Heading("二")) == [2, 2]
    assert pages(Heading("一"), DataTable("表名", ("步骤", "责任方"), row * 40), Heading("二")) == [2, 3]
    assert pages(Heading("一"), Facts((("单位", LINE * 60),) * 2), Heading("二")) == [2, 3]


def test_a_long_contents_list_takes_pages_of_its_own() -> None:
    assert pages(*[Heading(f"{number}、虚构的标题") for number in range(30)])[0] == 3
