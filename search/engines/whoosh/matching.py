"""A plan as sets of documents: the same steps as `search.plan` tells them, on arrays."""

from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.analysis import Word
from search.engines.whoosh.impacts import Mask, Numbers
from search.engines.whoosh.ranking import basic_scores
from search.engines.whoosh.snapshot import Snapshot
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
        allowed = self._with_all(self._plan.literals)
        for excluded in self._plan.excluded:
            allowed[self._snapshot.literal(excluded)] = False
        return allowed

    @cached_property
    def scores(self) -> NDArray[np.float32]:
        return basic_scores(self._snapshot, self._plan)

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
            yield None, self.scores > 0  # whatever has a scored term
        else:
            if plan.is_sentence:
                if plan.quotes:
                    yield None, (self._word_counts > 0) & self._with_all(plan.quotes)
                yield Relaxation.UNQUOTED if plan.quotes else None, self._word_counts > 0
            else:
                yield None, self._word_counts == len(plan.words)
                yield Relaxation.MOST_WORDS, self._word_counts >= plan.most
            yield Relaxation.NGRAMS, self._mask_of_terms(plan.ngrams)

    def _with_all(self, literals: Iterable[str]) -> Mask:
        """Living documents in which every one of the literals stands."""
        mask = self._snapshot.live.copy()
        for literal in literals:
            standing = np.zeros_like(mask)
            standing[self._snapshot.literal(literal)] = True
            mask &= standing
        return mask

    @cached_property
    def _word_counts(self) -> NDArray[np.int16]:
        """How many words of the query each document has."""
        counts = np.zeros(self._snapshot.size, dtype=np.int16)
        for word in self._plan.words:
            if word.aliases:
                mask = np.zeros(self._snapshot.size, dtype=np.bool_)
                for choice in (word, *word.aliases):
                    mask[self._documents(choice)] = True
                counts += mask
            else:
                counts[self._documents(word)] += 1
        return counts

    def _documents(self, word: Word) -> Numbers:
        rarest, *others = sorted(self._snapshot.impacts(word.terms), key=lambda impact: impact.count)
        documents = rarest.documents
        for other in others:
            documents = other.among(documents)
        return documents

    def _mask_of_terms(self, terms: Iterable[str]) -> Mask:
        mask = np.zeros(self._snapshot.size, dtype=np.bool_)
        for impact in self._snapshot.impacts(terms):
            impact.mark(mask)
        return mask
