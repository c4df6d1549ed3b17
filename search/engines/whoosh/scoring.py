"""BM25F of one term over all fields: Whoosh's formula, one array operation instead of a matcher tree.

    score = sum over fields of  weight · idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / average length))
    idf   = ln(documents / (documents with the term in the field + 1)) + 1

Deleted documents count nowhere, so scores do not depend on the history of the index; Whoosh gives the same once it
has merged them away. idf and weights are above zero, so a term always adds to the score of its documents.
"""

from collections.abc import Iterable, Sequence
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh.impacts import NOTHING, Impact
from search.engines.whoosh.postings import Postings

B, K1 = 0.75, 1.2
# Adding a whole vector costs 0.2 ns a document of the index, adding to chosen places 1.5 ns a posting.
DENSE_SHARE = 10
SCATTERED = 64  # sorting so few postings is cheaper than a vector of all documents


class Fields(NamedTuple):
    """Names and weights of the fields, and the length factors of each for every document: `k1 · (1 - b + b · length / average)`."""

    names: Sequence[str]
    weights: Sequence[float]
    norms: NDArray[np.float32]


class Found(NamedTuple):
    """Postings of several terms in several fields, one list after the other.

    `rows`: of each posting, the place of its term times the number of fields and the place of its field; ascending.
    """

    postings: Postings
    rows: NDArray[np.intp]


def norms(lengths: NDArray[np.float32]) -> NDArray[np.float32]:
    """Length factors from lengths over the average one."""
    return (K1 * ((1 - B) + B * lengths)).astype(np.float32)


def rarity(frequency: int, count: int) -> float:
    """idf as Robertson and Spärck Jones have it: near zero for what stands in every document."""
    return log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def correction(frequency: int, count: int) -> float:
    """What turns the idf above, which is never below one by much, into that rarity."""
    return rarity(frequency, count) / (log(count / (frequency + 1)) + 1) if frequency else 1.0


def impacts_of(found: Found, terms: int, fields: Fields, document_count: int) -> list[Impact]:
    """What each of so many terms is worth, of postings among the living."""
    (documents, frequencies), rows = found
    width, size = fields.norms.shape
    counts = np.bincount(rows, minlength=terms * width)
    factors = np.zeros(terms * width, dtype=np.float32)
    for row in np.flatnonzero(counts).tolist():
        idf = log(document_count / (int(counts[row]) + 1)) + 1
        factors[row] = fields.weights[row % width] * idf * (K1 + 1)
    scores = fields.norms[rows % width, documents]
    scores += frequencies
    np.divide(frequencies, scores, out=scores)
    scores *= factors[rows]
    in_fields = np.count_nonzero(counts.reshape(terms, width), axis=1).tolist()
    ends = np.cumsum(counts.reshape(terms, width).sum(axis=1)).tolist()
    starts = [0, *ends]
    return [
        _combined(documents[start:end], scores[start:end], held, size, document_count)
        for start, end, held in zip(starts[:-1], ends, in_fields, strict=True)
    ]


def _combined(
    documents: NDArray[np.int32], scores: NDArray[np.float32], in_fields: int, size: int, document_count: int
) -> Impact:
    """One term in so many fields, one after the other, as one impact. What it keeps is its own."""
    if not in_fields:
        return NOTHING
    if in_fields == 1:
        documents, scores = documents.copy(), scores.copy()
    elif len(documents) * SCATTERED < size:
        order = np.argsort(documents, kind="stable")
        places = documents[order]
        starts = np.flatnonzero(np.diff(places, prepend=-1))
        documents = places[starts]
        scores = np.add.reduceat(scores[order], starts)
    else:
        sums = np.zeros(size, dtype=np.float32)
        np.add.at(sums, documents, scores)
        documents = np.flatnonzero(sums).astype(np.int32)
        scores = sums[documents]
    # Living documents decide, so that the same documents are added in the same order whatever the history.
    return Impact(documents, scores, size if len(documents) * DENSE_SHARE > document_count else 0)


def total(impacts: Iterable[Impact], weights: Iterable[float], size: int) -> NDArray[np.float32]:
    """Weighted sum of impacts, as a score for every document."""
    scores = np.zeros(size, dtype=np.float32)
    common: list[tuple[Impact, float]] = []
    rare: list[tuple[Impact, float]] = []
    for impact, weight in zip(impacts, weights, strict=True):
        (rare if impact.dense is None else common).append((impact, weight))
    if rare:
        # One addition for all of them: the cost of a numpy call is that of a thousand postings.
        documents = np.concatenate([impact.documents for impact, _ in rare])
        worth = np.concatenate([impact.scores for impact, _ in rare])
        worth *= np.repeat(np.array([w for _, w in rare], dtype=np.float32), [i.count for i, _ in rare])
        np.add.at(scores, documents, worth)
    if common:
        product = np.empty(size, dtype=np.float32)
        for impact, weight in common:
            assert impact.dense is not None
            np.multiply(impact.dense, np.float32(weight), out=product)
            scores += product
    return scores


def foremost(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Places of the `count` best scores, and of all that equal the last of them; in no order.

    The best of each of many heaps are looked at first: the `count`-th best of those is a bound for all.
    """
    heaps = max(1, len(scores) // 64)
    if heaps <= 4 * count:
        floor = np.partition(scores, len(scores) - count)[len(scores) - count] if count < len(scores) else -np.inf
        return np.flatnonzero(scores >= floor)
    even = len(scores) // heaps * heaps
    tops = scores[:even].reshape(-1, heaps).max(axis=0)
    candidates = np.flatnonzero(scores >= np.partition(tops, heaps - count)[heaps - count])
    if len(candidates) <= 4 * count:
        return candidates
    values = scores[candidates]
    best: NDArray[np.intp] = candidates[values >= np.partition(values, len(values) - count)[len(values) - count]]
    return best
