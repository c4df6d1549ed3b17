"""How much of their wording texts share, each with each: shingles, as arrays of numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.analysis.characters import characters_of, is_word_character

SHINGLE = 4
"""Characters; so many in a row are seldom the same by chance."""


def likeness(texts: Sequence[str]) -> NDArray[np.float64]:
    """For each two texts the shared shingles of letters and digits over all of both; 0 where one has none."""
    found = [_shingles(text) for text in texts]
    known, places = np.unique(np.concatenate([np.empty(0, np.uint64), *found]), return_inverse=True)
    holds = np.zeros((len(texts), len(known)), dtype=np.float32)
    holds[np.repeat(np.arange(len(texts)), [len(shingles) for shingles in found]), places] = 1
    shared = (holds @ holds.T).astype(np.float64)
    sizes = np.diagonal(shared)
    whole = sizes[:, None] + sizes[None, :] - shared
    return np.divide(shared, whole, out=np.zeros_like(shared), where=whole > 0)


def _shingles(text: str) -> NDArray[np.uint64]:
    """Each shingle once, as a number of 16 bits a character; the rare characters beyond share numbers with others."""
    characters = characters_of(text)
    letters = (characters[is_word_character(characters)] & 0xFFFF).astype(np.uint64)
    count = len(letters) - SHINGLE + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    shingles = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE):
        shingles = (shingles << np.uint64(16)) | letters[place : place + count]
    return np.unique(shingles)
