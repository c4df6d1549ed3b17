"""From BM25F to an order for people. What each step gave is measured in `docs/search-quality.md`.

basic scores   BM25F of the plan's weights, where rare terms count a little more than Whoosh's idf lets them;
               for a description also divided by a small power of the document's length, as a long document
               has something of every description
few words      of the best documents, those come forward that have most of the query, above all in their opening
description    what the best documents share is asked as well; the best one stays first, for it was found by the
               asker's own words
"""

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh import feedback
from search.engines.whoosh.coverage import coverage_worth
from search.engines.whoosh.scoring import B, correction, foremost, total
from search.engines.whoosh.snapshot import Snapshot
from search.plan import Plan

BREVITY = 0.2  # power of the length factor a description's scores are divided by
REORDERED = 50  # documents whose text is looked at
FEEDBACK_SHARE = 0.2  # weight of what the best documents share, over that of the query's own terms

Scores = NDArray[np.float32]
Found = NDArray[np.intp]


def basic_scores(snapshot: Snapshot, plan: Plan) -> Scores:
    """Score of every document, above zero where a scored term stands."""
    impacts = snapshot.impacts(plan.weights)
    weights = [
        weight * correction(impact.count, snapshot.count)
        for weight, impact in zip(plan.weights.values(), impacts, strict=True)
    ]
    scores = total(impacts, weights, snapshot.size)
    if plan.is_verbose:
        scores /= _brevity(snapshot)
    return scores


def refined_scores(snapshot: Snapshot, plan: Plan, scores: Scores, found: Found) -> Scores:
    """Scores by which the found documents are put in order."""
    if not plan.weights or len(found) < 2:
        return scores
    refine = _with_feedback if plan.is_verbose else _with_coverage
    return refine(snapshot, plan, scores, found)


def best_of(snapshot: Snapshot, scores: Scores, found: Found, count: int) -> list[int]:
    """The best of the documents found, equals by id. Only those that can be among them are put in order."""
    if 0 < count < len(found):
        found = found[foremost(scores[found], count)]
    best: list[int] = found[np.lexsort((snapshot.id_ranks[found], -scores[found]))][:count].tolist()
    return best


def _brevity(snapshot: Snapshot) -> Scores:
    divisor: Scores = ((1 - B) + B * snapshot.lengths) ** np.float32(BREVITY)
    return divisor


def _with_coverage(snapshot: Snapshot, plan: Plan, scores: Scores, found: Found) -> Scores:
    best = best_of(snapshot, scores, found, REORDERED)
    scores = scores.copy()
    scores[best] += scores[best[0]] * np.array(coverage_worth(snapshot, plan, best), dtype=np.float32)
    return scores


def _with_feedback(snapshot: Snapshot, plan: Plan, scores: Scores, found: Found) -> Scores:
    best = best_of(snapshot, scores, found, feedback.DOCUMENTS)
    terms = feedback.feedback_terms(snapshot, scores, best)
    unit = FEEDBACK_SHARE * sum(plan.weights.values())
    impacts = snapshot.impacts(terms)
    weights = [
        unit * weight * correction(impact.count, snapshot.count)
        for weight, impact in zip(terms.values(), impacts, strict=True)
    ]
    scores = scores + total(impacts, weights, snapshot.size) / _brevity(snapshot)
    scores[best[0]] = max(float(scores[found].max()) * 1.001, float(scores[best[0]]))
    return scores
