"""Small words of the pages: one form of dates, and what is said once for a whole list."""

from kb.web.wording import days_in_words, judged_alike, moment_in_words


def test_days_and_moments_are_written_one_way_wherever_they_stand() -> None:
    assert days_in_words("拟学 → 试行（2026-03-01），2026-3-1 和 12026-03-011 不是") == (
        "拟学 → 试行（2026年3月1日），2026-3-1 和 12026-03-011 不是"
    )
    assert moment_in_words("2026-11-25T08:03:00").startswith("2026年11月25日 ") and moment_in_words("昨天") == "昨天"


def test_only_a_list_that_is_the_editors_reading_as_a_whole_is_said_so_once() -> None:
    one, two = "编者判断：甲", "编者判断：乙"
    assert judged_alike([one, two]) == (True, ("甲", "乙"))
    assert judged_alike([one, "丙"]) == (False, (one, "丙"))
    assert judged_alike([one]) == (False, (one,)) and judged_alike([]) == (False, ())
