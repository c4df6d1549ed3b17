"""Folding: one spelling for text and query, with the way back to the original characters.

Every character is folded by itself (width, case, accents, traditional to simplified script), never with its
neighbours. That is less clever than phrase-wise conversion and it is the point: a part of a text folds to a part of
the folded text, so whatever stands literally in a document is found literally.
"""

import hashlib
import sys
import unicodedata
from array import array
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import opencc

from search.analysis.characters import characters_of

# Where Chinese characters live; OpenCC's table of single characters reaches into the supplementary planes.
HAN_BLOCKS = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x32400))
DROPPED = frozenset({"Mn", "Me", "Cf", "Cs"})  # accents, variation selectors, zero-width signs, lone surrogates
SPACES = frozenset({"Cc", "Zs", "Zl", "Zp"})

LONG, MOST_LONG, MOST_SHORT = 300, 3_000, 10_000
"""Characters from which a text is long, and how many folded texts are kept of each kind: some 10 kB each and 1 kB each."""


@dataclass(frozen=True)
class Folded:
    """Folded text; character i comes from the original characters `starts[i]` up to `ends[i]`."""

    text: str
    starts: "range | array[int]"

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The slice of the original text that folded to `text[start:end]`."""
        return self.starts[start], self.starts[end - 1] + 1


def fold(text: str) -> str:
    return "".join([_FOLDS[character] for character in text]) if len(text) < LONG else _fold_by_table(text).text


def fold_with_origins(text: str) -> Folded:
    if len(text) >= LONG:
        return _fold_by_table(text)
    parts = [_FOLDS[character] for character in text]
    folded = "".join(parts)
    if len(folded) == len(text) and "" not in parts:  # every character gave one
        return Folded(folded, range(len(text)))
    return Folded(folded, array("I", [place for place, part in enumerate(parts) for _ in part]))


def _fold_by_table(text: str) -> Folded:
    """The same, in a twentieth of the time where each character gives one."""
    characters = characters_of(text)
    single = _SINGLE[characters]
    if single.all():
        return Folded(single.tobytes().decode("utf-32-le"), range(len(text)))
    _note_single(set(characters[single == 0].tolist()))
    single = _SINGLE[characters]
    known = single.tobytes().decode("utf-32-le")
    others = np.flatnonzero(single == 0).tolist()
    parts = [_FOLDS[text[place]] for place in others]
    counts = np.ones(len(text), dtype=np.intp)
    counts[others] = [len(part) for part in parts]
    starts = np.repeat(np.arange(len(text), dtype=np.uint32), counts)
    between = known.split("\0")
    folded = between[0] + "".join([part + after for part, after in zip(parts, between[1:], strict=True)])
    return Folded(folded, array("I", starts.tobytes()))


def _note_single(codes: set[int]) -> None:
    for code in codes:
        part = _FOLDS[chr(code)]
        if len(part) == 1:
            _SINGLE[code] = ord(part)


def fold_stored(text: str) -> Folded:
    """The same for a text that will come again: folded once and kept."""
    return _fold_long(text) if len(text) >= LONG else _fold_short(text)


# Apart, so that the many short ones do not push out a long one.
_fold_long = lru_cache(maxsize=MOST_LONG)(fold_with_origins)
_fold_short = lru_cache(maxsize=MOST_SHORT)(fold_with_origins)


def folding_digest() -> str:
    """Changes whenever the same text may fold to something else."""
    table = "".join(f"{a}{b}" for a, b in sorted(_simplified().items()))
    return hashlib.sha256((unicodedata.unidata_version + table).encode()).hexdigest()


class _Folds(dict[str, str]):
    """Fold of each character met so far; at most one entry a code point."""

    def __missing__(self, character: str) -> str:
        folded = self[character] = _fold_character(character)
        return folded


_FOLDS = _Folds()
_SINGLE = np.zeros(sys.maxunicode + 1, dtype=np.uint32)
"""Fold of each code point met so far in a long text, where it is one character; no character folds to the first."""


def _fold_character(character: str) -> str:
    # Lower before and after: some signs gain capitals in decomposition, some lose accents only once small.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character.lower()).lower())
    kept = "".join(map(_keep, decomposed))
    simplified = _simplified()
    return "".join(simplified.get(part, part) for part in unicodedata.normalize("NFKC", kept))


def _keep(character: str) -> str:
    category = unicodedata.category(character)
    if category in SPACES:
        return " "
    return "" if category in DROPPED else character


@cache
def _simplified() -> dict[str, str]:
    """Traditional character to simplified, made from OpenCC one character a line so that no phrase rule applies."""
    characters = [chr(code) for start, end in HAN_BLOCKS for code in range(start, end)]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = {a: b for a, b in zip(characters, converted, strict=True) if a != b and len(b) == 1}
    return {a: table.get(b, b) for a, b in table.items()}  # 薴 goes to 苧 goes to 苎
