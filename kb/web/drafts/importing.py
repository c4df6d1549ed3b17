"""导入核对: what was recognised in a file, what the program proposes for the rest, and what is still to be written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.case import Case
from kb.domain.drafting import NOTHING, piece_id, tidy
from kb.domain.finding import Finding
from kb.domain.submission import Submission
from kb.domain.template import Need, Slot, Template
from kb.errors import AskedWrongly
from kb.services.compare_draft import find_duplicates, look_around
from kb.services.propose_answers import Proposed, propose_answers
from kb.services.receive_file import ORIGINAL, PICTURE, how_read
from kb.services.receive_file import Reading as HowRead
from kb.services.submissions import Attachment
from kb.services.write_draft import EditConflict
from kb.web.acting import actor, desk
from kb.web.drafts.editing import MAX_FORM, posted_version, show_dispute
from kb.web.drafts.fields import FormField, Remarks, build_fields
from kb.web.drafts.in_words import in_words
from kb.web.drafts.pages import blueprint
from kb.web.drafts.posted import read_posted
from kb.web.drafts.sheet import Piece, build_offers, case_of
from kb.web.reading import reading, today
from kb.web.writing import looking, writing

_HASHES = re.compile(r"^#{1,6}\s+", re.MULTILINE)
LIMITS = {"drafts.accept_import": MAX_FORM}


class Line(NamedTuple):
    """A field that was recognised: how surely, by what, and what it holds, in words."""

    slot: Slot
    confidence: str
    why: str
    words: str


class Asked(NamedTuple):
    """Fields under one heading; `proposed` holds what is proposed for each, by key."""

    id: str
    label: str
    told: str
    fields: tuple[FormField, ...]
    proposed: Mapping[str, Proposed]


@dataclass(frozen=True)
class ImportSheet:
    """The page of 导入核对. `asked` are the blank fields, `faulty` what is wrong with filled ones."""

    draft: Submission
    lines: tuple[Line, ...]
    asked: tuple[Asked, ...]
    faulty: tuple[FormField, ...]
    pieces: tuple[Piece, ...]
    remarks: tuple[str, ...]
    pictures: tuple[Attachment, ...]
    original: Attachment | None
    units: tuple[str, ...]

    def count(self, name: str) -> int:
        return sum(len(asked.fields) for asked in self.asked if asked.id == name)


@blueprint.get("/<int:number>/import")
def check_import(number: int) -> str:
    with looking() as writer:
        draft = writer.open_to_change(actor(), number)
        files = tuple(writer.files(actor(), number))
        read = how_read(files, desk().uploads)
        if read is None:
            raise AskedWrongly("这份稿件不是导入的。", advice="直接写就行。")
        proposed = _propose(draft, writer.assess(draft.fields).case, _original(files))
        filled = {**draft.fields, **{key: answer.value for key, answer in proposed.items()}}
        assessment = writer.assess(filled)
        twins = writer.twins(actor(), draft)
    sheet = _build(draft, files, read, proposed, filled, assessment.errors)
    now = reading()
    duplicates = find_duplicates(case_of(draft, assessment), now.catalogue, now.similar)
    return render_template("drafts/import.html", sheet=sheet, draft=draft, twins=twins, duplicates=duplicates)


@blueprint.post("/<int:number>/import")
def accept_import(number: int) -> ResponseReturnValue:
    """Keeps what the page asked for, proposals that were left standing among it; the other fields stay as they are."""
    template = reading().reference.case_template
    posted = tidy(template, read_posted(template, request.form))
    asked = {key: posted.get(key, "") for key in request.form.getlist("asked") if key in template.keys}
    taken = [request.form.get(f"piece.{key}", "") for key, value in asked.items() if value not in NOTHING]
    with looking() as writer:
        draft = writer.open_to_change(actor(), number)
    try:
        with writing() as writer:
            writer.save(actor(), number, posted_version(), {**draft.fields, **asked}, placed=taken)
    except EditConflict as conflict:
        return make_response(show_dispute(conflict), 409)
    goes_on = request.form.get("do") == "submit"
    return redirect(url_for(f"drafts.{'look_over' if goes_on else 'show_one'}", number=number), code=303)


def _original(files: tuple[Attachment, ...]) -> Attachment | None:
    return next((file for file in files if file.kind == ORIGINAL), None)


def _propose(draft: Submission, case: Case, original: Attachment | None) -> Mapping[str, Proposed]:
    now = reading()
    types = look_around(case, now.catalogue, now.similar, now.proposer).proposals
    name = original.name if original else ""
    return propose_answers(draft.fields, draft.tray, now.reference, types, original=name, today=today())


def _build(
    draft: Submission,
    files: tuple[Attachment, ...],
    read: HowRead,
    proposed: Mapping[str, Proposed],
    filled: Mapping[str, Any],
    errors: tuple[Finding, ...],
) -> ImportSheet:
    """`filled` are the draft's fields with what is proposed for the others; `errors` is what is wrong with them."""
    now = reading()
    template = now.reference.case_template
    offers, remarks = build_offers(now, str(filled.get("problem", ""))), Remarks(errors=errors)
    faulty = {finding.field.partition(".")[0] for finding in errors} & set(draft.fields)
    return ImportSheet(
        draft=draft,
        lines=_lines(template, draft, read),
        asked=tuple(
            Asked(name, label, told, build_fields(template, keys, filled, offers, remarks), proposed)
            for name, label, told, keys in _groups(template, draft, proposed)
        ),
        faulty=build_fields(template, [key for key in template.keys if key in faulty], filled, offers, remarks),
        pieces=tuple(Piece(piece_id(text), text) for text in draft.tray),
        remarks=read.remarks,
        pictures=tuple(file for file in files if file.kind == PICTURE),
        original=_original(files),
        units=tuple(now.reference.references.taxonomy.units),
    )


def _groups(
    template: Template, draft: Submission, proposed: Mapping[str, Proposed]
) -> list[tuple[str, str, str, list[str]]]:
    """Id, label, what to do and keys of the blank fields; the few that only a person can answer come first."""
    blank = [slot for slot in template.slots if draft.fields.get(slot.key, "") in NOTHING]
    write = [slot.key for slot in blank if slot.need is Need.SUBMIT and slot.key not in proposed]
    check = [slot.key for slot in blank if slot.key in proposed]
    later = [slot.key for slot in blank if slot.need is Need.INCLUDE and slot.key not in proposed]
    groups = [
        ("must", f"要你填的 {len(write)} 项", "送审前要有；原稿里没有找到，或者要由你来定。", write),
        ("proposed", f"程序照原文拟的 {len(check)} 项，请核对", "不对的当场改，没有的删去；保存以前都不算数。", check),
        ("later", f"纳入前还要的 {len(later)} 项", "可以先空着送审；现在补上，省得审核时退回来。", later),
    ]
    return [group for group in groups if group[3]]


def _lines(template: Template, draft: Submission, read: HowRead) -> tuple[Line, ...]:
    return tuple(
        Line(slot, *read.confidences[slot.key], _HASHES.sub("", in_words(slot, draft.fields[slot.key])))
        for slot in template.slots
        if slot.key in read.confidences and slot.key in draft.fields
    )
