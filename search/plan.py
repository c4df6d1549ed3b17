"""A query made ready for an engine: what must match, what may be relaxed, what is scored and how much.

Both engines read the same plan, so the question *what matches* has one answer:

    every literal stands in the document, no excluded text does, and
    few words     1. every word, or an alias of it                    (a word matches when all its terms are there)
                  2. at least half of the words                       Relaxation.MOST_WORDS
                  3. at least one bigram of the words                 Relaxation.NGRAMS
    sentence      1. at least one word, as nobody writes just as the asker does, and all it quotes
                  2. at least one word                                Relaxation.UNQUOTED
                  3. at least one bigram of the words                 Relaxation.NGRAMS
    long text     any scored term; nothing is demanded, not even what it quotes, so nothing is relaxed

The numbers below were chosen on the sets and by the measurements told in `docs/search-quality.md`.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from search.analysis import Analyser, Word, fold
from search.analysis.runs import bigrams, runs
from search.query_language import Exclude, Literal, Query, Words

LONG_TEXT = 32  # characters; from here on a query is a description, not a set of demands
MAX_SIGNS = 16  # so many quoted and excluded texts are a list somebody pasted
SENTENCE, SHORT_SENTENCE = 5, 3  # words; so many are a sentence, or so many with a function word among them
# A pasted page is asked by its telling words, and by as many pieces as can be read in time: 0.1 ms each at 10,000 documents.
MAX_WORDS, MAX_TERMS = 250, 600
WORD, ALIAS, SINGLE_WORD, CHARACTER = 1.0, 0.7, 1.0, 0.2
# Pieces of words count little beside a couple of words and nearly as much as words in a description.
NGRAM_SHORT, NGRAM_LONG = 0.4, 1.0
SHORT_TEXT, FULL_TEXT = 6, 24
# What a long text repeats is what it is about, up to a point: no term weighs more than nine times a single one.
REPETITION = 8.0


@dataclass(frozen=True)
class Plan:
    """All text folded. `weights` holds every scored term; `ngrams` those of the last step of relaxation.

    `quotes`: literals of a sentence, its words among `words`. `is_long`: nothing is demanded. `is_sentence`: hardly anything is. `is_verbose`: it is scored as a description, whatever is demanded.
    """

    words: tuple[Word, ...]
    literals: tuple[str, ...]
    excluded: tuple[str, ...]
    weights: Mapping[str, float]
    ngrams: tuple[str, ...]
    is_long: bool
    is_sentence: bool = False
    is_verbose: bool = False
    quotes: tuple[str, ...] = ()

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
    literals = [clause.text for clause in query.clauses if isinstance(clause, Literal)]
    excluded = [clause.clause.text for clause in query.clauses if isinstance(clause, Exclude)]
    is_verbose = len(fold(text)) >= LONG_TEXT or len(literals) + len(excluded) > MAX_SIGNS
    is_long = is_description or is_verbose
    if is_long:
        # In pasted prose a quotation mark quotes and a dash opens a list item; neither is a demand.
        text = " ".join([text, *literals, *excluded])
        literals, excluded = [], []
    quotes: list[str] = []
    if literals and _demanded(analyser.words(text)) and _is_sentence(analyser.words(" ".join([text, *literals]))):
        text, quotes, literals = " ".join([text, *literals]), literals, []
    words = _telling(analyser.words(text), analyser)
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
        quotes=_folded(quotes),
    )


def _is_sentence(words: list[Word]) -> bool:
    count = len({word.text for word in words if not word.is_function_word})
    return count >= SENTENCE or (count >= SHORT_SENTENCE and any(word.is_function_word for word in words))


def _demanded(words: list[Word]) -> list[Word]:
    return [word for word in words if not word.is_function_word] or words


def _telling(words: list[Word], analyser: Analyser) -> list[Word]:
    """Those of the words, in their order, that are rarest in Chinese and most repeated here."""
    counts = Counter(word.text for word in words)
    if len(counts) <= MAX_WORDS:
        return words
    worth = {text: _saturated(count) * analyser.rarity(text) for text, count in counts.items()}
    kept = set(sorted(worth, key=lambda text: -worth[text])[:MAX_WORDS])
    return [word for word in words if word.text in kept]


def _folded(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded for text in texts if (folded := fold(text).strip())))


def _weights(words: list[Word], folded: str, *, is_verbose: bool) -> dict[str, float]:
    """Weight of every scored term: words, their aliases, the bigrams across them and, in short queries, characters."""
    weights: defaultdict[str, float] = defaultdict(float)
    demanded = _demanded(words)
    for word in demanded:
        if len(weights) >= MAX_TERMS:
            break
        _add(weights, word, SINGLE_WORD if len(word.text) == 1 else WORD)
        for alias in word.aliases:
            _add(weights, alias, ALIAS)
    share = _ngram_share(len(folded))
    pieces = Counter(bigram for run in runs(folded) for bigram in bigrams(run))
    room = MAX_TERMS - len(weights)
    for bigram, count in pieces.items() if len(pieces) <= room else pieces.most_common(max(room, 0)):
        weights[bigram] += share * count
    if is_verbose:
        return {term: _saturated(weight) for term, weight in weights.items()}
    for character in (character for run in runs(folded) if len(run) > 1 for character in run):
        weights[character] += CHARACTER * share
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
