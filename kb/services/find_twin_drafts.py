"""重稿: other submissions in work that say nearly the same, of those the actor may see; of others nothing is said."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kb.domain.accounts import Actor, Right
from kb.domain.near_copies import ALIKE, LEAST
from kb.domain.submission import Submission, may_see
from kb.domain.template import Template
from kb.domain.workflow import Stage
from kb.services.submissions import SubmissionStore
from search.likeness import Shingles, share, shingles


class TwinDraft(NamedTuple):
    """A submission that says nearly the same; `share` of both texts is between ALIKE and 1."""

    number: int
    title: str
    owner_name: str
    stage: Stage
    share: float


class TwinFinder:
    """What one actor's texts are held against; built once for many of them."""

    def __init__(self, actor: Actor, store: SubmissionStore, template: Template) -> None:
        self._template = template
        listed = store.in_work(actor.number, actor.unit, submitted_too=actor.may(Right.REVIEW))
        self._others = [
            (one.submission, one.owner_name, self._marks(one.submission.fields, one.submission.tray))
            for one in listed
            if may_see(actor, one.submission)
        ]

    def twins_of(self, fields: Mapping[str, Any], tray: Sequence[str] = (), number: int = 0) -> tuple[TwinDraft, ...]:
        """The most alike first; `number` is the submission's own, which is no twin of itself."""
        marks = self._marks(fields, tray)
        found = (
            TwinDraft(other.number, other.title, name, other.stage, share(marks, theirs))
            for other, name, theirs in self._others
            if other.number != number
        )
        return tuple(sorted((twin for twin in found if twin.share >= ALIKE), key=lambda twin: -twin.share))

    def _marks(self, fields: Mapping[str, Any], tray: Sequence[str]) -> Shingles:
        return marks_of(self._template, fields, tray)


def find_twin_drafts(
    actor: Actor, submission: Submission, fields: Mapping[str, Any], store: SubmissionStore, template: Template
) -> tuple[TwinDraft, ...]:
    """Twins of a submission with these fields, which need not be the kept ones."""
    return TwinFinder(actor, store, template).twins_of(fields, submission.tray, submission.number)


def marks_of(template: Template, fields: Mapping[str, Any], tray: Sequence[str]) -> Shingles:
    """The shingles of all its text: summary, sections, and what found no field yet; none of a text that is too short."""
    values = (fields.get(key, "") for key in ("summary", *(slot.key for slot in template.sections)))
    text = "\n".join((*(value for value in values if isinstance(value, str)), *tray))
    return shingles(text if len(text) >= LEAST else "")
