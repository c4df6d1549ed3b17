"""A query made ready for an engine: what must match, what may be relaxed, what is scored and how much.

Both engines read the same plan, so the question *what matches* has one answer:

    every literal stands in the document (a sentence or a long text only quotes), no excluded text does, and
    few words     1. every word, or an alias of it                    (a word matches when all its terms are there)
                  2. at least half of the words                       Relaxation.MOST_WORDS
                  3. at least one bigram of the words                 Relaxation.NGRAMS
    sentence      1. at least one word, as nobody writes just as the asker does
                  2. at least one bigram of the words                 Relaxation.NGRAMS
    long text     any scored term; nothing is demanded, so nothing is relaxed

The numbers below were chosen on the sets and by the measurements told in `docs/search-quality.md`.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from search.analysis import Analyser, Word, fold
from search.analysis.runs import bigrams, runs
from search.query_language import Exclude, Literal, Query, Words

LONG_TEXT = 32  # characters; from here on a query is a description, not a set of demands
SENTENCE, SHORT_SENTENCE = 5, 3  # words; so many are a sentence, or so many with a function word among them
MAX_TERMS = 1_500  # scored terms of a pasted page; the words come first
WORD, ALIAS, SINGLE_WORD, CHARACTER = 1.3, 0.7, 1.0, 0.2
# Pieces of words count little beside a couple of words and nearly as much as words in a description.
NGRAM_SHORT, NGRAM_LONG = 0.4, 1.0
SHORT_TEXT, FULL_TEXT = 6, 24
# What a long text repeats is what it is about, up to a point: no term weighs more than nine times a single one.
REPETITION = 8.0


@dataclass(frozen=True)
class Plan:
    """All text folded. `weights` holds every scored term; `ngrams` those of the last step of relaxation.

    `is_long`: nothing is demanded. `is_sentence`: hardly anything is. `is_verbose`: it is scored as a description, whatever is demanded.
    """

    words: tuple[Word, ...]
    literals: tuple[str, ...]
    excluded: tuple[str, ...]
    weights: Mapping[str, float]
    ngrams: tuple[str, ...]
    is_long: bool
    is_sentence: bool = False
    is_verbose: bool = False

    @property
    def most(self) -> int:
        """How many words are half of them or more."""
        return (len(self.words) + 1) // 2

    @property
    def spellings(self) -> tuple[str, ...]:
        """What is looked for, as the asker wrote it."""
        return tuple(dict.fromkeys([*self.literals, *(word.spelling for word in self.words)]))

    @property
    def aliases(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(alias.text for word in self.words for alias in word.aliases))


def build_plan(query: Query, analyser: Analyser, *, is_description: bool = False) -> Plan:
    text = " ".join(clause.text for clause in query.clauses if isinstance(clause, Words))
    is_verbose = len(fold(text)) >= LONG_TEXT
    is_long = is_description or is_verbose
    literals = [clause.text for clause in query.clauses if isinstance(clause, Literal)]
    excluded = [clause.clause.text for clause in query.clauses if isinstance(clause, Exclude)]
    if is_long:
        # In pasted prose a quotation mark quotes and a dash opens a list item; neither is a demand.
        text = " ".join([text, *literals, *excluded])
        literals, excluded = [], []
    elif literals and _is_sentence(analyser.words(" ".join([text, *literals]))):
        text, literals = " ".join([text, *literals]), []
    words = analyser.words(text)
    quoted = [word for literal in literals for word in analyser.words(literal)]
    return Plan(
        words=tuple({word.text: word for word in _demanded(words)}.values()),
        literals=_folded(literals),
        excluded=_folded(excluded),
        weights=_weights(words + quoted, fold(" ".join([text, *literals])), is_verbose=is_verbose),
        ngrams=tuple(dict.fromkeys(_pieces(fold(text)))),
        is_long=is_long,
        is_sentence=_is_sentence(words),
        is_verbose=is_verbose,
    )


def _is_sentence(words: list[Word]) -> bool:
    count = len({word.text for word in words if not word.is_function_word})
    return count >= SENTENCE or (count >= SHORT_SENTENCE and any(word.is_function_word for word in words))


def _demanded(words: list[Word]) -> list[Word]:
    return [word for word in words if not word.is_function_word] or words


def _folded(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded for text in texts if (folded := fold(text).strip())))


def _weights(words: list[Word], folded: str, *, is_verbose: bool) -> dict[str, float]:
    """Weight of every scored term: words, their aliases, the bigrams across them and, in short queries, characters."""
    weights: defaultdict[str, float] = defaultdict(float)
    demanded = _demanded(words)
    for word in demanded:
        _add(weights, word, SINGLE_WORD if len(word.text) == 1 else WORD)
        for alias in word.aliases:
            _add(weights, alias, ALIAS)
    share = _ngram_share(len(folded))
    for run in runs(folded):
        for bigram in bigrams(run):
            weights[bigram] += share
        if not is_verbose and len(run) > 1:
            for character in run:
                weights[character] += CHARACTER * share
    if is_verbose:
        weights.update({term: _saturated(weight) for term, weight in weights.items()})
    return dict(list(weights.items())[:MAX_TERMS])


def _saturated(weight: float) -> float:
    return weight * (REPETITION + 1) / (weight + REPETITION)


def _add(weights: dict[str, float], word: Word, weight: float) -> None:
    for term in word.terms:
        weights[term] += weight / len(word.terms)


def _ngram_share(length: int) -> float:
    progress = min(1.0, max(0.0, (length - SHORT_TEXT) / (FULL_TEXT - SHORT_TEXT)))
    return NGRAM_SHORT + (NGRAM_LONG - NGRAM_SHORT) * progress


def _pieces(folded: str) -> list[str]:
    """Bigrams, or the characters where a run has but one."""
    return [piece for run in runs(folded) for piece in (bigrams(run) or [run])]
