"""What a change of taxonomy or lexicon does to the kept questions and to the cases: measured before, measured after."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kb.services.evaluate_search import WITHIN, KeptQuestion
from kb.services.find_cases import CaseFinder, Question

LOOKED_AT = 10
"""Hits looked at, a page of them: a place beyond that is as good as none."""
MOST_MOVED, MOST_FAULTS = 40, 20


class Moved(NamedTuple):
    """A question whose first expected case changed its place; 0 for not among the hits looked at."""

    text: str
    before: int
    after: int

    @property
    def is_better(self) -> bool:
        return (self.after or LOOKED_AT + 1) < (self.before or LOOKED_AT + 1)


class Effect(NamedTuple):
    """Of how many questions, how many come first and among the first three, before and after; what moved most first.

    faults: what would be wrong that is not wrong now, in words; `mended`: how many faults would be gone.
    """

    questions: int
    first: tuple[int, int]
    among_three: tuple[int, int]
    moved: tuple[Moved, ...]
    moved_in_all: int
    faults: tuple[str, ...]
    mended: int = 0


Places = Mapping[str, int]
"""The place of the first expected case by question id, 0 for none."""


def find_places(questions: Sequence[KeptQuestion], finder: CaseFinder) -> Places:
    """Asks every question as a reader would."""
    places = {}
    for question in questions:
        found = [hit.card.id for hit in finder.find(Question(question.text, size=LOOKED_AT)).hits]
        places[question.id] = next((place for place, one in enumerate(found, 1) if one in question.expect), 0)
    return places


def compare_places(
    questions: Sequence[KeptQuestion],
    places: tuple[Places, Places],
    faults: tuple[Sequence[str], Sequence[str]],
) -> Effect:
    """`places` and `faults` before and after."""
    before, after = places
    ranked = [question.id for question in questions if question.is_ranked]
    moved = [Moved(one.text, before[one.id], after[one.id]) for one in questions if before[one.id] != after[one.id]]
    moved.sort(key=lambda one: (one.is_better, -abs((one.after or LOOKED_AT + 1) - (one.before or LOOKED_AT + 1))))
    new = [fault for fault in faults[1] if fault not in set(faults[0])]
    return Effect(
        questions=len(ranked),
        first=_count(ranked, places, 1),
        among_three=_count(ranked, places, WITHIN),
        moved=tuple(moved[:MOST_MOVED]),
        moved_in_all=len(moved),
        faults=tuple(new[:MOST_FAULTS]),
        mended=len([fault for fault in faults[0] if fault not in set(faults[1])]),
    )


def broken(words: str) -> Effect:
    """The effect of a change with which nothing could be read."""
    return Effect(0, (0, 0), (0, 0), (), 0, (words,))


def write_effect(effect: Effect) -> str:
    return json.dumps(effect._asdict(), ensure_ascii=False)


def read_effect(text: str) -> Effect | None:
    """None for "": not measured yet."""
    if not text:
        return None
    rows: dict[str, Any] = json.loads(text)
    return Effect(
        questions=rows["questions"],
        first=(rows["first"][0], rows["first"][1]),
        among_three=(rows["among_three"][0], rows["among_three"][1]),
        moved=tuple(Moved(*row) for row in rows["moved"]),
        moved_in_all=rows["moved_in_all"],
        faults=tuple(rows["faults"]),
        mended=rows["mended"],
    )


def _count(ids: Sequence[str], places: tuple[Places, Places], within: int) -> tuple[int, int]:
    before, after = (sum(0 < side[one] <= within for one in ids) for side in places)
    return before, after
