"""Measures of a ranking, against values worked out by hand."""

from math import log2

import pytest

from search.evaluation.intervals import bootstrap_intervals
from search.evaluation.metrics import average_precision, hit_at, ndcg_at, recall_at, reciprocal_rank_at

RANKING = ["a", "b", "c", "d"]
GRADES = {"b": 1, "d": 3, "z": 2, "a": 0}  # z is not ranked, a is judged and not relevant


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        (hit_at(1, RANKING, GRADES), 0.0),
        (hit_at(2, RANKING, GRADES), 1.0),
        (hit_at(5, [], GRADES), 0.0),
        (recall_at(1, RANKING, GRADES), 0.0),
        (recall_at(2, RANKING, GRADES), 1 / 3),
        (recall_at(100, RANKING, GRADES), 2 / 3),
        (reciprocal_rank_at(1, RANKING, GRADES), 0.0),
        (reciprocal_rank_at(10, RANKING, GRADES), 1 / 2),
        (average_precision(RANKING, GRADES), (1 / 2 + 2 / 4) / 3),
        (average_precision(["b", "d", "z"], GRADES), 1.0),
        # gains 0 1 0 3 against 3 2 1
        (ndcg_at(10, RANKING, GRADES), (1 / log2(3) + 3 / log2(5)) / (3 + 2 / log2(3) + 1 / 2)),
        (ndcg_at(2, RANKING, GRADES), (1 / log2(3)) / (3 + 2 / log2(3))),
        (ndcg_at(10, ["d", "z", "b"], GRADES), 1.0),
    ],
)
def test_measures(measured, expected):
    assert measured == pytest.approx(expected)


def test_intervals_hold_the_mean_and_are_the_same_every_time():
    values = {"even": [0.0, 1.0] * 50, "sure": [1.0] * 100}
    intervals = bootstrap_intervals(values)
    assert intervals == bootstrap_intervals(values)
    assert intervals["sure"] == (1.0, 1.0)
    low, high = intervals["even"]
    # A mean of 100 coin throws has a standard error of .05, so 95 % lie within about .1 of the middle.
    assert (low, high) == (pytest.approx(0.4, abs=0.02), pytest.approx(0.6, abs=0.02))
