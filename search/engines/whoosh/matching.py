"""A plan as sets of documents: the same steps as `search.plan` tells them, on arrays."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.analysis import Word
from search.engines.whoosh.facets import Mask
from search.engines.whoosh.snapshot import Numbers, Snapshot
from search.model import Relaxation
from search.plan import Plan


class Matching:
    """Which documents of a snapshot a plan matches, and how well."""

    def __init__(self, snapshot: Snapshot, plan: Plan) -> None:
        self._snapshot = snapshot
        self._plan = plan

    @cached_property
    def allowed(self) -> Mask:
        """Living documents with every literal and no excluded text."""
        allowed = self._snapshot.live.copy()
        for literal in self._plan.literals:
            allowed &= self._mask([self._snapshot.literal(literal)])
        for excluded in self._plan.excluded:
            allowed[self._snapshot.literal(excluded)] = False
        return allowed

    @cached_property
    def scores(self) -> NDArray[np.float32]:
        scores = np.zeros(self._snapshot.size, dtype=np.float32)
        for term, weight in self._plan.weights.items():
            impact = self._snapshot.impact(term)
            scores[impact.documents] += np.float32(weight) * impact.scores
        return scores

    def first_step(self, filtered: Mask) -> tuple[Relaxation | None, Mask]:
        """The first step of relaxation that matches anything among the filtered; the strictest if none does."""
        steps = self._steps()
        first = next(steps)
        if (first[1] & filtered).any():
            return first
        return next((step for step in steps if (step[1] & filtered).any()), first)

    def _steps(self) -> Iterator[tuple[Relaxation | None, Mask]]:
        plan = self._plan
        if not plan.words:
            yield None, self._snapshot.live
        elif plan.is_long:
            yield None, self._mask_of_terms(plan.weights)
        else:
            yield None, self._word_counts == len(plan.words)
            yield Relaxation.MOST_WORDS, self._word_counts >= plan.most
            yield Relaxation.NGRAMS, self._mask_of_terms(plan.ngrams)

    @cached_property
    def _word_counts(self) -> NDArray[np.int16]:
        """How many words of the query each document has."""
        counts = np.zeros(self._snapshot.size, dtype=np.int16)
        for word in self._plan.words:
            choices = [self._documents(choice) for choice in (word, *word.aliases)]
            counts[choices[0] if len(choices) == 1 else np.flatnonzero(self._mask(choices))] += 1
        return counts

    def _documents(self, word: Word) -> Numbers:
        first, *others = (self._snapshot.impact(term).documents for term in word.terms)
        for other in others:
            first = np.intersect1d(first, other, assume_unique=True)
        return first

    def _mask_of_terms(self, terms: Iterable[str] | Mapping[str, float]) -> Mask:
        return self._mask(self._snapshot.impact(term).documents for term in terms)

    def _mask(self, found: Iterable[Numbers]) -> Mask:
        mask = np.zeros(self._snapshot.size, dtype=np.bool_)
        for documents in found:
            mask[documents] = True
        return mask
