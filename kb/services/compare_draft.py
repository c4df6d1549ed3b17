"""Beside a draft: the problem types it seems to be about, cases like it, and cases it may already stand in."""

from collections.abc import Sequence
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.near_copies import LEAST
from kb.domain.plain_text import plain_text
from kb.services.find_similar import SimilarCase, SimilarFinder, describe
from kb.services.ports import Catalogue
from kb.services.propose_types import Proposal, TypeProposer
from search.likeness import share, shingles

MOST_SIMILAR = 4
MOST_COMPARED = 12
NEAR_TEXT = 0.3
"""Share of pieces two texts have in common above which one may be an edited copy of the other; unrelated ones have 0.01."""
NEAR_TITLE = 0.7
"""The same of pairs of characters in two titles."""


class NearDuplicate(NamedTuple):
    """A case that may be the same one; the shares are between 0 and 1."""

    id: str
    title: str
    title_share: float
    text_share: float


class Surroundings(NamedTuple):
    """What the library holds near a draft."""

    proposals: tuple[Proposal, ...]
    similar: tuple[SimilarCase, ...]
    duplicates: tuple[NearDuplicate, ...]


def look_around(case: Case, catalogue: Catalogue, similar: SimilarFinder, proposer: TypeProposer) -> Surroundings:
    """Nothing for a draft that says nothing yet."""
    text = describe(case)
    if not text:
        return Surroundings((), (), ())
    near = similar.similar_to(case, MOST_COMPARED)
    return Surroundings(
        proposals=proposer.propose(text),
        similar=near[:MOST_SIMILAR],
        duplicates=_duplicates(case, near, catalogue),
    )


def find_duplicates(case: Case, catalogue: Catalogue, similar: SimilarFinder) -> tuple[NearDuplicate, ...]:
    """Included cases that may be the same one; none for a draft that says nothing yet."""
    return _duplicates(case, similar.similar_to(case, MOST_COMPARED), catalogue) if describe(case) else ()


def _duplicates(case: Case, near: Sequence[SimilarCase], catalogue: Catalogue) -> tuple[NearDuplicate, ...]:
    entries = catalogue.cases([found.card.id for found in near if found.card.id != case.id])
    compared = (_compare(case, entry.case) for entry in entries)
    return tuple(found for found in compared if found.title_share > NEAR_TITLE or found.text_share > NEAR_TEXT)


def _compare(draft: Case, other: Case) -> NearDuplicate:
    texts = [_body(case) for case in (draft, other)]
    is_long = min(map(len, texts)) >= LEAST
    return NearDuplicate(
        id=other.id,
        title=other.title,
        title_share=share(shingles(draft.title, 2), shingles(other.title, 2)),
        text_share=share(*map(shingles, texts)) if is_long else 0.0,
    )


def _body(case: Case) -> str:
    return plain_text("\n".join((case.summary, case.situation, case.practice, case.effect)))
