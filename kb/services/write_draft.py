"""投稿: a draft is begun and saved by one or several people; nothing anybody wrote is lost."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.domain.drafting import piece_id, places_for, put_piece, tidy
from kb.domain.merging import Merged, changed_fields, merge
from kb.domain.named_ids import settle_ids
from kb.domain.submission import Submission, may_edit, may_see
from kb.domain.template import Template
from kb.domain.workflow import Stage
from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound
from kb.services.assess_draft import Assessment, assess_draft
from kb.services.find_twin_drafts import TwinDraft, find_twin_drafts
from kb.services.keep_audit import AuditTrail
from kb.services.ports import ReferenceData
from kb.services.submissions import Attachment, Handover, ListedSubmission, SavedVersion, SubmissionStore, Writer

PRESENT = timedelta(minutes=2)
"""Somebody seen this long ago counts as still writing."""


class EditConflict(Conflict):
    """Both changed the same fields. Nothing was kept; `base`, `theirs` and `merged` are there to choose from."""

    def __init__(self, base: SavedVersion | None, theirs: Submission, by_name: str, merged: Merged) -> None:
        who = by_name or "另一个人"
        super().__init__(f"{who}也改了你改的地方。", advice="对照两边的写法，逐项选定后再保存。")
        self.base = base
        self.theirs = theirs
        self.by_name = by_name
        self.merged = merged


class Saved(NamedTuple):
    """The newest version; `joined` are the fields somebody else had changed meanwhile, `by_name` who did."""

    submission: Submission
    joined: tuple[str, ...] = ()
    by_name: str = ""


class DraftWriter:
    """What a writer does with the words of drafts. The caller commits; each change is one task with a session of its own."""

    def __init__(
        self,
        store: SubmissionStore,
        trail: AuditTrail,
        reference: ReferenceData,
        *,
        now: Callable[[], datetime],
        today: Callable[[], date],
    ) -> None:
        self._store = store
        self._trail = trail
        self._reference = reference
        self._template = reference.case_template
        self._now = now
        self._today = today

    @property
    def store(self) -> SubmissionStore:
        """For the tasks on a draft that have a module of their own."""
        return self._store

    def start(self, actor: Actor, fields: Mapping[str, Any] | None = None, tray: Sequence[str] = ()) -> Submission:
        """A new draft of this actor; its unit and way of writing are filled in where they are known."""
        require(actor, Right.WRITE)
        at = self.at()
        draft = Submission(
            number=0,
            record_id="",
            owner=actor.number,
            unit=actor.unit,
            stage=Stage.DRAFT,
            version=1,
            fields={**self._known(actor), **self._settled(fields or {})},
            tray=tuple(text.strip() for text in tray if text.strip()),
            made_at=at,
            changed_at=at,
        )
        kept = self._store.create(draft)
        self.note(actor, Deed.DRAFT_STARTED, kept.number)
        return kept

    def _settled(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        references = self._reference.references
        return settle_ids(self._template, tidy(self._template, fields), references.taxonomy, references.titles)

    def _known(self, actor: Actor) -> dict[str, Any]:
        unit = self._reference.references.taxonomy.units.get(actor.unit)
        known = {"origin": self._template["origin"].label_of("own")}
        return {**known, "unit": unit.label, "level": unit.level} if unit else known

    def open(self, actor: Actor, number: int) -> Submission:
        """Raises NotFound also for what the actor may not know of; a guest has to sign in first, whatever is there."""
        return self._seen(actor, self._store.find(number))

    def open_to_change(self, actor: Actor, number: int) -> Submission:
        """Raises Forbidden when it cannot be changed now."""
        return self._changeable(actor, number)

    def can_change(self, actor: Actor, draft: Submission) -> bool:
        return may_edit(actor, draft)

    def notes(self, actor: Actor, number: int) -> Mapping[str, str]:
        """What the reviewer wants mended, by field, of a returned draft; "" names the whole."""
        draft = self.open(actor, number)
        return self._store.last_notes(number) if draft.stage is Stage.RETURNED else {}

    def notes_on(self, listed: Sequence[ListedSubmission]) -> Mapping[int, Mapping[str, str]]:
        """The same of every returned one of `drafts_of`, by number."""
        returned = [one.submission.number for one in listed if one.submission.stage is Stage.RETURNED]
        return self._store.notes_of(returned) if returned else {}

    def files(self, actor: Actor, number: int) -> Sequence[Attachment]:
        self.open(actor, number)
        return self._store.attachments(number)

    def drafts_of(self, actor: Actor) -> Sequence[ListedSubmission]:
        """The actor's own and the unit's, last changed first."""
        require(actor, Right.WRITE)
        return self._store.of_writer(actor.number, actor.unit)

    def handovers(self, actor: Actor) -> Mapping[int, Handover]:
        """By submission, how it came to this actor, of those that somebody else had begun."""
        return self._store.handovers_to(actor.number)

    def versions(self, actor: Actor, number: int) -> Sequence[SavedVersion]:
        self.open(actor, number)
        return self._store.versions(number)

    def save(
        self,
        actor: Actor,
        number: int,
        base_version: int,
        fields: Mapping[str, Any],
        *,
        as_saved: Collection[str] = (),
        is_alone: bool = False,
        placed: Collection[str] = (),
    ) -> Saved:
        """Keeps what was written on top of `base_version`, joined with what others saved since.

        In the fields `as_saved` that version itself stands. `is_alone`: joins nothing, for a page that would go on
        showing what it had. Pieces of the tray that are `placed` (by id) stand in the fields now. Raises EditConflict where both changed one field (alone: where anything was changed),
        Forbidden when it is no longer theirs to change.
        """
        current = self._changeable(actor, number)
        base = self._store.version(number, base_version)
        saved = {key: base.fields.get(key, "") if base else "" for key in as_saved}
        whole = self._settled({**_unwritten(current, self._template), **fields, **saved})
        tray = [text for text in current.tray if piece_id(text) not in placed]
        if current.version == base_version:
            return Saved(self._keep(actor, current, whole, tray))
        latest = self._store.version(number, current.version)
        by_name = latest.by_name if latest else ""
        # All three written one way: versions from before dates and names were settled hold them as they were typed.
        merged = merge(self._settled(base.fields if base else {}), whole, self._settled(current.fields))
        if merged.disputed or is_alone:
            raise EditConflict(base, current, by_name, merged)
        return Saved(self._keep(actor, current, merged.fields, tray), merged.theirs, by_name)

    def _keep(self, actor: Actor, current: Submission, fields: Mapping[str, Any], tray: Any = None) -> Submission:
        tray = current.tray if tray is None else tuple(tray)
        if not changed_fields(current.fields, fields) and tray == current.tray:
            return current
        return self._store.save(replace(current, fields=dict(fields), tray=tray, changed_at=self.at()), by=actor.number)

    def place(self, actor: Actor, number: int, piece: str, path: str) -> Submission:
        """Takes a piece (by its id) out of the tray and adds it to a field; `path` "" drops it."""
        current = self._changeable(actor, number)
        text = next((text for text in current.tray if piece_id(text) == piece), None)
        if text is None:
            raise Conflict("这一段已经不在待放区里。", advice="可能刚被放进了某一项；刷新后再看。")
        if path and path not in places_for(self._template):
            raise AskedWrongly("没有选放到哪一项。", advice="先在这一段旁边选一项，再按“放进去”。")
        fields = put_piece(self._template, current.fields, path, text) if path else current.fields
        left = list(current.tray)
        left.remove(text)
        return self._keep(actor, current, fields, left)

    def empty_tray(self, actor: Actor, number: int) -> Submission:
        """Drops what is left in the tray; it stays in the earlier versions and in the original."""
        current = self._changeable(actor, number)
        return self._keep(actor, current, current.fields, ())

    def restore(self, actor: Actor, number: int, version: int) -> Submission:
        """Makes an older version the newest; what stood there meanwhile stays among the versions."""
        current = self._changeable(actor, number)
        wanted = self._store.version(number, version)
        if wanted is None:
            raise NotFound("没有这一版。", advice="从“历次保存”里选。")
        return self._keep(actor, current, wanted.fields, wanted.tray)

    def assess(self, fields: Mapping[str, Any]) -> Assessment:
        return assess_draft(fields, self._reference, today=self._today())

    def twins(self, actor: Actor, draft: Submission, fields: Mapping[str, Any] | None = None) -> tuple[TwinDraft, ...]:
        """Other submissions the actor may see that say nearly the same as the draft, or as these fields of it."""
        shown = draft.fields if fields is None else fields
        return find_twin_drafts(actor, draft, shown, self.store, self._template)

    def arrive(self, actor: Actor, number: int) -> Sequence[Writer]:
        """Notes that the actor is writing here; returns who else is."""
        submission = self.open(actor, number)
        if not may_edit(actor, submission):
            return ()
        self._store.note_writer(number, actor.number, at=self.at())
        since = _text_of(self._now() - PRESENT)
        return [writer for writer in self._store.writers(number, since=since) if writer.account != actor.number]

    def _changeable(self, actor: Actor, number: int) -> Submission:
        current = self._seen(actor, self._store.find(number))
        if not may_edit(actor, current):
            require(actor, Right.WRITE)
            raise Forbidden("这份稿件现在不能改。", advice="已送审的先撤回；不是你或本单位的，请写稿人改。")
        return current

    def _seen(self, actor: Actor, submission: Submission | None) -> Submission:
        if actor.is_guest:
            require(actor, Right.WRITE)
        if submission is None or not may_see(actor, submission):
            raise NotFound("没有这份稿件。", advice="从“我的稿件”里打开。")
        return submission

    def note(self, actor: Actor, kind: Deed, number: int, detail: str = "") -> None:
        """What was done to a draft, for the audit trail."""
        self._trail.note(actor, kind, f"submission:{number}", Outcome.DONE, detail)

    def at(self) -> str:
        """Now, UTC in ISO form."""
        return _text_of(self._now())


def _text_of(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _unwritten(current: Submission, template: Template) -> dict[str, Any]:
    """What no form asks for stays as it is: automatic fields, and keys of another template version."""
    known = set(template.keys)
    automatic = {"id", "status", "review_by"}
    return {key: value for key, value in current.fields.items() if key not in known or key in automatic}
