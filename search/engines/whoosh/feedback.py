"""Relevance feedback: what the best documents for a description share is asked as well, weakly.

Other documents on the same matter come forward, though the asker used none of their words.
"""

import numpy as np
from numpy.typing import NDArray

from search.analysis.characters import characters_of, is_word_character
from search.engines.whoosh.scoring import K1, B, rarity
from search.engines.whoosh.snapshot import Snapshot

DOCUMENTS = 10
BYTES = 6_000  # of each: a document that is longer says at the beginning what it is about
CANDIDATES, TERMS = 120, 30
PLACE = 21  # bits of a code point
LAST = (1 << PLACE) - 1


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
    pairs, worth = [], []
    for number in best:
        share = float(scores[number] / scores[best[0]])
        norm = K1 * ((1 - B) + B * float(snapshot.lengths[number]))
        found, counts = np.unique(_pairs(snapshot.folded(number, BYTES)), return_counts=True)
        pairs.append(found)
        worth.append(share * counts / (counts + norm))
    known, places = np.unique(np.concatenate(pairs), return_inverse=True)
    weights = np.bincount(places, np.concatenate(worth), minlength=len(known))
    weights[np.bincount(places, minlength=len(known)) < 2] = 0  # in one document only
    chosen = np.lexsort((known, -weights))[:CANDIDATES]
    chosen = chosen[weights[chosen] > 0]
    return {
        chr(pair >> PLACE) + chr(pair & LAST): weight
        for pair, weight in zip(known[chosen].tolist(), weights[chosen].tolist(), strict=True)
    }


def _pairs(folded: str) -> NDArray[np.int64]:
    """Every bigram of the runs, as one number; numbers are in the order of the texts."""
    characters = characters_of(folded)
    in_run = is_word_character(characters)
    first = characters[:-1].astype(np.int64) << PLACE | characters[1:]
    return first[in_run[:-1] & in_run[1:]]
