"""Characters of a text as an array of code points, and which of them stand in words."""

import sys
from functools import cache

import numpy as np
from numpy.typing import NDArray

Characters = NDArray[np.uint32]


def characters_of(text: str) -> Characters:
    """One number a character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def is_word_character(characters: Characters) -> NDArray[np.bool_]:
    """True for letters, digits and Chinese characters: what a run is made of."""
    return _word_characters()[characters]


@cache
def _word_characters() -> NDArray[np.bool_]:
    """Asked of every code point once (0.1 s)."""
    return np.fromiter(map(str.isalnum, map(chr, range(sys.maxunicode + 1))), dtype=np.bool_)
