"""jieba behind a narrow door: a tokenizer of our own, its prefix dictionary, and the product's words in it."""

from collections.abc import Iterable
from functools import cache
from math import log

import jieba

JIEBA_VERSION: str = jieba.__version__
USE_HMM = True  # finds names and new words in queries; without it 两新 and 一企一表 fall apart
LONGEST_HMM_RUN = 128  # no sentence runs on so long without a comma, and 5,000 characters of nonsense take 0.1 s


class Dictionary:
    """Words of one analyser. Read-only once made, so threads may share it."""

    def __init__(self, words: Iterable[str]) -> None:
        frequencies, total = _jieba_words()
        self._tokenizer = jieba.Tokenizer()
        # Set directly: jieba's own start would read a marshalled cache from the shared temporary folder.
        self._tokenizer.FREQ, self._tokenizer.total = dict(frequencies), total
        self._tokenizer.initialized = True
        for word in sorted(words):
            self._tokenizer.add_word(word)
        self._frequencies: dict[str, int] = self._tokenizer.FREQ

    def __contains__(self, word: str) -> bool:
        return self._frequencies.get(word, 0) > 0

    def rarity(self, word: str) -> float:
        """Natural logarithm of one over the word's share of running text; a word that is not in here counts as seen once."""
        return log(self._tokenizer.total / max(self._frequencies.get(word, 0), 1))

    def cut(self, run: str) -> list[str]:
        """The one best division of a run into words."""
        return list(self._tokenizer.cut(run, HMM=USE_HMM and len(run) <= LONGEST_HMM_RUN))

    def long_words_in(self, run: str) -> list[str]:
        """Every dictionary word of three or more characters that stands in the run, overlapping ones too."""
        frequencies = self._frequencies
        found = []
        for start in range(len(run) - 2):
            end = start + 3
            prefix = run[start:end]
            # A prefix of any word is a key, with frequency 0 unless it is a word itself.
            while (frequency := frequencies.get(prefix)) is not None:
                if frequency:
                    found.append(prefix)
                end += 1
                if end > len(run):
                    break
                prefix = run[start:end]
        return found


@cache
def _jieba_words() -> tuple[dict[str, int], int]:
    """jieba's own dictionary, read once a process (0.6 s where its `gen_pfdict` takes 1 s; 70 MB).

    A line is a word, how often it was seen, and a tag. Each prefix of a word is a key as well, seen 0 times.
    """
    with jieba.Tokenizer().get_dict_file() as file:
        columns = file.read().decode().split()
    words, seen = columns[::3], [int(count) for count in columns[1::3]]
    frequencies = dict(zip(words, seen, strict=True))
    for word in words:
        for end in range(1, len(word)):
            frequencies.setdefault(word[:end], 0)
    return frequencies, sum(seen)
