"""What a term is worth in each document, and a cache of it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int32]
ENTRY_BYTES = 300  # of bookkeeping, beside the arrays


class Impact:
    """Documents in which a term stands, ascending, and its score in each.

    A very common term has a `dense` vector instead: a score for every document, zero where it does not stand.
    """

    __slots__ = ("_documents", "count", "dense", "scores")

    def __init__(self, documents: Numbers, scores: NDArray[np.float32], dense_size: int = 0) -> None:
        self.count = len(documents)
        self.dense: NDArray[np.float32] | None = None
        self._documents, self.scores = documents, scores
        if dense_size:
            self.dense = np.zeros(dense_size, dtype=np.float32)
            self.dense[documents] = scores
            self._documents, self.scores = documents[:0], scores[:0]

    @property
    def documents(self) -> Numbers:
        return self._documents if self.dense is None else np.flatnonzero(self.dense).astype(np.int32)

    @property
    def size(self) -> int:
        dense = 0 if self.dense is None else self.dense.nbytes
        return self._documents.nbytes + self.scores.nbytes + dense + ENTRY_BYTES

    def mark(self, mask: Mask) -> None:
        """Set the mask where the term stands."""
        if self.dense is None:
            mask[self._documents] = True
        else:
            np.logical_or(mask, self.dense, out=mask)

    def among(self, documents: Numbers) -> Numbers:
        """Those of the documents in which the term stands."""
        return documents[self.stands_in(documents)]

    def stands_in(self, documents: Numbers) -> Mask:
        """For each of the documents whether the term stands there."""
        if not self.count:
            return np.zeros(len(documents), dtype=np.bool_)
        stands: Mask
        if self.dense is not None:
            stands = self.dense[documents] > 0
        else:
            places = np.searchsorted(self._documents, documents)
            np.minimum(places, self.count - 1, out=places)
            stands = self._documents[places] == documents
        return stands


NOTHING = Impact(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32))


class ImpactCache:
    """Impacts last used, up to a number of bytes. Belongs to one snapshot, so a new generation starts afresh."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._impacts: OrderedDict[Hashable, Impact] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Impact]) -> Impact:
        (impact,) = self.get_all((key,), lambda _: [make()])
        return impact

    def get_all(self, keys: Iterable[Key], make: Callable[[list[Key]], list[Impact]]) -> list[Impact]:
        """An impact for each key; those not kept are made, all at once and outside the lock."""
        keys = list(keys)
        kept, move = self._impacts, self._impacts.move_to_end
        found: list[Impact | None] = []
        with self._lock:
            for key in keys:
                impact = kept.get(key)
                if impact is not None:
                    move(key)
                found.append(impact)
        lacking = list(dict.fromkeys(key for key, impact in zip(keys, found, strict=True) if impact is None))
        made = dict(zip(lacking, make(lacking), strict=True)) if lacking else {}
        for key, impact in made.items():
            self._keep(key, impact)
        return [made[key] if impact is None else impact for key, impact in zip(keys, found, strict=True)]

    def _keep(self, key: Hashable, impact: Impact) -> None:
        with self._lock:
            if key not in self._impacts:
                self._impacts[key] = impact
                self._bytes += impact.size
                while self._bytes > self._max_bytes:
                    self._bytes -= self._impacts.popitem(last=False)[1].size
