"""Widths of the columns of a table in Word. Texts made up."""

from kb.exports.word_tables import WIDTH, column_widths


def test_long_columns_share_the_room_and_the_last_does_not_take_it_all() -> None:
    labels = ("单位", "机制", "落地与确认", "成效")
    row = (
        "虚构县虚构镇虚构村党总支部委员会",
        "党组织召集多方议事会",
        "2026-11-26 由虚构大学党委现场看过台账以后确认",
        "虚构户数：600 → 0，计量单位：户",
    )
    widths = column_widths(labels, [[[text] for text in row]])
    assert sum(widths) <= WIDTH
    assert widths == [2204, 1690, 2720, 2228]
