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
Shingles = NDArray[np.uint64]


def likeness(texts: Sequence[str]) -> NDArray[np.float64]:
    """For each two texts the shared shingles of letters and digits over all of both; 0 where one has none."""
    found = [_kept_shingles(text) if len(text) <= SHORT else shingles(text) for text in texts]
    known, places = np.unique(np.concatenate([np.empty(0, np.uint64), *found]), return_inverse=True)
    holds = np.zeros((len(texts), len(known)), dtype=np.float32)
    holds[np.repeat(np.arange(len(texts)), [len(one) for one in found]), places] = 1
    shared = (holds @ holds.T).astype(np.float64)
    sizes = np.diagonal(shared)
    whole = sizes[:, None] + sizes[None, :] - shared
    return np.divide(shared, whole, out=np.zeros_like(shared), where=whole > 0)


def share(one: Shingles, two: Shingles) -> float:
    """The shingles of both over all of either, between 0 and 1; 0 where one has none."""
    both = len(np.intersect1d(one, two, assume_unique=True))
    return both / (len(one) + len(two) - both) if both else 0.0


def shingles(text: str, length: int = SHINGLE) -> Shingles:
    """Each run of so many letters and digits once (at most 4), as a number of 16 bits a character; the rare characters
    beyond share numbers with others."""
    characters = characters_of(text)
    letters = (characters[is_word_character(characters)] & 0xFFFF).astype(np.uint64)
    count = len(letters) - length + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    found = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        found = (found << np.uint64(16)) | letters[place : place + count]
    found.sort()
    # np.unique gives the same by a table of hashes, in eight times the time.
    distinct: Shingles = found[np.append(True, found[1:] != found[:-1])]
    return distinct


_kept_shingles = lru_cache(maxsize=MOST_KEPT)(shingles)
