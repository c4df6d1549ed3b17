"""投稿: a draft is begun, saved by one or several people, submitted and withdrawn; nothing anybody wrote is lost."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from kb.domain.accounts import Actor, Right, require
from kb.domain.case import Case
from kb.domain.drafting import piece_id, places_for, put_piece, tidy
from kb.domain.finding import Finding
from kb.domain.merging import Merged, changed_fields, merge
from kb.domain.submission import Submission, may_edit, may_see
from kb.domain.template import Template
from kb.domain.workflow import Stage, move
from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound
from kb.services.build_records import judge_draft
from kb.services.check_wording import Concern, check_wording
from kb.services.keep_audit import AuditTrail
from kb.services.ports import ReferenceData
from kb.services.submissions import Attachment, ListedSubmission, RoundState, SavedVersion, SubmissionStore, Writer

MOST_FILES = 60
FILE_KINDS = {"original": "原稿", "picture": "原稿里的图片", "attachment": "附件"}
"""What a file of a draft is called; how a draft was read from its file is kept beside these and is nobody's file."""
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


class Assessment(NamedTuple):
    """What stands between a draft and its being submitted; `case` is what it would be."""

    case: Case
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    concerns: tuple[Concern, ...]

    @property
    def must_be_answered(self) -> tuple[Concern, ...]:
        return tuple(concern for concern in self.concerns if concern.is_red)


class Pledge(NamedTuple):
    """What the submitter ticks: nothing secret in it; flagged places looked at and kept, for this reason."""

    is_not_secret: bool = False
    keeps_flagged: bool = False
    reason: str = ""


class DraftWriter:
    """Everything a writer does with drafts. The caller commits; each change is one task with a session of its own."""

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

    def start(self, actor: Actor, fields: Mapping[str, Any] | None = None, tray: Sequence[str] = ()) -> Submission:
        """A new draft of this actor; its unit and way of writing are filled in where they are known."""
        require(actor, Right.WRITE)
        at = self._at()
        draft = Submission(
            number=0,
            record_id="",
            owner=actor.number,
            unit=actor.unit,
            stage=Stage.DRAFT,
            version=1,
            fields={**self._known(actor), **tidy(self._template, fields or {})},
            tray=tuple(text.strip() for text in tray if text.strip()),
            made_at=at,
            changed_at=at,
        )
        kept = self._store.create(draft)
        self._note(actor, "新建稿件", kept)
        return kept

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

    def files(self, actor: Actor, number: int) -> Sequence[Attachment]:
        self.open(actor, number)
        return self._store.attachments(number)

    def file(self, actor: Actor, number: int, file: int) -> Attachment:
        """One of the draft's files; raises NotFound also for those of drafts the actor may not know of."""
        found = next((one for one in self.files(actor, number) if one.number == file), None)
        if found is None:
            raise NotFound("没有这个文件。", advice="从稿件页里打开。")
        return found

    def attach(
        self, actor: Actor, number: int, *, name: str, kind: str, media_type: str, size: int, sha256: str
    ) -> Attachment:
        """Notes a file whose bytes are kept."""
        self._changeable(actor, number)
        if len(self._store.attachments(number)) >= MOST_FILES:
            raise AskedWrongly(f"一份稿件最多带 {MOST_FILES} 个文件。", advice="先去掉不用的附件。")
        kept = self._store.attach(Attachment(0, number, name, kind, media_type, size, sha256, self._at(), actor.number))
        if kind in FILE_KINDS:
            detail = f"{FILE_KINDS[kind]}；{name}；SHA-256 {sha256}"
            self._trail.note(actor, "加文件", f"稿件 {number}", "成功", detail)
        return kept

    def detach(self, actor: Actor, number: int, file: int) -> None:
        """Takes an attachment away; the original stays."""
        self._changeable(actor, number)
        found = self.file(actor, number, file)
        if found.kind not in ("attachment", "picture"):
            raise AskedWrongly("原稿要留着，不能去掉。", advice="只有附件和图片可以去掉。")
        self._store.detach(file)
        self._trail.note(actor, "去掉文件", f"稿件 {number}", "成功", found.name)

    def note_download(self, actor: Actor, number: int, file: int) -> Attachment:
        """A file that is about to be handed out; that it was is noted."""
        found = self.file(actor, number, file)
        self._trail.note(actor, "下载文件", f"稿件 {number}", "成功", found.name)
        return found

    def drafts_of(self, actor: Actor) -> Sequence[ListedSubmission]:
        """The actor's own and the unit's, last changed first."""
        require(actor, Right.WRITE)
        return self._store.of_writer(actor.number, actor.unit)

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
        whole = tidy(self._template, {**_unwritten(current, self._template), **fields, **saved})
        tray = [text for text in current.tray if piece_id(text) not in placed]
        if current.version == base_version:
            return Saved(self._keep(actor, current, whole, tray))
        latest = self._store.version(number, current.version)
        by_name = latest.by_name if latest else ""
        merged = merge(base.fields if base else {}, whole, current.fields)
        if merged.disputed or is_alone:
            raise EditConflict(base, current, by_name, merged)
        return Saved(self._keep(actor, current, merged.fields, tray), merged.theirs, by_name)

    def _keep(self, actor: Actor, current: Submission, fields: Mapping[str, Any], tray: Any = None) -> Submission:
        tray = current.tray if tray is None else tuple(tray)
        if not changed_fields(current.fields, fields) and tray == current.tray:
            return current
        return self._store.save(
            replace(current, fields=dict(fields), tray=tray, changed_at=self._at()), by=actor.number
        )

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
        """Faults that stop it, reminders, and what points at persons or is flagged."""
        case, findings = judge_draft(fields, self._reference, today=self._today())
        concerns = check_wording(self._template, fields, self._reference.flagged_wording, today=self._today())
        errors = tuple(finding for finding in findings if finding.is_error)
        return Assessment(case, errors, tuple(finding for finding in findings if not finding.is_error), concerns)

    def submit(self, actor: Actor, number: int, version: int, pledge: Pledge) -> Submission:
        """送审: the version the actor has seen. Raises AskedWrongly with what is still to do, Conflict for another one."""
        current = self._changeable(actor, number)
        if current.version != version:
            raise Conflict("这份稿件刚才又有改动，没有送审。", advice="看过最新的内容再送审。")
        assessment = self.assess(current.fields)
        kept = assessment.must_be_answered
        if not assessment.errors:
            _check_pledge(pledge, kept)
        stage = move(current.stage, Stage.SUBMITTED, has_errors=bool(assessment.errors))
        moved = self._store.move(current, stage, at=self._at())
        self._store.open_round(moved, at=moved.changed_at, by=actor.number)
        self._note(actor, "送审", moved, f"第 {version} 版；已声明不涉密")
        if kept:
            kinds = "、".join(dict.fromkeys(concern.kind for concern in kept))
            self._note(actor, "保留标出处", moved, f"{len(kept)} 处（{kinds}）；理由：{pledge.reason.strip()[:200]}")
        return moved

    def withdraw(self, actor: Actor, number: int) -> Submission:
        """Back to a draft, while no step has been passed."""
        current = self._seen(actor, self._store.find(number))
        if not may_edit(actor, replace(current, stage=Stage.DRAFT)):
            raise Forbidden("这份稿件不是你的，不能撤回。", advice="请写稿人自己撤回。")
        if current.stage is not Stage.SUBMITTED:
            raise AskedWrongly("只有正在送审的稿件可以撤回。", advice="已经审过的，请审核人退回。")
        moved = self._store.move(current, move(current.stage, Stage.DRAFT, has_errors=False), at=self._at())
        self._store.end_round(number, RoundState.WITHDRAWN)
        self._note(actor, "撤回", moved)
        return moved

    def arrive(self, actor: Actor, number: int) -> Sequence[Writer]:
        """Notes that the actor is writing here; returns who else is."""
        submission = self.open(actor, number)
        if not may_edit(actor, submission):
            return ()
        self._store.note_writer(number, actor.number, at=self._at())
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

    def _note(self, actor: Actor, kind: str, submission: Submission, detail: str = "") -> None:
        self._trail.note(actor, kind, f"稿件 {submission.number}", "成功", detail)

    def _at(self) -> str:
        return _text_of(self._now())


def _text_of(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _unwritten(current: Submission, template: Template) -> dict[str, Any]:
    """What no form asks for stays as it is: automatic fields, and keys of another template version."""
    known = set(template.keys)
    automatic = {"id", "status", "review_by"}
    return {key: value for key, value in current.fields.items() if key not in known or key in automatic}


def _check_pledge(pledge: Pledge, kept: Sequence[Concern]) -> None:
    if not pledge.is_not_secret:
        raise AskedWrongly("还没有声明内容不涉密。", advice="涉密内容一律不得进入本库；确认没有后勾选再送审。")
    if kept and not (pledge.keeps_flagged and pledge.reason.strip()):
        raise AskedWrongly(
            f"还有 {len(kept)} 处个人信息或错敏词没有处理。", advice="逐处改掉；确实要保留的，勾选并写明理由。"
        )
