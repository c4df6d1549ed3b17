"""Rules of wording: where they fire, where they do not, and until when."""

from datetime import date

from kb.domain.flagged_wording import Flag, FlaggedWord, Level, find_flagged

TODAY = date(2026, 11, 25)
ELDER = FlaggedWord("村官", "村干部", Level.YELLOW, "虚构的依据", allowed=("大学生村官", "村官网"))
OLD = FlaggedWord("旧名", "新名", Level.RED, "虚构的依据", until=date(2026, 11, 25))


def test_a_rule_fires_at_every_place() -> None:
    assert find_flagged("村官与村官", [ELDER], today=TODAY) == (Flag(ELDER, 0), Flag(ELDER, 3))


def test_inside_an_allowed_word_it_is_right() -> None:
    assert find_flagged("大学生村官、村官网，另有村官", [ELDER], today=TODAY) == (Flag(ELDER, 12),)


def test_a_rule_holds_to_its_last_day() -> None:
    assert find_flagged("旧名", [OLD], today=date(2026, 11, 25)) == (Flag(OLD, 0),)
    assert find_flagged("旧名", [OLD], today=date(2026, 11, 26)) == ()


def test_places_of_several_rules_come_in_the_order_of_the_text() -> None:
    assert [flag.start for flag in find_flagged("村官说旧名，旧名是村官", [OLD, ELDER], today=TODAY)] == [0, 3, 6, 9]
