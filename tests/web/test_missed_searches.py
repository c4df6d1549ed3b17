"""Searches that found nothing: counted when words found nothing, never with what points at a person."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.errors import NotReady
from kb.services import missed_searches
from kb.services.missed_searches import OTHERS, MissedTally, months_back, plain_question
from kb.web import create_app
from tests.web.conftest import TODAY
from tests.web.made_up_folder import write_folder
from tests.web.page import Page
from tests.web.signed_in import signed_in


@pytest.fixture
def library(tmp_path: Path) -> Library:
    opened = Library(write_folder(tmp_path), today=lambda: TODAY)
    opened.sync(lambda *_: None)
    return opened


def kept(library: Library, first: str = "2024-01", last: str = "2026-11") -> dict[str, int]:
    library.missed.flush()
    with library.desk.session() as session:
        return dict(library.desk.missed_searches(session).listed(first, last, 100))


@pytest.mark.parametrize(
    ("asked", "is_kept"),
    [
        ("  ＺＺＱ　镾  ", "zzq 镾"),
        ("找 11010519491231002X 的事", "找 〔略〕 的事"),
        ("电话13800138000谁的", "电话〔略〕谁的"),
        ("座机 010-6944 1234", "座机 〔略〕"),
        ("低保户张小明家没人管", "低保户〔略〕家没人管"),
        ("2016-2017年", "2016-2017年"),
        ("长" * 100, "长" * 60),
        ("“ ”", ""),
        ("   ", ""),
    ],
)
def test_what_is_kept_of_a_question(asked: str, is_kept: str) -> None:
    assert plain_question(asked) == is_kept


def test_words_no_case_has_are_counted_each_time_and_nothing_else_is(library: Library) -> None:
    guest = create_app(library).test_client()
    for address in (
        "/find?q=zzq", "/find?q=zzq", "/find?q=ZZQ", "/find?q=召集人", "/find?q=召集人&page=2", "/find?q=支部",
        "/find?q=办法论", "/find?q=zzq&level=town", "/find?q=%28%22", "/find",
    ):  # fmt: skip
        guest.get(address)
    assert kept(library) == {"zzq": 3, "召集人": 1}


def test_the_steward_sees_counts_of_the_period_asked_for(library: Library) -> None:
    with library.desk.writing() as session:
        library.desk.missed_searches(session).add(
            {("2026-11", "甲"): 2, ("2026-09", "甲"): 1, ("2026-09", "乙"): 5, ("2026-08", "丙"): 9}
        )
    client = signed_in(library, "steward", Role.STEWARD)
    shown = {months: Page(client.get(f"/steward/missed?months={months}").text) for months in ("1", "3", "12")}
    assert [page.says("共有 2 次") for page in shown.values()] == [True, False, False]
    assert [page.says("共有 8 次") for page in shown.values()] == [False, True, False]
    assert [page.says("共有 17 次") for page in shown.values()] == [False, False, True]
    assert [page.says("丙") for page in shown.values()] == [False, False, True]


def test_a_month_keeps_so_many_questions_and_old_months_go(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.database.missed_searches.MOST_OF_A_MONTH", 2)
    with library.desk.writing() as session:
        library.desk.missed_searches(session).add({("2024-10", "旧"): 1, ("2024-11", "留"): 1})
    for text in ("甲", "乙", "丙", "丁", "甲"):
        library.missed.note(text)
    assert kept(library) == {"甲": 2, "乙": 1, OTHERS: 2, "留": 1}


def test_what_cannot_be_written_is_held_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed_searches, "MOST_HELD", 2)
    written: list[dict[tuple[str, str], int]] = []
    is_full = True

    def write(missed: Mapping[tuple[str, str], int]) -> None:
        if is_full:
            raise NotReady("磁盘满了。")
        written.append(dict(missed))

    tally = MissedTally(write, lambda: date(2026, 11, 26))
    for text in ("甲", "乙", "丙", "甲"):
        tally.note(text)
    tally.flush()
    is_full = False
    tally.flush()
    tally.flush()
    assert written == [{("2026-11", "甲"): 2, ("2026-11", "乙"): 1}]


def test_counts_are_written_without_being_asked_for_once_the_pause_is_over() -> None:
    import threading

    done = threading.Event()
    tally = MissedTally(lambda _: done.set(), lambda: date(2026, 11, 26), pause=0.0)
    tally.note("甲")
    assert done.wait(10)


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    assert [months_back(date(2026, 2, 28), back) for back in (0, 1, 2, 14)] == [
        "2026-02", "2026-01", "2025-12", "2024-12",
    ]  # fmt: skip


def test_closing_the_library_writes_what_is_held(library: Library) -> None:
    library.missed.note("甲")
    library.close()
    again = Library(library.settings, today=lambda: TODAY)
    assert kept(again) == {"甲": 1}
