"""Characters of a text as an array of code points, and which of them stand in words."""

import sys

import numpy as np
from numpy.typing import NDArray

Characters = NDArray[np.uint32]
UNKNOWN, APART, IN_WORDS = range(3)
_KINDS = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
"""What is known of each code point met so far; to ask all of them takes 0.1 s."""


def characters_of(text: str) -> Characters:
    """One number a character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def is_word_character(characters: Characters) -> NDArray[np.bool_]:
    """True for letters, digits and Chinese characters: what a run is made of."""
    kinds = _KINDS[characters]
    if not kinds.all():
        for code in set(characters[kinds == UNKNOWN].tolist()):
            _KINDS[code] = IN_WORDS if chr(code).isalnum() else APART
        kinds = _KINDS[characters]
    found: NDArray[np.bool_] = kinds == IN_WORDS
    return found
