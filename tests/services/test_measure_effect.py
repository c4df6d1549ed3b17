"""The effect of a change: what comes first before and after, what moved most, what would be wrong that is not."""

from kb.services.evaluate_search import KeptQuestion
from kb.services.measure_effect import Effect, Moved, broken, compare_places, read_effect, write_effect

QUESTIONS = [
    KeptQuestion("q1", "甲", ("1",)),
    KeptQuestion("q2", "乙", ("2",)),
    KeptQuestion("q3", "丙", ("3",)),
    KeptQuestion("q4", "丁", ("4",), within=100, is_ranked=False),
]


def test_places_before_and_after_are_counted_and_what_got_worse_most_stands_first() -> None:
    before, after = {"q1": 1, "q2": 4, "q3": 2, "q4": 9}, {"q1": 0, "q2": 1, "q3": 3, "q4": 9}
    effect = compare_places(QUESTIONS, (before, after), (["旧错"], ["新错"]))
    assert effect == Effect(
        questions=3, first=(1, 1), among_three=(2, 2),
        moved=(Moved("甲", 1, 0), Moved("丙", 2, 3), Moved("乙", 4, 1)), moved_in_all=3, faults=("新错",), mended=1,
    )  # fmt: skip
    assert [one.is_better for one in effect.moved] == [False, False, True]
    assert read_effect(write_effect(effect)) == effect


def test_a_fault_that_stood_before_bars_nothing() -> None:
    places = {question.id: 1 for question in QUESTIONS}
    assert compare_places(QUESTIONS, (places, places), (["旧错"], ["旧错"])).faults == ()


def test_what_could_not_be_read_is_a_fault_and_nothing_measured_is_nothing() -> None:
    assert read_effect(write_effect(broken("读不出来"))) == broken("读不出来")
    assert read_effect("") is None
