"""BM25F of one term over all fields: Whoosh's formula, one array operation instead of a matcher tree.

    score = sum over fields of  weight · idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / average length))
    idf   = ln(documents / (documents with the term in the field + 1)) + 1

Deleted documents count nowhere, so scores do not depend on the history of the index; Whoosh gives the same once it
has merged them away.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from math import log
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh.postings import Postings

B, K1 = 0.75, 1.2
ENTRY_BYTES = 200  # of bookkeeping, beside the arrays


class Impact(NamedTuple):
    """Documents in which a term stands, ascending, and what it is worth in each."""

    documents: NDArray[np.int32]
    scores: NDArray[np.float32]

    @property
    def size(self) -> int:
        return self.documents.nbytes + self.scores.nbytes + ENTRY_BYTES


class FieldStatistics(NamedTuple):
    """Length factors of one field: `k1 · (1 - b + b · length / average)` for each document, and the field's weight."""

    weight: float
    norms: NDArray[np.float32]


NOTHING = Impact(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32))


def norms(lengths: NDArray[np.float32], average: float) -> NDArray[np.float32]:
    return (K1 * ((1 - B) + B * lengths / (average or 1))).astype(np.float32)


def field_impact(postings: Postings, field: FieldStatistics, document_count: int) -> Impact:
    documents, frequencies = postings
    idf = log(document_count / (len(documents) + 1)) + 1
    scores = field.weight * idf * (K1 + 1) * frequencies / (frequencies + field.norms[documents])
    return Impact(documents, scores.astype(np.float32))


def combined(impacts: Iterable[Impact]) -> Impact:
    """Impacts of one term in several fields as one."""
    found = [impact for impact in impacts if len(impact.documents)]
    if len(found) < 2:
        return found[0] if found else NOTHING
    documents, places = np.unique(np.concatenate([impact.documents for impact in found]), return_inverse=True)
    scores = np.bincount(places, weights=np.concatenate([impact.scores for impact in found]))
    return Impact(documents, scores.astype(np.float32))


class ImpactCache:
    """Impacts last used, up to a number of bytes. Belongs to one snapshot, so a new generation starts afresh."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._impacts: OrderedDict[Hashable, Impact] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Impact]) -> Impact:
        with self._lock:
            impact = self._impacts.get(key)
            if impact is not None:
                self._impacts.move_to_end(key)
                return impact
        impact = make()
        with self._lock:
            if key not in self._impacts:
                self._impacts[key] = impact
                self._bytes += impact.size
                while self._bytes > self._max_bytes:
                    self._bytes -= self._impacts.popitem(last=False)[1].size
        return impact
