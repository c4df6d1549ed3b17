"""A submission: a draft on its way to a case, with the pieces of its source that found no field yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from kb.domain.accounts import Actor, Right, Role
from kb.domain.workflow import Stage

EDITABLE = frozenset({Stage.DRAFT, Stage.RETURNED})
"""Stages in which its writer changes a submission."""
IN_WORK = EDITABLE | {Stage.SUBMITTED, Stage.MATURED}
"""Stages before it has become a case."""


@dataclass(frozen=True)
class Submission:
    """A draft as it is kept. `fields` are plain values by slot key, sections among them, as a case file holds them.

    number: of the submission, from 1; record_id: of the case file once it has one, else ""; owner: account number;
    unit: the owner's, who may see it; version: grows with every save; tray: pieces of text without a field, in order;
    based_on: the revision of the included case it changes, 0 for a new one; times are UTC in ISO form.
    """

    number: int
    record_id: str
    owner: int
    unit: str
    stage: Stage
    version: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    tray: tuple[str, ...] = ()
    based_on: int = 0
    made_at: str = ""
    changed_at: str = ""

    @property
    def title(self) -> str:
        return str(self.fields.get("title") or "") or "（还没有标题）"


def may_see(actor: Actor, submission: Submission) -> bool:
    """Its owner, editors of the same unit, and reviewers once it has been submitted."""
    if actor.number and actor.number == submission.owner:
        return True
    if actor.may(Right.WRITE) and actor.unit and actor.unit == submission.unit:
        return True
    return actor.may(Right.REVIEW) and submission.stage is not Stage.DRAFT


def may_edit(actor: Actor, submission: Submission) -> bool:
    """Those of its writers, while it is theirs to change."""
    return _is_writer(actor, submission) and submission.stage in EDITABLE


def may_hand_over(actor: Actor, submission: Submission) -> bool:
    """The same people, until it has become a case."""
    return _is_writer(actor, submission) and submission.stage in IN_WORK


def _is_writer(actor: Actor, submission: Submission) -> bool:
    is_of_unit = bool(actor.unit) and actor.unit == submission.unit
    return actor.may(Right.WRITE) and (actor.number == submission.owner or is_of_unit)


def may_review(actor: Actor, submission: Submission, step: str) -> bool:
    """Four eyes: a holder of the step, and never the one who wrote it."""
    return (
        Role.REVIEWER in actor.roles
        and step in actor.steps
        and actor.number != submission.owner
        and submission.stage in (Stage.SUBMITTED, Stage.MATURED)
    )


class Decision(Enum):
    """What a reviewer says of a submission at one step."""

    PASSED = "passed"
    RETURNED = "returned"


@dataclass(frozen=True)
class ReviewStep:
    """A step of the review in its order: id as accounts hold it, label as pages show it."""

    id: str
    label: str


USUAL_STEPS = (
    ReviewStep("first_review", "初审"),
    ReviewStep("second_review", "复审"),
    ReviewStep("final_review", "终审"),
)
"""三审, where a library does not set its own."""
