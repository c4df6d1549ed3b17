"""Widths of the columns of a table in Word: one rule for all, by what stands in them. Texts made up."""

import pytest

from kb.exports.word_tables import WIDTH, column_widths, lines_in, lines_of

STEPS = ("计划", "机制", "目标日期", "应推广单位", "确认落地", "落地待确认", "试行", "拟学", "停用", "没有动", "进度")
PLAN = ("推广虚构的做法", "虚构的机制，名字有二十来个字，写两三行", "2027年6月30日", *"21000002", "按期")


def widths(labels: tuple[str, ...], *rows: tuple[str, ...], points: float = 12) -> list[int]:
    return column_widths(labels, [[text.split("\n") for text in row] for row in rows], points=points)


def test_long_columns_share_the_room_by_what_they_hold() -> None:
    row = (
        "虚构县虚构镇虚构村党总支部委员会",
        "党组织召集多方议事会",
        "2026-11-26 由虚构大学党委现场看过台账以后确认",
        "虚构户数：600 → 0，计量单位：户",
    )
    found = widths(("单位", "机制", "落地与确认", "成效"), row)
    assert found == [2165, 1353, 3119, 2205]
    heights = [lines_of([text], width) for text, width in zip(row, found, strict=True)]
    assert max(heights) - min(heights) <= 1


def test_the_longest_column_of_a_list_is_the_widest_and_its_codes_stand_in_one_line() -> None:
    labels = ("序", "编号", "标题", "单位", "问题类型", "关键做法")
    row = (
        "1",
        "000000-2020-01",
        "虚构镇用结对办法帮支部开起会来",
        "虚构镇党委",
        "软弱涣散",
        "逐一结对，逐月到场。" * 8,
    )
    found = dict(zip(labels, widths(labels, row, points=10.5), strict=True))
    assert max(found, key=lambda label: found[label]) == "关键做法"
    assert found["编号"] <= 14 * 0.55 * 210 + 200
    assert found["关键做法"] > 2 * found["单位"]


def test_a_number_takes_no_more_room_in_a_longer_row() -> None:
    labels = ("项目", "数", "数自")
    short, long = (widths(labels, (text, "186", "目录")) for text in ("虚构的数", "虚构的数" * 20))
    assert long[1] < short[1]
    assert sum(short) <= WIDTH and WIDTH - sum(long) < 3


@pytest.mark.parametrize("points", [10.5, 12])
def test_every_label_takes_three_lines_at_most_and_no_date_is_broken(points: float) -> None:
    found = widths(STEPS, PLAN, points=points)
    rooms = [(width - 170) / (points * 20) for width in found]
    assert sum(found) <= WIDTH
    assert min(rooms) >= 2
    assert [label for label, room in zip(STEPS, rooms, strict=True) if len(label) > 3 * room] == []
    assert rooms[2] >= 6  # 2027年6月30日 in 10.5 pt; 5.75 characters wide


def test_a_column_left_blank_has_room_to_write_in() -> None:
    found = widths(("校次", "校对人", "校对意见", "时间", "签字"), ("一校", "", "", "", "\n"))
    assert min(found[1:]) >= 6 * 240
    assert found[0] < found[1]


def test_short_texts_are_broken_beside_one_long_opinion_and_whole_beside_a_short_one() -> None:
    labels = ("审次", "审核人", "结论与意见", "时间", "签字")
    found = {
        told: widths(labels, ("第1次初审", "虚构的审核人", told, "2026年11月26日\n01:02", "\n"))
        for told in ("通过。", "退回。" + "虚构的意见。" * 20)
    }
    short, long = ((width[2] - 170) / 240 for width in found.values())
    assert (short < 8, long > 12) == (True, True)
    assert [width[4] >= 6 * 240 for width in found.values()] == [True, True]


def test_more_columns_than_there_is_room_for_fill_the_page_evenly() -> None:
    found = widths(("栏目",) * 24, tuple("内容" * 9 for _ in range(24)))
    assert (len(set(found)), sum(found) <= WIDTH) == (1, True)


def test_a_cell_without_room_for_a_character_has_lines_of_one() -> None:
    assert [lines_in(["支部", "会"], width, 12) for width in (60, 170, 200)] == [3, 3, 3]
