"""Whether what was taken from a case still stands in it: unchanged, revised, or withdrawn, sentence by sentence."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.passage import QUOTES, RESULTS, Passage, SourceRevision
from kb.domain.plain_text import character_pairs
from kb.services.ports import Catalogue, ReferenceData
from kb.services.propose_highlights import all_places, find_passage
from kb.services.read_case import CasePage, build_case_page

ALIKE = 0.35
"""Share of character pairs two sentences have in common for one to be taken for the other's successor."""


class Standing(Enum):
    """How a passage stands to its source as it is now."""

    SAME = "same"
    """The source is the text it was taken from."""
    STILL_THERE = "still_there"
    """The source was revised elsewhere; these words stand in it as they did."""
    KEPT = "kept"
    """The words were changed; the owner has seen that and keeps them."""
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    """The case is archived, removed, or no longer for this reader."""

    @property
    def needs_decision(self) -> bool:
        return self in (Standing.CHANGED, Standing.WITHDRAWN)


class Followed(NamedTuple):
    """A passage and its source today; `new` are the words that took its place, None where none were found."""

    passage: Passage
    standing: Standing
    case: Case | None
    current: SourceRevision | None
    new: Passage | None = None


class Sources:
    """The cases of some passages as a reader sees them now, read at once."""

    def __init__(self, ids: Iterable[str], catalogue: Catalogue, numbers: Mapping[tuple[str, str], int]) -> None:
        """`numbers`: the revision of each record id and digest; what is not in it is number 0."""
        wanted = list(dict.fromkeys(ids))
        self._catalogue = catalogue
        self._entries = {entry.case.id: entry for entry in catalogue.cases(wanted)}
        digests = catalogue.digests(wanted)
        self._revisions = {
            case_id: SourceRevision(case_id, numbers.get((case_id, digest), 0), digest)
            for case_id, digest in digests.items()
            if case_id in self._entries
        }
        self._followed: dict[tuple[Passage, str], Followed] = {}

    def case(self, case_id: str) -> Case | None:
        entry = self._entries.get(case_id)
        return entry.case if entry else None

    def page(self, case_id: str, reference: ReferenceData, today: date) -> CasePage:
        """Everything known of a case that is there; KeyError for another."""
        return build_case_page(self._entries[case_id], self._catalogue, reference, (), today=today)

    def revision(self, case_id: str) -> SourceRevision | None:
        return self._revisions.get(case_id)

    def follow(self, passage: Passage, checked: str = "") -> Followed:
        """Looked up once: a successor takes milliseconds, and a piece asks again for each part of its page."""
        key = passage, checked
        if key not in self._followed:
            self._followed[key] = self._look_up(passage, checked)
        return self._followed[key]

    def _look_up(self, passage: Passage, checked: str) -> Followed:
        case, current = self.case(passage.case_id), self.revision(passage.case_id)
        if case is None or current is None:
            return Followed(passage, Standing.WITHDRAWN, None, None)
        if current.digest == passage.digest:
            return Followed(passage, Standing.SAME, case, current)
        new = find_successor(case, current, passage)
        if new is not None and new.text == passage.text:
            return Followed(passage, Standing.STILL_THERE, case, current, new)
        standing = Standing.KEPT if checked == current.digest else Standing.CHANGED
        return Followed(passage, standing, case, current, new)

    def stands(self, source: SourceRevision, checked: str = "") -> Standing:
        """The same for a case that was taken as a whole."""
        current = self.revision(source.record_id)
        if current is None:
            return Standing.WITHDRAWN
        if current.digest == source.digest:
            return Standing.SAME
        return Standing.KEPT if checked == current.digest else Standing.CHANGED


def find_successor(case: Case, current: SourceRevision, passage: Passage) -> Passage | None:
    """The same words wherever they stand now, else the most alike of the same kind of place; None where nothing is alike."""
    places = [one for one in all_places(case, current) if _is_of_a_kind(one.section, passage.section)]
    same = next((one for one in places if one.text == passage.text), None)
    if same is not None:
        return _as(same, passage)
    there = find_passage(case, current, passage.section, passage.position)
    candidates = [*([there] if there else []), *places]  # of two equally alike the one at the old place
    best = max(candidates, key=lambda one: likeness(one.text, passage.text), default=None)
    return _as(best, passage) if best and likeness(best.text, passage.text) >= ALIKE else None


def likeness(one: str, other: str) -> float:
    """Of the character pairs of both, the share they have in common."""
    first, second = character_pairs(one), character_pairs(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def _is_of_a_kind(one: str, other: str) -> bool:
    rows = (RESULTS, QUOTES)
    return one == other or (one not in rows and other not in rows)


def _as(found: Passage, passage: Passage) -> Passage:
    """Found words as a passage of the kind the old one was."""
    return Passage(
        found.case_id,
        found.revision,
        found.digest,
        found.section,
        found.position,
        found.text,
        passage.kind,
        found.dated,
    )
