"""Measures of one ranking: ids best first, and the grade of each judged document (0 or absent: not relevant).

Definitions are those of trec_eval; the gain of a grade in nDCG is the grade itself.
"""

from collections.abc import Mapping, Sequence
from math import log2

Grades = Mapping[str, int]


def hit_at(k: int, ranking: Sequence[str], grades: Grades) -> float:
    """1 if a relevant document is among the first k, else 0."""
    return float(any(grades.get(id, 0) > 0 for id in ranking[:k]))


def recall_at(k: int, ranking: Sequence[str], grades: Grades) -> float:
    """Share of the relevant documents that are among the first k."""
    return sum(grades.get(id, 0) > 0 for id in ranking[:k]) / _relevant(grades)


def reciprocal_rank_at(k: int, ranking: Sequence[str], grades: Grades) -> float:
    """1 / rank of the first relevant document, 0 if it is not among the first k."""
    return next((1 / rank for rank, id in enumerate(ranking[:k], 1) if grades.get(id, 0) > 0), 0.0)


def ndcg_at(k: int, ranking: Sequence[str], grades: Grades) -> float:
    """Discounted gain of the first k over the best possible one."""
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    return _discounted([max(grades.get(id, 0), 0) for id in ranking[:k]]) / _discounted(best[:k])


def average_precision(ranking: Sequence[str], grades: Grades) -> float:
    """Mean over the relevant documents of the precision at their rank; one that is not ranked adds nothing."""
    found, total = 0, 0.0
    for rank, id in enumerate(ranking, 1):
        if grades.get(id, 0) > 0:
            found += 1
            total += found / rank
    return total / _relevant(grades)


def _relevant(grades: Grades) -> int:
    return sum(grade > 0 for grade in grades.values())


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, 1))
