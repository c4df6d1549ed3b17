"""Rounds of review: the steps of a library, what was decided at each, and whose turn it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kb.domain.accounts import Actor, Right
from kb.domain.submission import USUAL_STEPS, Decision, ReviewStep, Submission, may_review
from kb.domain.workflow import Stage


@dataclass(frozen=True)
class ReviewRules:
    """Steps in their order, and whether each has to be taken by another person."""

    steps: tuple[ReviewStep, ...] = USUAL_STEPS
    needs_different_reviewers: bool = True

    def label_of(self, step: str) -> str:
        """The label of a step; the id itself when the library no longer has it."""
        return next((known.label for known in self.steps if known.id == step), step)


USUAL_RULES = ReviewRules()


@dataclass(frozen=True)
class DecisionMade:
    """What one reviewer decided at a step; `reasons` by field key; `at` is UTC in ISO form."""

    step: str
    at: str
    by: int
    by_name: str
    decision: Decision
    note: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Round:
    """One way through the review of one version; decisions in the order they were made; state as it is kept."""

    number: int
    version: int
    began_at: str
    began_by: int
    began_by_name: str
    state: str
    decisions: tuple[DecisionMade, ...] = ()

    @property
    def returned(self) -> DecisionMade | None:
        """The decision that sent it back, if one did."""
        return next((made for made in reversed(self.decisions) if made.decision is Decision.RETURNED), None)

    def made_at(self, step: str) -> DecisionMade | None:
        """What was decided at a step, if anything was."""
        return next((made for made in reversed(self.decisions) if made.step == step), None)


def next_step(rules: ReviewRules, decisions: Sequence[DecisionMade]) -> ReviewStep | None:
    """The first step of the library nobody has passed yet; None when all are passed."""
    passed = {made.step for made in decisions if made.decision is Decision.PASSED}
    return next((step for step in rules.steps if step.id not in passed), None)


def why_not(
    actor: Actor, submission: Submission, step: ReviewStep, rules: ReviewRules, round_: Round, writers: frozenset[int]
) -> str:
    """Why this actor cannot decide this step, as a Chinese sentence; "" when they can."""
    if not actor.may(Right.REVIEW):
        return "你的账号不参加审核。"
    if actor.number == submission.owner or actor.number in writers:
        return "这是你写过的稿件，要由别人来审。"
    if submission.stage is Stage.SUBMITTED and rules.needs_different_reviewers:
        mine = next((made for made in round_.decisions if made.by == actor.number), None)
        if mine:
            return f"你已经审过{rules.label_of(mine.step)}，{step.label}要换一个人。"
    if not may_review(actor, submission, step.id):
        return f"{step.label}由别的审核人承担。"
    return ""
