"""How much of a query a document has, at its opening and anywhere.

BM25F lets one frequent word stand for many. What stands in the opening (title, problem, lead) is what a document is about.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.analysis import Word
from search.engines.whoosh.impacts import Impact
from search.engines.whoosh.scoring import rarity
from search.engines.whoosh.snapshot import Snapshot
from search.plan import Plan

OPENING = 150  # characters
# Shares of the best score, for a document that has all words in its opening, all pieces there, all words or pieces anywhere.
OPENING_WORDS, OPENING_PIECES, WORDS, PIECES = 0.5, 0.2, 0.3, 0.25
POWER, OPENING_PIECES_POWER = 2, 3  # half of a query is worth less than half


def coverage_worth(snapshot: Snapshot, plan: Plan, numbers: Sequence[int]) -> list[float]:
    """For each document what its coverage adds, as a share of the best score. Rare words and pieces count more."""
    words = Worth((_spellings(word), max(_rarities(snapshot, word.terms), default=0.0)) for word in plan.words)
    impacts = snapshot.impacts(plan.ngrams)
    rarities = [rarity(impact.count, snapshot.count) for impact in impacts]
    pieces = Worth(zip([(piece,) for piece in plan.ngrams], rarities, strict=True))
    worth = []
    for number, share in zip(numbers, _standing_shares(impacts, rarities, numbers), strict=True):
        text = snapshot.folded(number)
        opening = text[:OPENING]
        worth.append(
            OPENING_WORDS * words.share(opening) ** POWER
            + OPENING_PIECES * pieces.share(opening) ** OPENING_PIECES_POWER
            + WORDS * words.share(text) ** POWER
            + PIECES * share**POWER
        )
    return worth


class Worth:
    """What texts that are looked for are worth, each in any of its spellings."""

    def __init__(self, worth: Iterable[tuple[tuple[str, ...], float]]) -> None:
        known = dict(worth)
        self._whole = sum(known.values()) or 1
        # Most have one spelling, and a page asks some ten thousand times whether one stands in a text.
        self._single = [(spellings[0], value) for spellings, value in known.items() if len(spellings) == 1]
        self._others = [(spellings, value) for spellings, value in known.items() if len(spellings) > 1]

    def share(self, text: str) -> float:
        """Of the whole worth, that of the texts of which one spelling stands in a text."""
        found = sum([value for spelling, value in self._single if spelling in text])
        for spellings, value in self._others:
            if any(one in text for one in spellings):
                found += value
        return found / self._whole


def _standing_shares(impacts: Iterable[Impact], worth: Iterable[float], numbers: Sequence[int]) -> list[float]:
    """Of the whole worth, that of the terms which stand in each document: as `Worth.share` of its text, in a tenth of the time."""
    documents = np.array(numbers, dtype=np.int32)
    found: NDArray[np.float64] = np.zeros(len(documents))
    whole = 0.0
    for impact, value in zip(impacts, worth, strict=True):
        found += value * impact.stands_in(documents)
        whole += value
    shares: list[float] = (found / (whole or 1)).tolist()
    return shares


def _spellings(word: Word) -> tuple[str, ...]:
    return tuple(one.text for one in (word, *word.aliases))


def _rarities(snapshot: Snapshot, terms: Iterable[str]) -> list[float]:
    return [rarity(impact.count, snapshot.count) for impact in snapshot.impacts(terms)]
