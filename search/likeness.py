"""How much of their wording texts share: shingles, as sorted arrays of numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.analysis.characters import characters_of, is_word_character

SHINGLE = 4
"""Characters; so many in a row are seldom the same by chance."""
LONG = 400
"""Shingles from which on a quarter of them tells first whether two texts may be alike."""
DRAWN = np.uint64(1 << 62)
FAR = 0.6
"""Two texts whose draws share less than this part of what is asked are not looked at whole. For half of all shared the
draws would have to be off by five standard deviations in the shortest of them."""
ODD = np.uint64(0x9E3779B97F4A7C15)
"""Shingles are multiplied by it, which gives each another number and the numbers no order (Knuth, TAOCP 6.4)."""
Shingles = NDArray[np.uint64]


def are_alike(texts: Sequence[str], least: float) -> NDArray[np.bool_]:
    """For each two texts whether they share so much: the shared shingles of letters and digits over all of both.

    Above 0 and at most 1. False on the diagonal, and where one has no shingle.
    """
    runs, owners = _runs_of_all(texts)
    if np.bincount(owners, minlength=len(texts)).min(initial=LONG) < LONG:
        return _over(runs, owners, len(texts), least)
    drawn = runs < DRAWN
    alike = _over(runs[drawn], owners[drawn], len(texts), FAR * least)
    near: NDArray[np.bool_] = np.logical_or.reduce(alike, axis=0)
    if near.any():
        asked = near[owners]
        alike &= _over(runs[asked], owners[asked], len(texts), least)
    return alike


def _over(runs: Shingles, owners: NDArray[np.intp], count: int, least: float) -> NDArray[np.bool_]:
    known, places = np.unique(runs, return_inverse=True)
    holds = np.zeros((count, len(known)), dtype=np.float32)
    holds[owners, places] = 1
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
    found = np.sort(_runs_of_all([text], length)[0])
    # np.unique gives the same by a table of hashes, in eight times the time.
    distinct: Shingles = found[np.append(True, found[1:] != found[:-1])] if len(found) else found
    return distinct


def _runs_of_all(texts: Sequence[str], length: int = SHINGLE) -> tuple[Shingles, NDArray[np.intp]]:
    """Every run of every text, and the place of the text each is of. At once: ten texts apart took twice the time."""
    characters = characters_of("".join(texts))
    in_words = is_word_character(characters)
    letters = (characters[in_words] & 0xFFFF).astype(np.uint64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])[in_words]
    count = max(len(letters) - length + 1, 0)
    found = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        found = (found << np.uint64(16)) | letters[place : place + count]
    within = owners[:count] == owners[len(owners) - count :]
    return found[within] * ODD, owners[:count][within]
