"""From BM25F to an order for people. What each step gave is measured in `docs/search-quality.md`.

basic scores   BM25F of the plan's weights, where rare terms count a little more than Whoosh's idf lets them;
               for a description also divided by a small power of the document's length, as a long document
               has something of every description
few words      of the best documents, those come forward that open with most of the query: what stands in the
               opening (title, problem, lead) is what the document is about
description    the terms that the best documents share are asked as well, weakly (relevance feedback): other
               documents on the same matter come forward. The best one stays first, for it was found by the
               asker's own words
"""

from collections import Counter, defaultdict
from math import log

import numpy as np
from numpy.typing import NDArray

from search.analysis import Analyser
from search.engines.whoosh.scoring import K1, B, foremost, total
from search.engines.whoosh.snapshot import Snapshot
from search.plan import Plan

BREVITY = 0.2  # power of the length factor a description's scores are divided by

OPENING = 150  # characters
OPENING_BYTES = 4 * OPENING  # at most so many in UTF-8
OPENING_BONUS, OPENING_POWER = 0.5, 3  # share of the best score, for a document that opens with the whole query
REORDERED = 50

FEEDBACK_DOCUMENTS = 10
FEEDBACK_BYTES = 12_000  # of each: a document that is longer says at the beginning what it is about
FEEDBACK_CANDIDATES, FEEDBACK_TERMS = 200, 30
FEEDBACK_SHARE = 0.2  # weight of all feedback terms together, over that of the query's own

Scores = NDArray[np.float32]
Found = NDArray[np.intp]


def basic_scores(snapshot: Snapshot, plan: Plan) -> Scores:
    """Score of every document, above zero where a scored term stands."""
    impacts = snapshot.impacts(plan.weights)
    weights = [
        weight * _correction(len(impact.documents), snapshot.count)
        for weight, impact in zip(plan.weights.values(), impacts, strict=True)
    ]
    scores = total(impacts, weights, snapshot.size)
    if plan.is_verbose:
        scores /= _brevity(snapshot)
    return scores


def refined_scores(snapshot: Snapshot, plan: Plan, analyser: Analyser, scores: Scores, found: Found) -> Scores:
    """Scores by which the found documents are put in order."""
    if not plan.weights or len(found) < 2:
        return scores
    if plan.is_verbose:
        return _with_feedback(snapshot, plan, analyser, scores, found)
    return _with_openings(snapshot, plan, scores, found)


def best_of(snapshot: Snapshot, scores: Scores, found: Found, count: int) -> list[int]:
    """The best of the documents found, equals by id. Only those that can be among them are put in order."""
    if 0 < count < len(found):
        found = found[foremost(scores[found], count)]
    best: list[int] = found[np.lexsort((snapshot.id_ranks[found], -scores[found]))][:count].tolist()
    return best


def _rarity(frequency: int, count: int) -> float:
    """idf as Robertson and Spärck Jones have it: near zero for what stands in every document."""
    return log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def _correction(frequency: int, count: int) -> float:
    """What turns Whoosh's idf, which is never below one, into that rarity."""
    return _rarity(frequency, count) / (log(count / (frequency + 1)) + 1) if frequency else 1.0


def _brevity(snapshot: Snapshot) -> Scores:
    divisor: Scores = ((1 - B) + B * snapshot.lengths) ** np.float32(BREVITY)
    return divisor


def _with_openings(snapshot: Snapshot, plan: Plan, scores: Scores, found: Found) -> Scores:
    frequencies = [len(impact.documents) for impact in snapshot.impacts(plan.ngrams)]
    worth = {
        ngram: _rarity(frequency, snapshot.count) for ngram, frequency in zip(plan.ngrams, frequencies, strict=True)
    }
    whole = sum(worth.values())
    best = best_of(snapshot, scores, found, REORDERED)
    if not whole or not best:
        return scores
    scores = scores.copy()
    bonus = OPENING_BONUS * float(scores[best[0]])
    for number in best:
        opening = decoded_opening(snapshot.folded(number))
        share = sum(value for ngram, value in worth.items() if ngram in opening) / whole
        scores[number] += bonus * share**OPENING_POWER
    return scores


def decoded_opening(folded: bytes) -> str:
    return folded[:OPENING_BYTES].decode("utf-8", "ignore")[:OPENING]


def _with_feedback(snapshot: Snapshot, plan: Plan, analyser: Analyser, scores: Scores, found: Found) -> Scores:
    best = best_of(snapshot, scores, found, FEEDBACK_DOCUMENTS)
    terms = _shared_terms(snapshot, analyser, scores, best)
    if not terms:
        return scores
    impacts = snapshot.impacts(terms)
    worth = [
        weight * _rarity(len(impact.documents), snapshot.count)
        for weight, impact in zip(terms.values(), impacts, strict=True)
    ]
    chosen = np.argsort(-np.array(worth), kind="stable")[:FEEDBACK_TERMS]
    unit = FEEDBACK_SHARE * sum(plan.weights.values()) / (sum(worth[place] for place in chosen) or 1)
    weights = [unit * worth[place] * _correction(len(impacts[place].documents), snapshot.count) for place in chosen]
    added = total([impacts[place] for place in chosen], weights, snapshot.size) / _brevity(snapshot)
    scores = scores + added
    scores[best[0]] = max(float(scores[found].max()) * 1.001, float(scores[best[0]]))
    return scores


def _shared_terms(snapshot: Snapshot, analyser: Analyser, scores: Scores, best: list[int]) -> dict[str, float]:
    """Terms of at least two of the documents by how much they have of them, the better documents counting more."""
    weights: defaultdict[str, float] = defaultdict(float)
    documents: Counter[str] = Counter()
    for number in best:
        share = float(scores[number] / scores[best[0]])
        norm = K1 * ((1 - B) + B * float(snapshot.lengths[number]))
        for term, count in analyser.terms(decoded_beginning(snapshot.folded(number))).items():
            if len(term) > 1:
                weights[term] += share * count / (count + norm)
                documents[term] += 1
    shared = [(term, weight) for term, weight in weights.items() if documents[term] > 1]
    shared.sort(key=lambda pair: (-pair[1], pair[0]))
    return dict(shared[:FEEDBACK_CANDIDATES])


def decoded_beginning(folded: bytes) -> str:
    return folded[:FEEDBACK_BYTES].decode("utf-8", "ignore")
