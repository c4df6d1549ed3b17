"""审核: the queue, one submission with what changed in it, and the decision at a step, with a reason per field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.domain.field_text import field_text
from kb.domain.finding import Finding
from kb.domain.merging import changed_fields, merge
from kb.domain.paragraph_diff import ParagraphChange, compare_paragraphs
from kb.domain.review import DecisionMade, Round, next_step, why_not
from kb.domain.submission import Decision, ReviewStep, Submission, may_see
from kb.domain.template import Slot
from kb.domain.workflow import Stage, move
from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound
from kb.services.check_wording import Concern, check_wording
from kb.services.find_twin_drafts import TwinDraft, find_twin_drafts
from kb.services.ports import ReferenceData
from kb.services.submissions import SHOWN_KINDS, Attachment, RoundState, SubmissionStore

WAITING = frozenset({Stage.SUBMITTED, Stage.MATURED})
LONGEST_REASON = 2000
INCLUSION = ReviewStep("inclusion", "纳入")
"""What is left to do once every step is passed; it is no step of the review."""
DEEDS = {Decision.PASSED: Deed.REVIEW_PASSED, Decision.RETURNED: Deed.REVIEW_RETURNED}
UNASKED = frozenset({"id", "status", "review_by"})
"""Fields the program fills in."""


class Trail(Protocol):
    """The part of the audit trail used here."""

    def note(self, actor: Actor, kind: Deed, subject: str, result: Outcome, detail: str = "") -> None: ...


class ReviewStore(Protocol):
    """Rounds and decisions, in the transaction of whoever calls."""

    def rounds(self, submission: int) -> Sequence[Round]:
        """Newest first."""
        ...

    def add_decision(self, round_number: int, made: DecisionMade) -> None: ...

    def set_state(self, round_number: int, state: RoundState) -> None: ...

    def writers(self, submission: int) -> frozenset[int]:
        """Accounts that saved a version of it."""
        ...

    def set_base(self, submission: int, revision: int) -> None:
        """The revision of the included case that it changes from now on."""
        ...


class QueueEntry(NamedTuple):
    """A submission that waits; `obstacle` says why this actor cannot take the step, "" when they can."""

    submission: Submission
    owner_name: str
    step: ReviewStep
    round_number: int
    times: int
    obstacle: str


class FieldView(NamedTuple):
    """One field under review: its text, what an earlier return asked for, and how it changed.

    since_submitted: against the version of the round before; since_included: against the included revision; both are
    empty where there is nothing to compare with or nothing changed.
    """

    slot: Slot
    text: str
    asked: str
    is_changed: bool
    since_submitted: tuple[ParagraphChange, ...]
    since_included: tuple[ParagraphChange, ...]

    @property
    def was_returned(self) -> bool:
        return bool(self.asked)


class ReviewPage(NamedTuple):
    """Everything the page of one submission shows."""

    submission: Submission
    owner_name: str
    rounds: tuple[Round, ...]
    step: ReviewStep | None
    obstacle: str
    fields: tuple[FieldView, ...]
    findings: tuple[Finding, ...]
    concerns: tuple[Concern, ...]
    attachments: tuple[Attachment, ...]
    is_again: bool
    is_revision: bool
    asked_of_all: str
    newest_revision: int
    twins: tuple[TwinDraft, ...] = ()

    @property
    def is_overtaken(self) -> bool:
        """Whether the case it changes has had another revision since it was begun."""
        return self.is_revision and self.newest_revision > self.submission.based_on

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(found for found in self.findings if found.is_error)


class CaseReview:
    """What reviewers do with submissions. The caller commits; each decision is one task that holds the write lock.

    included_fields: the plain values of a revision; newest_revision: its number, 0 for none; findings: what would keep a submission from being included.
    """

    def __init__(
        self,
        submissions: SubmissionStore,
        reviews: ReviewStore,
        trail: Trail,
        reference: ReferenceData,
        *,
        now: Callable[[], datetime],
        today: Callable[[], date],
        included_fields: Callable[[str, int], Mapping[str, Any]],
        newest_revision: Callable[[str], int],
        findings: Callable[[Submission], tuple[Finding, ...]],
    ) -> None:
        self._submissions = submissions
        self._reviews = reviews
        self._trail = trail
        self._reference = reference
        self._rules = reference.review_rules
        self._now = now
        self._today = today
        self._included_fields = included_fields
        self._newest_revision = newest_revision
        self._findings = findings

    def queue(self, actor: Actor) -> tuple[QueueEntry, ...]:
        """All that wait, the actor's own turn first, then the longest waiting."""
        require(actor, Right.REVIEW)
        entries = []
        for submission, owner_name in self._submissions.in_stages(WAITING):
            rounds = self._reviews.rounds(submission.number)
            if rounds:
                step = self._step(submission, rounds[0]) or INCLUSION
                obstacle = self._obstacle(actor, submission, step, rounds[0])
                entries.append(QueueEntry(submission, owner_name, step, rounds[0].number, len(rounds), obstacle))
        return tuple(sorted(entries, key=lambda entry: bool(entry.obstacle)))

    def open(self, actor: Actor, number: int) -> ReviewPage:
        """Raises NotFound also for what is not for this reviewer to know."""
        require(actor, Right.REVIEW)
        submission, rounds = self._submitted(actor, number)
        step = self._step(submission, rounds[0])
        waits = submission.stage in WAITING
        obstacle = self._obstacle(actor, submission, step or INCLUSION, rounds[0]) if waits else "这份稿件不在审核中。"
        owner = next((made.began_by_name for made in rounds if made.began_by == submission.owner), "")
        template, flagged = self._reference.case_template, self._reference.flagged_wording
        asked = rounds[1].returned if len(rounds) > 1 else None
        return ReviewPage(
            submission=submission,
            owner_name=owner,
            rounds=rounds,
            step=step,
            obstacle=obstacle,
            fields=tuple(self._views(submission, rounds)),
            findings=self._findings(submission),
            concerns=check_wording(template, submission.fields, flagged, today=self._today()),
            attachments=tuple(file for file in self._submissions.attachments(number) if file.kind in SHOWN_KINDS),
            is_again=len(rounds) > 1,
            is_revision=submission.based_on > 0,
            asked_of_all=asked.note if asked else "",
            newest_revision=self._newest_revision(submission.record_id) if submission.based_on else 0,
            twins=find_twin_drafts(actor, submission, submission.fields, self._submissions, template),
        )

    def decide(
        self,
        actor: Actor,
        number: int,
        version: int,
        step_id: str,
        decision: Decision,
        *,
        note: str = "",
        reasons: Mapping[str, str] | None = None,
    ) -> Submission:
        """At the step whose turn it is. Raises Forbidden, Conflict when the step or version has moved on, AskedWrongly."""
        require(actor, Right.REVIEW)
        submission, rounds = self._submitted(actor, number)
        round_ = rounds[0]
        step = self._step(submission, round_)
        if submission.stage not in WAITING or submission.version != version or (step or INCLUSION).id != step_id:
            raise Conflict("这一步刚才已经有人办了，或稿件已经变了。", advice="刷新待办列表，看它现在到了哪一步。")
        obstacle = self._obstacle(actor, submission, step or INCLUSION, round_)
        if obstacle:
            raise Forbidden(obstacle, advice="请承担这一步的审核人办理。")
        kept = self._check(decision, note, reasons or {}, step)
        made = DecisionMade(step_id, self._at(), actor.number, actor.name, decision, note.strip(), kept)
        self._reviews.add_decision(round_.number, made)
        stage, state = self._after(submission, round_, made)
        if stage is not submission.stage:
            submission = self._submissions.move(submission, stage, at=made.at)
            self._reviews.set_state(round_.number, state)
        where = f"{self._rules.label_of(step_id)}，第 {version} 版"
        template = self._reference.case_template
        labels = [template[key].label if key in template.keys else key for key in kept]
        told = f"{where}；{len(kept)} 项：{'、'.join(labels)}" if kept else where
        self._trail.note(actor, DEEDS[decision], f"submission:{number}", Outcome.DONE, told)
        return submission

    def rebase(self, actor: Actor, number: int, version: int) -> Submission:
        """Returns a change of a case that has had another revision since, joined with that one field by field.

        Where both changed a field the writer's text stays and the other's stands in the reason; nothing is lost.
        """
        require(actor, Right.REVIEW)
        submission, rounds = self._submitted(actor, number)
        newest = self._newest_revision(submission.record_id) if submission.based_on else 0
        if newest <= submission.based_on:
            raise AskedWrongly("稿件依据的就是最新的修订，不用合并。", advice="照常审核。")
        base = self._included_fields(submission.record_id, submission.based_on)
        other = self._included_fields(submission.record_id, newest)
        theirs = {**other, **{key: base.get(key, "") for key in UNASKED}}
        merged = merge(base, {**submission.fields, **{key: base.get(key, "") for key in UNASKED}}, theirs)
        template = self._reference.case_template
        slots = {slot.key: slot for slot in template.slots}
        reasons = {
            key: f"第 {newest} 次修订也改了这一项，那边写的是：{self._text(slots[key], other)}"[:LONGEST_REASON]
            for key in merged.disputed
            if key in slots
        }
        joined = "、".join(slots[key].label for key in merged.theirs if key in slots)
        note = f"案例已有第 {newest} 次修订，稿件已和它合并。{f'那边改过的{joined}已并入。' if joined else ''}核对后再送审。"
        step = self._step(submission, rounds[0]) or INCLUSION
        returned = self.decide(actor, number, version, step.id, Decision.RETURNED, note=note, reasons=reasons)
        fields = {key: value for key, value in merged.fields.items() if key not in UNASKED}
        saved = self._submissions.save(replace(returned, fields=fields, changed_at=self._at()), by=0)
        self._reviews.set_base(number, newest)
        return saved

    def writers(self, number: int) -> frozenset[int]:
        """Accounts that saved a version of it: none of them reviews or includes it."""
        return self._reviews.writers(number)

    def _after(self, submission: Submission, round_: Round, made: DecisionMade) -> tuple[Stage, RoundState]:
        if made.decision is Decision.RETURNED:
            return move(submission.stage, Stage.RETURNED, has_errors=False), RoundState.RETURNED
        if next_step(self._rules, (*round_.decisions, made)) is not None:
            return submission.stage, RoundState.OPEN
        errors = [found for found in self._findings(submission) if found.is_error]
        if errors:
            raise AskedWrongly(
                f"还有 {len(errors)} 处必须改正：{'；'.join(found.message for found in errors[:3])}",
                advice="最后一步通过就要纳入，请退回有关的项。",
            )
        return move(submission.stage, Stage.MATURED, has_errors=False), RoundState.PASSED

    def _check(
        self, decision: Decision, note: str, reasons: Mapping[str, str], step: ReviewStep | None
    ) -> dict[str, str]:
        known = {slot.key for slot in self._reference.case_template.slots}
        kept = {key: reason.strip() for key, reason in reasons.items() if reason.strip()}
        if not set(kept) <= known or any(len(words) > LONGEST_REASON for words in (note, *kept.values())):
            raise AskedWrongly(f"退回理由超过 {LONGEST_REASON} 字，或对应的项不存在。", advice="缩短后再办。")
        if decision is Decision.RETURNED and not (kept or note.strip()):
            raise AskedWrongly("退回要写明理由。", advice="在要改的项下面写上改什么；整篇的意见写在最后。")
        if decision is Decision.PASSED and kept:
            raise AskedWrongly("写了退回的理由，却选了通过。", advice="要改就选退回；不改就清空这些理由。")
        if decision is Decision.PASSED and step is None:
            raise AskedWrongly("各步都已通过。", advice="可以纳入，或退回。")
        return kept

    def _submitted(self, actor: Actor, number: int) -> tuple[Submission, tuple[Round, ...]]:
        submission = self._submissions.find(number)
        rounds = tuple(self._reviews.rounds(number)) if submission else ()
        if submission is None or not rounds or not may_see(actor, submission):
            raise NotFound("没有这份稿件。", advice="从待办列表里打开。")
        return submission, rounds

    def _step(self, submission: Submission, round_: Round) -> ReviewStep | None:
        return next_step(self._rules, round_.decisions) if submission.stage is Stage.SUBMITTED else None

    def _obstacle(self, actor: Actor, submission: Submission, step: ReviewStep, round_: Round) -> str:
        writers = self._reviews.writers(submission.number)
        if step is INCLUSION:
            is_own = actor.number == submission.owner or actor.number in writers
            return "这是你写过的稿件，要由别人来纳入。" if is_own else ""
        return why_not(actor, submission, step, self._rules, round_, writers)

    def _views(self, submission: Submission, rounds: tuple[Round, ...]) -> list[FieldView]:
        earlier = self._submissions.version(submission.number, rounds[1].version) if len(rounds) > 1 else None
        returned = rounds[1].returned if len(rounds) > 1 else None
        asked = returned.reasons if returned else {}
        included: Mapping[str, Any] = {}
        if submission.based_on:
            included = self._included_fields(submission.record_id, submission.based_on)
        before = earlier.fields if earlier else included
        changed = set(changed_fields(before, submission.fields)) if before else set()
        slots = [slot for slot in self._reference.case_template.slots if slot.key not in UNASKED]
        return [
            FieldView(
                slot,
                self._text(slot, submission.fields),
                asked.get(slot.key, ""),
                slot.key in changed,
                self._compare(slot, earlier.fields if earlier else {}, submission.fields),
                self._compare(slot, included, submission.fields),
            )
            for slot in slots
        ]

    def _compare(self, slot: Slot, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[ParagraphChange, ...]:
        if not before:
            return ()
        changes = compare_paragraphs(self._text(slot, before), self._text(slot, after))
        return changes if any(change.kind != "same" for change in changes) else ()

    def _text(self, slot: Slot, fields: Mapping[str, Any]) -> str:
        return field_text(slot, fields.get(slot.key, ""), self._reference.references)

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")
