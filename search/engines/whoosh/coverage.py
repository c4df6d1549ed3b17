"""How much of a query a document has, at its opening and anywhere.

BM25F lets one frequent word stand for many. What stands in the opening (title, problem, lead) is what a document is about.
"""

import sys
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.analysis import Word
from search.engines.whoosh.scoring import rarity
from search.engines.whoosh.snapshot import Snapshot
from search.plan import Plan

OPENING = 150  # characters
OPENING_BYTES = 4 * OPENING  # at most so many in UTF-8
# Shares of the best score, for a document that has all words in its opening, all pieces there, all words or pieces anywhere.
OPENING_WORDS, OPENING_PIECES, WORDS, PIECES = 0.5, 0.2, 0.3, 0.25
POWER, OPENING_PIECES_POWER = 2, 3  # half of a query is worth less than half


def coverage_worth(snapshot: Snapshot, plan: Plan, numbers: Sequence[int]) -> list[float]:
    """For each document what its coverage adds, as a share of the best score. Rare words and pieces count more."""
    words = Worth((_spellings(word), max(_rarities(snapshot, word.terms), default=0.0)) for word in plan.words)
    alone = [(piece,) for piece in plan.ngrams]
    pieces = Worth(zip(alone, _rarities(snapshot, plan.ngrams), strict=True))
    texts = [snapshot.folded(number, sys.maxsize if words.is_read else OPENING_BYTES) for number in numbers]
    of_words, of_pieces = (sought.shares(snapshot, numbers, texts) for sought in (words, pieces))
    worth = []
    for text, all_words, all_pieces in zip(texts, of_words, of_pieces, strict=True):
        opening = text[:OPENING]
        worth.append(
            OPENING_WORDS * words.share(opening) ** POWER
            + OPENING_PIECES * pieces.share(opening) ** OPENING_PIECES_POWER
            + WORDS * all_words**POWER
            + PIECES * all_pieces**POWER
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
        # A character or bigram stands where its posting list says, others where the text is read.
        self._listed = [(spelling, value) for spelling, value in self._single if len(spelling) <= 2]
        self._longer = [(spelling, value) for spelling, value in self._single if len(spelling) > 2]
        self.is_read = bool(self._longer or self._others)

    def share(self, text: str) -> float:
        """Of the whole worth, that of the texts of which one spelling stands in a text."""
        return self._found(self._single, text) / self._whole

    def shares(self, snapshot: Snapshot, numbers: Sequence[int], texts: Sequence[str]) -> list[float]:
        """The share of the whole of each document, whose text is needed if `is_read`."""
        documents = np.array(numbers, dtype=np.int32)
        found: NDArray[np.float64] = np.zeros(len(documents))
        for impact, (_, value) in zip(snapshot.impacts(one for one, _ in self._listed), self._listed, strict=True):
            found += value * impact.stands_in(documents)
        if self.is_read:
            found += [self._found(self._longer, text) for text in texts]
        shares: list[float] = (found / self._whole).tolist()
        return shares

    def _found(self, single: list[tuple[str, float]], text: str) -> float:
        found = sum([value for spelling, value in single if spelling in text])
        for spellings, value in self._others:
            if any(one in text for one in spellings):
                found += value
        return found


def _spellings(word: Word) -> tuple[str, ...]:
    return tuple(one.text for one in (word, *word.aliases))


def _rarities(snapshot: Snapshot, terms: Iterable[str]) -> list[float]:
    return [rarity(impact.count, snapshot.count) for impact in snapshot.impacts(terms)]
