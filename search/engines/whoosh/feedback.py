"""Relevance feedback: what the best documents for a description share is asked as well, weakly.

Other documents on the same matter come forward, though the asker used none of their words.
"""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from search.analysis.runs import bigrams, runs
from search.engines.whoosh.scoring import K1, B, rarity
from search.engines.whoosh.snapshot import Snapshot

DOCUMENTS = 10
BYTES = 6_000  # of each: a document that is longer says at the beginning what it is about
CANDIDATES, TERMS = 120, 30


def feedback_terms(snapshot: Snapshot, scores: NDArray[np.float32], best: list[int]) -> dict[str, float]:
    """Bigrams that at least two of the best documents have, with weights that sum up to one."""
    shared = _shared(snapshot, scores, best)
    counts = [impact.count for impact in snapshot.impacts(shared)]
    worth = {
        term: weight * rarity(count, snapshot.count)
        for (term, weight), count in zip(shared.items(), counts, strict=True)
    }
    chosen = sorted(worth, key=lambda term: (-worth[term], term))[:TERMS]
    whole = sum(worth[term] for term in chosen) or 1
    return {term: worth[term] / whole for term in chosen}


def _shared(snapshot: Snapshot, scores: NDArray[np.float32], best: list[int]) -> dict[str, float]:
    """How much the documents have of a term, the better ones counting more. Words add nothing to bigrams but time."""
    weights: defaultdict[str, float] = defaultdict(float)
    documents: Counter[str] = Counter()
    for number in best:
        share = float(scores[number] / scores[best[0]])
        norm = K1 * ((1 - B) + B * float(snapshot.lengths[number]))
        found = Counter(pair for run in runs(_beginning(snapshot.folded(number))) for pair in bigrams(run))
        documents.update(found.keys())
        for term, count in found.items():
            weights[term] += share * count / (count + norm)
    shared = [(term, weight) for term, weight in weights.items() if documents[term] > 1]
    shared.sort(key=lambda pair: (-pair[1], pair[0]))
    return dict(shared[:CANDIDATES])


def _beginning(folded: bytes) -> str:
    return folded[:BYTES].decode("utf-8", "ignore")
