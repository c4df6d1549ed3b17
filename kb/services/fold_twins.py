"""Cases that tell nearly the same in nearly the same words stand in a result once, with the others named beside it."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kb.domain.near_copies import ALIKE
from search import Hit
from search.likeness import are_alike


def find_twins(hits: Sequence[Hit], kinds: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """For each hit that stays, best first, the ids of later ones of its kind whose summary and body are nearly its own.

    `kinds` of all hits by id: what succeeded and what failed are two cases, however alike they are told.
    """
    are_twins = _are_twins(hits, [kinds[hit.id] for hit in hits])
    twins: dict[int, list[str]] = {}
    for place, hit in enumerate(hits):
        first = next((other for other in twins if are_twins[other, place]), None)
        if first is None:
            twins[place] = []
        else:
            twins[first].append(hit.id)
    return {hits[place].id: tuple(others) for place, others in twins.items()}


def _are_twins(hits: Sequence[Hit], kinds: Sequence[str]) -> NDArray[np.bool_]:
    """For each two hits whether they are; bodies are long, so only of those whose summaries are alike."""
    of_kind = np.array([[one == two for two in kinds] for one in kinds], dtype=np.bool_).reshape(len(hits), len(hits))
    alike: NDArray[np.bool_] = of_kind & are_alike([hit.texts.get("summary", "") for hit in hits], ALIKE)
    asked = np.flatnonzero(alike.any(axis=0)).tolist()
    alike[np.ix_(asked, asked)] &= are_alike([hits[place].texts.get("body", "") for place in asked], ALIKE)
    return alike
