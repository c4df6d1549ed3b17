"""Values of one facet group over all documents of a snapshot, as pairs of small integers."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh.impacts import Mask


class FacetColumn:
    """Which documents carry which values; a document may carry several or none."""

    def __init__(self, size: int, documents_of: Mapping[str, NDArray[np.int32]]) -> None:
        self._size = size
        self._values = sorted(documents_of)
        self._documents_of = documents_of
        found = [documents_of[value] for value in self._values]
        empty = np.empty(0, dtype=np.int32)
        self._documents = np.concatenate([empty, *found])
        self._numbers = np.repeat(np.arange(len(found), dtype=np.int32), [len(documents) for documents in found])

    def mask(self, values: tuple[str, ...]) -> Mask:
        """Documents with any of the values."""
        chosen = np.zeros(self._size, dtype=np.bool_)
        for value in values:
            if value in self._documents_of:
                chosen[self._documents_of[value]] = True
        return chosen

    def counts(self, matching: Mask) -> dict[str, int]:
        """How many matching documents carry each value, most frequent first; values of none are left out."""
        numbers = self._numbers[matching[self._documents]]
        counts = np.bincount(numbers, minlength=len(self._values)).tolist()
        found = [(value, count) for value, count in zip(self._values, counts, strict=True) if count]
        return dict(sorted(found, key=lambda item: -item[1]))
