"""How much of their wording texts share: shingles, as sorted arrays of numbers."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from search.analysis.characters import characters_of, is_word_character

SHINGLE = 4
"""Characters; so many in a row are seldom the same by chance."""
SHORT, MOST_KEPT = 600, 4_000
"""Characters of a text that will come again, as summaries do, and how many are kept: at most some 6 kB each."""
LONG = 1_000
"""Shingles from which on an eighth of them tells first whether two texts may be alike."""
DRAWN = np.uint64(1 << 61)
FAR = 0.6
"""Two texts whose draws share less than this part of what is asked are not looked at whole. For half of all shared the
draws would have to be off by seven standard deviations."""
ODD = np.uint64(0x9E3779B97F4A7C15)
"""Shingles are multiplied by it, which gives each another number and the numbers no order (Knuth, TAOCP 6.4)."""
Shingles = NDArray[np.uint64]


def are_alike(texts: Sequence[str], least: float) -> NDArray[np.bool_]:
    """For each two texts whether they share so much: the shared shingles of letters and digits over all of both.

    Above 0 and at most 1. False on the diagonal, and where one has no shingle.
    """
    if min(map(len, texts), default=0) < LONG:
        return _over([_kept_shingles(text) if len(text) <= SHORT else shingles(text) for text in texts], least)
    runs = [_runs(text) for text in texts]
    if min(map(len, runs)) < LONG:
        return _over([_distinct(one) for one in runs], least)
    alike = _over([_distinct(one[one < DRAWN]) for one in runs], FAR * least)
    asked = np.flatnonzero(alike.any(axis=0)).tolist()
    alike[np.ix_(asked, asked)] = _over([_distinct(runs[place]) for place in asked], least)
    return alike


def _over(found: Sequence[Shingles], least: float) -> NDArray[np.bool_]:
    known, places = np.unique(np.concatenate([np.empty(0, np.uint64), *found]), return_inverse=True)
    holds = np.zeros((len(found), len(known)), dtype=np.float32)
    holds[np.repeat(np.arange(len(found)), [len(one) for one in found]), places] = 1
    shared = (holds @ holds.T).astype(np.float64)
    sizes = np.diagonal(shared)
    whole = sizes[:, None] + sizes[None, :] - shared
    alike: NDArray[np.bool_] = np.divide(shared, whole, out=np.zeros_like(shared), where=whole > 0) >= least
    np.fill_diagonal(alike, False)
    return alike


def share(one: Shingles, two: Shingles) -> float:
    """The shingles of both over all of either, between 0 and 1; 0 where one has none."""
    both = len(np.intersect1d(one, two, assume_unique=True))
    return both / (len(one) + len(two) - both) if both else 0.0


def shingles(text: str, length: int = SHINGLE) -> Shingles:
    """Each run of so many letters and digits once (at most 4), as a number of 16 bits a character; the rare characters
    beyond share numbers with others."""
    return _distinct(_runs(text, length))


def _runs(text: str, length: int = SHINGLE) -> Shingles:
    characters = characters_of(text)
    letters = (characters[is_word_character(characters)] & 0xFFFF).astype(np.uint64)
    count = len(letters) - length + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    found = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        found = (found << np.uint64(16)) | letters[place : place + count]
    return found * ODD


def _distinct(runs: Shingles) -> Shingles:
    found = np.sort(runs)
    # np.unique gives the same by a table of hashes, in eight times the time.
    distinct: Shingles = found[np.append(True, found[1:] != found[:-1])] if len(found) else found
    return distinct


_kept_shingles = lru_cache(maxsize=MOST_KEPT)(shingles)
