"""Rows are read once in a state of the catalogue."""

from collections.abc import Mapping

from kb.database.known_rows import KnownRows, dump_lines, load_lines
from kb.domain.case_lines import CaseLines


class Rows:
    """Stands for a table; notes what is asked."""

    def __init__(self, **rows: str) -> None:
        self.rows = rows
        self.asked: list[list[str]] = []

    def __call__(self, ids: list[str]) -> Mapping[str, str]:
        self.asked.append(ids)
        return {id: self.rows[id] for id in ids if id in self.rows}


def test_in_one_state_a_row_is_read_once_and_in_another_again() -> None:
    known, rows = KnownRows[str](), Rows(a="一", b="二")
    assert [*known.of(1, ["b", "x", "a"], rows).items()] == [("b", "二"), ("a", "一")]
    assert [*known.of(1, ["a", "b"], rows).items()] == [("a", "一"), ("b", "二")]
    assert rows.asked == [["b", "x", "a"]]
    assert known.of(2, ["a"], Rows(a="改")) == {"a": "改"}
    assert known.of(1, ["a"], rows) == {"a": "一"}  # for a reader who began before the change


def test_what_may_change_yet_is_not_kept() -> None:
    known = KnownRows[str]()
    assert known.of(None, ["a"], Rows(a="一")) == {"a": "一"}
    assert known.of(None, ["a"], Rows(a="二")) == {"a": "二"}


def test_no_more_is_kept_than_may_be() -> None:
    known, rows = KnownRows[str](most=2), Rows(a="一", b="二", c="三")
    for ids in (["a", "b"], ["c"], ["b"], ["a"], ["a"]):
        known.of(1, ids, rows)
    assert rows.asked == [["a", "b"], ["c"], ["b"], ["a"]]


def test_lines_come_back_from_a_row_as_they_were() -> None:
    lines = CaseLines(
        "a",
        "“标题”",
        "lesson",
        ("1.1", "2.1"),
        "问题。",
        "",
        "推广。",
        "某镇",
        "town",
        "f",
        "2020",
        "m",
        "摘要",
        ("r",),
    )
    assert load_lines(dump_lines(lines)) == lines
