"""What of a document is set: a head only with a name, a caption only where it says something new. Texts made up."""

from kb.domain.office_document import DataTable, Head, Heading, OfficeDocument, Text, leads

TABLE = DataTable("经确认的落地", ("单位",), (("虚构村",),))


def test_without_a_name_issue_unit_and_day_stand_under_the_title() -> None:
    bare = OfficeDocument("虚构", (), subtitle="虚构的副题", head=Head(issue="第1期", day="2026年11月26日"))
    assert (bare.set_head, bare.under_title) == (None, "第1期　2026年11月26日\n虚构的副题")
    named = OfficeDocument("虚构", (), head=Head("虚构简报", "第1期"))
    assert (named.set_head, named.under_title) == (named.head, "")
    assert (OfficeDocument("虚构", ()).under_title, OfficeDocument("虚构", (), head=Head()).set_head) == ("", None)


def test_a_caption_that_repeats_its_heading_is_left_out() -> None:
    told = OfficeDocument("虚构", (Heading("四、经确认的落地"), Text("共 1 项。"), TABLE)).set_blocks
    assert told[2] == DataTable("", TABLE.columns, TABLE.rows)
    blocks = (Heading("五、别的"), TABLE)
    assert OfficeDocument("虚构", blocks).set_blocks == blocks


def test_what_ends_in_a_colon_leads_to_what_follows() -> None:
    assert [leads(block) for block in (Text("如下："), Text("完了。"), Heading("一："))] == [True, False, False]
