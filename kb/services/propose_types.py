"""Paste and be typed: which problem types a description seems to be about, how surely, and which sentence says so.

The cases nearest to the text speak for their types, each voting with its score (k nearest neighbours): once for the
whole text, as what it says as a whole counts, and once for each sentence, as a page may tell of five problems. The
words of a type itself speak only where no case does. Figures in `docs/search-quality.md`.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kb.domain.plain_text import character_pairs
from kb.domain.taxonomy import ProblemType, Taxonomy
from kb.services.ports import Catalogue, ReferenceData
from search import IndexFault, Request, Searcher, parse

NEIGHBOURS = 10
MOST = 5
LEAST_SHARE = 0.15
"""A type that was given less is not proposed."""
MOST_SENTENCES = 12
"""Sentences that are asked one by one, the longest of the text: each costs a search."""
LEAST_SENTENCE = 8
"""Characters of a sentence that can tell of a problem."""
LEAST_SHARED = 0.11
"""Share of a sentence's pairs of characters that must stand in a text to call them near; one pair of sentence and
case in twenty that have nothing to do with each other is above it."""
RELATED_VOTE = 0.5
"""What a case says for a related problem type, beside 1 for its primary one."""
LEAST_TEXT = 12
"""Shorter texts are questions, not descriptions."""
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


class Proposal(NamedTuple):
    """A proposed type: `share` (0 to 1), the mean of what the whole text and its best sentence gave it; and that sentence."""

    problem: ProblemType
    share: float
    sentence: str

    @property
    def confidence(self) -> str:
        """In words: of 20 proposals for kept questions 19 called 很像 were right, 17 called 较像, 12 called 可能."""
        return "很像" if self.share >= 0.3 else "较像" if self.share >= 0.2 else "可能"


@dataclass(frozen=True)
class TypeProposer:
    """Proposes problem types for a text."""

    engine: Searcher
    catalogue: Catalogue
    reference: ReferenceData
    on_fault: Callable[[IndexFault], None] | None = None

    def propose(self, text: str, *, by_sentence: bool = True) -> tuple[Proposal, ...]:
        """Up to five types, surest first; none for a short text.

        by_sentence: asks each sentence too, a search each. A text of one problem is typed as well without that, by a
        search its page has made already; of five problems mixed in one text, one in two is lost.
        """
        text = text.strip()
        if len(text) < LEAST_TEXT:
            return ()
        whole = self._shares(text)
        sentences = _longest(sentences_of(text)) if by_sentence else [text]
        said = {sentence: whole if sentence == text else self._shares(sentence) for sentence in sentences}
        found = []
        for name in sorted({*whole, *(name for shares in said.values() for name in shares)}):
            best = max(said, key=lambda sentence: said[sentence].get(name, 0.0))
            share = (whole.get(name, 0.0) + said[best].get(name, 0.0)) / 2
            problem = self.reference.references.taxonomy.find_problem(name)
            if problem and share >= LEAST_SHARE:
                found.append(Proposal(problem, share, best if name in said[best] else ""))
        return tuple(sorted(found, key=lambda proposal: (-proposal.share, proposal.problem.id))[:MOST])

    def _shares(self, text: str) -> dict[str, float]:
        return _normalised(self._neighbour_votes(text) or word_votes(text, self.reference.references.taxonomy))

    def _neighbour_votes(self, text: str) -> dict[str, float]:
        try:
            results = self.engine.search(Request(parse(text), limit=NEIGHBOURS, is_bare=True))
        except IndexFault as fault:  # the words of the types still speak
            if self.on_fault:
                self.on_fault(fault)
            return {}
        problems = {lines.id: lines.problems for lines in self.catalogue.lines([hit.id for hit in results.hits])}
        votes: defaultdict[str, float] = defaultdict(float)
        for hit in results.hits:
            # Squared, so that one case that fits well outweighs many that fit a little.
            weight = hit.score**2
            for place, problem in enumerate(problems.get(hit.id, ())):
                votes[problem] += RELATED_VOTE * weight if place else weight
        return dict(votes)


def word_votes(text: str, taxonomy: Taxonomy) -> dict[str, float]:
    """For each second-level type, the summed rarity of its character pairs that stand in the text."""
    pairs = {problem.id: _pairs_of(_words_of(problem)) for problem in taxonomy.problems.values() if problem.parent}
    holders = Counter(pair for found in pairs.values() for pair in found)
    asked = character_pairs(text)
    return {
        name: score
        for name, found in pairs.items()
        if (score := sum(math.log(1 + len(pairs) / holders[pair]) for pair in asked & found) ** 2)
    }


def nearest_problems(text: str, taxonomy: Taxonomy, most: int = 4) -> tuple[ProblemType, ...]:
    """Problem types whose names, aliases and signs share the most character pairs with the text."""
    asked = character_pairs(text)
    scored = []
    for problem in taxonomy.problems.values():
        if problem.parent:
            words = character_pairs(*_words_of(problem))
            scored.append((len(asked & words), problem))
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    return tuple(problem for shared, problem in scored[:most] if shared)


def find_telling_sentence(text: str, words: Iterable[str]) -> str:
    """The sentence of the text that shares most character pairs with these words; "" where none shares enough."""
    pairs = character_pairs(*words)
    shared = {sentence: len(pairs & character_pairs(sentence)) for sentence in sentences_of(text)}
    best = max(shared, key=lambda sentence: shared[sentence], default="")
    return best if best and shared[best] >= LEAST_SHARED * len(character_pairs(best)) > 0 else ""


def sentences_of(text: str) -> list[str]:
    """Its sentences, in their order."""
    return [sentence.strip() for sentence in _SENTENCE.findall(text) if sentence.strip()]


def _longest(sentences: list[str]) -> list[str]:
    telling = [sentence for sentence in sentences if len(sentence) >= LEAST_SENTENCE] or sentences
    return sorted(telling, key=len, reverse=True)[:MOST_SENTENCES]


@lru_cache(maxsize=1_000)
def _pairs_of(words: tuple[str, ...]) -> frozenset[str]:
    """Kept, for every description is held against the words of every type."""
    return frozenset(character_pairs(*words))


def _words_of(problem: ProblemType) -> tuple[str, ...]:
    return (problem.label, *problem.aliases, problem.definition, *problem.signs)


def _normalised(votes: dict[str, float]) -> dict[str, float]:
    total = sum(votes.values())
    return {name: vote / total for name, vote in votes.items()} if total else {}
