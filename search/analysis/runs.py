"""Runs of word characters, and the characters and bigrams in them. All on folded text."""

import re
from collections import Counter
from collections.abc import Iterable

HAN = r"\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(r"[^\W_]+")
_SIGN = re.compile(r"[^\w\s]|_")
_FOREIGN = re.compile(rf"[^{HAN}]+")
MAX_FOREIGN = 64  # a longer unbroken stretch of letters and digits is no word


def runs(folded: str) -> list[str]:
    """Unbroken stretches of letters, digits and Chinese characters."""
    return _RUN.findall(folded)


def signs(folded: str) -> list[str]:
    """All other visible characters: punctuation, symbols, emoji."""
    return _SIGN.findall(folded)


def bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def foreign_words(run: str) -> list[str]:
    """Stretches of a run without Chinese characters: numbers, Latin words, codes."""
    return [word for word in _FOREIGN.findall(run) if 2 < len(word) <= MAX_FOREIGN]


def is_foreign(word: str) -> bool:
    return _FOREIGN.fullmatch(word) is not None


def ngrams_of(folded: str) -> frozenset[str]:
    """Every character and bigram that a text containing this one is bound to contain."""
    found = set(signs(folded))
    for run in runs(folded):
        found.update(run, bigrams(run))
    return frozenset(found)


def count_ngrams(folded: str, found_runs: Iterable[str]) -> Counter[str]:
    found = signs(folded)
    for run in found_runs:
        found += run
        found += map(str.__add__, run, run[1:])
    return Counter(found)  # once a text: counting run by run took twice the time
