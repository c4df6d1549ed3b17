"""Paste and be typed: which problem types a description seems to be about, how surely, and which sentence says so.

Two voices are heard: the types of the cases nearest to the text (k nearest neighbours, each voting with its score), and
the words of a type itself (label, aliases, definition, signs) that stand in the text, rare words counting more.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kb.domain.taxonomy import ProblemType, Taxonomy
from kb.services.ports import Catalogue, ReferenceData
from search import IndexFault, Request, Searcher, parse

NEIGHBOURS = 10
MOST = 3
LEAST_SHARE = 0.12
"""A type with a smaller share of all that was said for any type is not proposed."""
RELATED_VOTE = 0.5
"""What a case says for a related problem type, beside 1 for its primary one."""
LEAST_TEXT = 12
"""Shorter texts are questions, not descriptions."""
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


class Proposal(NamedTuple):
    """A proposed type: `share` (0 to 1) of all that was said for any type, and the sentence that speaks for it."""

    problem: ProblemType
    share: float
    sentence: str

    @property
    def confidence(self) -> str:
        """In words."""
        return "很像" if self.share >= 0.5 else "较像" if self.share >= 0.25 else "可能"


class TypeProposer:
    """Proposes problem types for a text."""

    def __init__(self, engine: Searcher, catalogue: Catalogue, reference: ReferenceData) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._taxonomy = reference.references.taxonomy

    def propose(self, text: str) -> tuple[Proposal, ...]:
        """Up to three types, surest first; none for a short text."""
        if len(text.strip()) < LEAST_TEXT:
            return ()
        votes = _normalised(self._neighbour_votes(text))
        words = _normalised(word_votes(text, self._taxonomy))
        shares = _normalised(
            {name: votes.get(name, 0.0) + words.get(name, 0.0) for name in votes.keys() | words.keys()}
        )
        ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:MOST]
        return tuple(
            Proposal(problem, share, telling_sentence(text, problem))
            for name, share in ranked
            if share >= LEAST_SHARE and (problem := self._taxonomy.find_problem(name))
        )

    def _neighbour_votes(self, text: str) -> dict[str, float]:
        try:
            results = self._engine.search(Request(parse(text), limit=NEIGHBOURS))
        except IndexFault:  # the words of the types still speak
            return {}
        scores = {hit.id: hit.score for hit in results.hits}
        votes: defaultdict[str, float] = defaultdict(float)
        for entry in self._catalogue.cases(list(scores)):
            # Squared, so that one case that fits well outweighs many that fit a little.
            weight = scores[entry.case.id] ** 2
            votes[entry.case.problem] += weight
            for problem in entry.case.also:
                votes[problem] += RELATED_VOTE * weight
        return dict(votes)


def word_votes(text: str, taxonomy: Taxonomy) -> dict[str, float]:
    """For each second-level type, the summed rarity of its character pairs that stand in the text."""
    pairs = {problem.id: _pairs(_words_of(problem)) for problem in taxonomy.problems.values() if problem.parent}
    holders = Counter(pair for found in pairs.values() for pair in found)
    asked = _pairs([text])
    return {
        name: score
        for name, found in pairs.items()
        if (score := sum(math.log(1 + len(pairs) / holders[pair]) for pair in asked & found) ** 2)
    }


def telling_sentence(text: str, problem: ProblemType) -> str:
    """The sentence of the text that shares most with the words of the type."""
    return find_telling_sentence(text, _words_of(problem))


def find_telling_sentence(text: str, words: Iterable[str]) -> str:
    """The sentence of the text that shares most character pairs with these words; "" in a text without sentences."""
    pairs = _pairs(words)
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(text) if sentence.strip()]
    return max(sentences, key=lambda sentence: len(pairs & _pairs([sentence])), default="")


def _words_of(problem: ProblemType) -> Sequence[str]:
    return (problem.label, *problem.aliases, problem.definition, *problem.signs)


def _pairs(texts: Iterable[str]) -> set[str]:
    return {text[i : i + 2] for text in texts for i in range(len(text) - 1) if text[i : i + 2].isalnum()}


def _normalised(votes: dict[str, float]) -> dict[str, float]:
    total = sum(votes.values())
    return {name: vote / total for name, vote in votes.items()} if total else {}
