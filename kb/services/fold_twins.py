"""Cases that tell nearly the same in nearly the same words stand in a result once, with the others named beside it."""

from collections.abc import Mapping, Sequence

from kb.domain.shingles import ALIKE, share, shingles
from search import Hit


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
            and share(summary, theirs) >= ALIKE
            and share(body(hit), body(other)) >= ALIKE
        )
        first = next(alike, None)
        if first is None:
            twins[hit.id] = []
            kept.append((hit, summary))
        else:
            twins[first].append(hit.id)
    return {id: tuple(others) for id, others in twins.items()}


def _shingles(texts: Mapping[str, str], name: str) -> frozenset[str]:
    return shingles(texts.get(name, ""))
