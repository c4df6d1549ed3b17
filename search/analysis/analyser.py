"""The analyser: what a document is found by, and what a query looks for."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from search.analysis.dictionary import JIEBA_VERSION, USE_HMM, Dictionary
from search.analysis.folding import fold, fold_with_origins, folding_digest
from search.analysis.function_words import FUNCTION_WORDS
from search.analysis.numbers import numbers_apart, other_forms
from search.analysis.runs import MAX_FOREIGN, bigrams, count_ngrams, foreign_words, is_foreign, runs, signs

VERSION = 1  # raise with every change that alters the terms of a document


class Word(NamedTuple):
    """A word of a query: folded, as the asker spelled it, the terms that together stand for it, and its synonyms."""

    text: str
    spelling: str
    terms: tuple[str, ...]
    aliases: tuple["Word", ...] = ()

    @property
    def is_function_word(self) -> bool:
        return self.text in FUNCTION_WORDS


class Analyser:
    """Terms of texts and words of queries, from one dictionary; safe to share between threads.

    `words` are kept whole by the segmentation, `synonyms` are groups of words any of which finds the others.
    """

    def __init__(self, words: Iterable[str] = (), synonyms: Iterable[tuple[str, ...]] = ()) -> None:
        groups = [tuple(dict.fromkeys(filter(None, map(_folded_word, group)))) for group in synonyms]
        known = {word for word in map(_folded_word, words) if word}.union(*groups)
        self._known = sorted(known)
        self._synonyms: dict[str, tuple[str, ...]] = {}
        for group in sorted(groups):
            for word in group:
                others = (*self._synonyms.get(word, ()), *(other for other in group if other != word))
                self._synonyms[word] = tuple(dict.fromkeys(others))
        self.digest = _digest(self._known, sorted(groups))

    @cached_property
    def _dictionary(self) -> Dictionary:
        """Read when first asked: who shows a case or looks at the state of the index needs none (0.6 s)."""
        return Dictionary(self._known)

    def terms(self, folded: str) -> Counter[str]:
        """How often each term stands in a folded text: characters, bigrams, and words of three or more."""
        found_runs = runs(folded)
        counts = count_ngrams(folded, found_runs)
        words: list[str] = []
        for run in found_runs:
            words += self._dictionary.long_words_in(run)
            # A number or a Latin word may be in the dictionary as well; it counts once.
            words += [word for word in foreign_words(run) if word not in self._dictionary]
        counts.update(words)
        return counts

    def words(self, text: str) -> list[Word]:
        """The words of a query in their order; signs only if there is nothing else."""
        folded = fold_with_origins(text)
        found: list[Word] = []
        place = 0
        for piece in self._pieces(folded.text):
            place = folded.text.index(piece, place)
            start, end = folded.origin(place, place + len(piece))
            found.append(self._word(piece, text[start:end]))
            place += len(piece)
        return found

    def rarity(self, word: str) -> float:
        """How much a folded word tells, by how rare it is in Chinese: natural logarithm of one over its share."""
        return self._dictionary.rarity(word)

    def _pieces(self, folded: str) -> list[str]:
        parts = (part for run in runs(folded) for part in numbers_apart(run))
        found = [piece for part in parts for piece in self._cut(part)]
        return found or list(dict.fromkeys(signs(folded)))

    def _cut(self, part: str) -> list[str]:
        return [part] if other_forms(part) else _rejoined(self._dictionary.cut(part))

    def _word(self, piece: str, spelling: str) -> Word:
        others = (*self._synonyms.get(piece, ()), *other_forms(piece))
        aliases = tuple(Word(alias, alias, self._terms_of(alias)) for alias in others)
        return Word(piece, spelling, self._terms_of(piece), aliases)

    def _terms_of(self, word: str) -> tuple[str, ...]:
        if word.endswith("%"):
            return (*self._terms_of(word[:-1]), "%")
        is_term = len(word) <= 2 or word in self._dictionary or (is_foreign(word) and len(word) <= MAX_FOREIGN)
        return (word,) if is_term else tuple(dict.fromkeys(bigrams(word)))


def _folded_word(word: str) -> str:
    """A word as the dictionary keeps it; nothing if it could never stand inside one run."""
    folded = fold(word).strip()
    return folded if runs(folded) == [folded] else ""


def _rejoined(pieces: list[str]) -> list[str]:
    """jieba gives letters outside ASCII one by one: put them together again."""
    joined: list[str] = []
    for piece in pieces:
        if joined and is_foreign(piece) and is_foreign(joined[-1]):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _digest(words: list[str], groups: list[tuple[str, ...]]) -> str:
    parts = (VERSION, JIEBA_VERSION, USE_HMM, folding_digest(), sorted(FUNCTION_WORDS), words, groups)
    return hashlib.sha256(repr(parts).encode()).hexdigest()
