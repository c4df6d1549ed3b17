"""Dates as offices write them become the shape files hold; what is no date of the calendar stays as it was written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.answers import read_answers
from kb.domain.drafting import tidy
from kb.domain.finding import Report
from kb.domain.partial_date import PartialDate, find_date, iso_date, split_period
from tests.made_up import CASE_TEMPLATE


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2025年3月", "2025-03"), ("2024年", "2024"), ("2024", "2024"), ("2025.3", "2025-03"), ("2025/3/5", "2025-03-05"),
        ("2025年3月5日", "2025-03-05"), (" 2025 年 3 月份 ", "2025-03"), ("2025.03.05", "2025-03-05"), ("2025-3", "2025-03"),
        ("２０２５年３月", "2025-03"), ("2025年3月5号", "2025-03-05"), ("2025-03-05", "2025-03-05"),
        ("2025年13月", "2025年13月"), ("2025年2月30日", "2025年2月30日"), ("2025.312", "2025.312"), ("去年", "去年"),
        ("25年3月", "25年3月"), ("2017.4-6", "2017.4-6"),
        ("2025-3.5", "2025-3.5"), ("2017年4-6", "2017年4-6"), ("2025 - 3 - 5", "2025-03-05"), ("2025年3月底", "2025年3月底"), ("原文未载", "原文未载"), ("", ""),
    ],
)  # fmt: skip
def test_a_date_is_read_as_offices_write_it(written: str, found: str) -> None:
    assert iso_date(written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2025年3月—2025年8月", ("2025-03", "2025-08")), ("2017-04-2018-05", ("2017-04", "2018-05")),
        ("2025.3至2025.8", ("2025-03", "2025-08")), ("2025年", ("2025",)), ("2025年3月至今", ()), ("2017－04", ("2017-04",)), ("2025－3－5", ("2025-03-05",)), ("2024—2025—2026", ()),
    ],
)  # fmt: skip
def test_a_period_is_two_dates_or_one(written: str, found: tuple[str, ...]) -> None:
    assert split_period(written) == found


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from([4, 7, 10]))
def test_what_a_page_says_in_words_is_read_back(day: date, length: int) -> None:
    held = PartialDate(day.isoformat()[:length])
    year, *parts = held.text.split("-")
    ways = [held.text, held.in_words(), *(mark.join([year, *(str(int(part)) for part in parts)]) for mark in "./-")]
    assert [iso_date(way) for way in ways] == [held.text] * len(ways)


@given(st.text(alphabet="0123456789年月日./- ", max_size=12))
def test_reading_twice_is_reading_once_and_changes_nothing_but_dates(text: str) -> None:
    read = iso_date(text)
    assert iso_date(read) == read
    assert read == text or find_date(read)


def test_every_date_of_a_draft_is_held_as_files_hold_it() -> None:
    written = {
        "title": "2025年3月",
        "period": {"start": "2025年3月—2025年8月"},
        "expected": {"aim": "2025年8月", "look_again_on": "2026.6"},
        "results": [{"measure": "次数", "before": "2024", "before_on": "2024年", "now": "3", "now_on": "2025/12/5"}],
        "sources": [{"title": "虚构的台账", "date": "2025年12月"}],
    }
    assert tidy(CASE_TEMPLATE, written) == {
        "title": "2025年3月",
        "period": {"start": "2025-03", "end": "2025-08"},
        "expected": {"aim": "2025年8月", "look_again_on": "2026-06"},
        "results": [{"measure": "次数", "before": "2024", "before_on": "2024", "now": "3", "now_on": "2025-12-05"}],
        "sources": [{"title": "虚构的台账", "date": "2025-12"}],
    }
    assert tidy(CASE_TEMPLATE, {"period": {"start": "2025.3", "end": "原文未载"}, "review_by": "2026年3月1日"}) == {
        "period": {"start": "2025-03", "end": "原文未载"},
        "review_by": "2026-03-01",
    }


def test_a_date_out_of_reach_stays_for_the_finding_to_name() -> None:
    written = {"period": {"start": "2025年3月—2025年8月", "end": "2026年"}, "results": [{"now_on": "2025年13月"}]}
    assert tidy(CASE_TEMPLATE, written) == {
        "period": {"start": "2025年3月—2025年8月", "end": "2026"},
        "results": [{"now_on": "2025年13月"}],
    }


def test_two_dates_where_one_belongs_are_told_apart_from_no_date() -> None:
    fields = {"results": [{"measure": "次数", "now": "3", "now_on": "2025年3月—2025年8月", "before_on": "2025-13"}]}
    report = Report("x")
    read_answers(CASE_TEMPLATE, fields, report)
    assert {(one.message, one.advice) for one in report.findings if one.field.startswith("results")} == {
        ("“现值日期”不是日历上的日期：2025年3月—2025年8月。", "这里只写一个日期，如 2025-08。"),
        ("“前值日期”不是日历上的日期：2025-13。", "写成 2017、2017-10 或 2017-10-17。"),
    }
