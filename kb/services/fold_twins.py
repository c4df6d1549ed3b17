"""Cases that tell nearly the same in nearly the same words stand in a result once, with the others named beside it."""

from collections.abc import Mapping, Sequence

from search import Hit

SHINGLE = 4
"""Characters; so many in a row are seldom the same by chance."""
ALIKE = 0.5
"""Shared shingles over all of both. A copy with unit, year and some sentences changed is above it; of 186 cases no two
of different matter had more than 0.06."""


def find_twins(hits: Sequence[Hit], kinds: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """For each hit that stays, best first, the ids of later ones of its kind whose summary and body are nearly its own.

    `kinds` of all hits by id: what succeeded and what failed are two cases, however alike they are told.
    """
    twins: dict[str, list[str]] = {}
    kept: list[tuple[Hit, frozenset[str]]] = []
    bodies: dict[str, frozenset[str]] = {}  # long texts: each once, and only of those whose summaries are alike

    def body(hit: Hit) -> frozenset[str]:
        if hit.id not in bodies:
            bodies[hit.id] = _shingles(hit.texts, "body")
        return bodies[hit.id]

    for hit in hits:
        summary = _shingles(hit.texts, "summary")
        alike = (
            other.id
            for other, theirs in kept
            if kinds[other.id] == kinds[hit.id]
            and _share(summary, theirs) >= ALIKE
            and _share(body(hit), body(other)) >= ALIKE
        )
        first = next(alike, None)
        if first is None:
            twins[hit.id] = []
            kept.append((hit, summary))
        else:
            twins[first].append(hit.id)
    return {id: tuple(others) for id, others in twins.items()}


def _share(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / len(one | two) if one and two else 0.0


def _shingles(texts: Mapping[str, str], name: str) -> frozenset[str]:
    letters = "".join(filter(str.isalnum, texts.get(name, "")))
    return frozenset(letters[i : i + SHINGLE] for i in range(len(letters) - SHINGLE + 1))
