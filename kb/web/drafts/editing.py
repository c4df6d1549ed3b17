"""The form of a draft: opened, saved, saved by itself; two people who changed one field choose."""

from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.drafting import tidy
from kb.domain.submission import Submission, may_edit
from kb.errors import AskedWrongly, Conflict
from kb.services.write_draft import EditConflict, Saved
from kb.web.acting import actor
from kb.web.drafts.pages import blueprint
from kb.web.drafts.posted import move_row, read_posted
from kb.web.drafts.sheet import DraftSheet, build_sheet
from kb.web.reading import reading
from kb.web.wording import moment_in_words
from kb.web.writing import looking, writing

MAX_FORM = 500_000
"""Bytes of a posted draft, nine to a Chinese character: some fifty thousand characters."""
_ANCHORS = {"place": "tray", "drop": "tray", "empty": "to-do"}
"""Where on the form one stands after a deed that is about no field."""
LIMITS = {"drafts.save": MAX_FORM, "drafts.autosave": MAX_FORM}


@blueprint.get("/<int:number>")
def show_one(number: int) -> ResponseReturnValue:
    """The form while it is the reader's to change, else how it looks."""
    with looking() as writer:
        draft = writer.open(actor(), number)
    if not may_edit(actor(), draft):
        return redirect(url_for("drafts.preview", number=number), code=303)
    with writing() as writer:
        others = writer.arrive(actor(), number)
    sheet = _sheet(draft, draft.fields, others=others, more=request.args.get("more", ""))
    return _page(sheet, saved=request.args.get("saved", ""), joined=request.args.get("joined", ""))


@blueprint.post("/<int:number>")
def save(number: int) -> ResponseReturnValue:
    """Keeps the form, does with it what the pressed button says, and goes on where that leads."""
    template = reading().reference.case_template
    deed, _, path = request.form.get("do", "save").partition(":")
    fields = tidy(template, read_posted(template, request.form))
    if deed in ("up", "remove"):
        fields = move_row(fields, deed, path)
    try:
        with writing() as writer:
            saved = writer.save(actor(), number, posted_version(), _with_blanks(fields), as_saved=_chosen_theirs())
            if deed == "empty":
                writer.empty_tray(actor(), number)
            elif deed in ("place", "drop"):
                target = request.form.get(f"place.{path}", "") if deed == "place" else ""
                if deed == "place" and not target:
                    raise AskedWrongly("没有选放到哪一项。", advice="先在这一段旁边选一项，再按“放进去”。")
                writer.place(actor(), number, path, target)
    except EditConflict as conflict:
        return make_response(show_dispute(conflict), 409)
    return redirect(_next_page(number, deed, path, saved), code=303)


@blueprint.post("/<int:number>/autosave")
def autosave(number: int) -> Response:
    """Keeps the form as it stands, unless somebody else has saved since; tells the page what to show."""
    template = reading().reference.case_template
    fields = _with_blanks(tidy(template, read_posted(template, request.form)))
    try:
        with writing() as writer:
            saved = writer.save(actor(), number, posted_version(), fields, is_alone=True)
            others = writer.arrive(actor(), number)
    except EditConflict as conflict:
        who = conflict.by_name or "另一个人"
        words = f"{who}刚才也保存了这份稿件。你的文字还在本页，按“保存”与对方的合在一起。"
        return make_response(jsonify(message=words), 409)
    except Conflict as conflict:
        return make_response(jsonify(message=f"{conflict.message}{conflict.advice}"), 409)
    draft = saved.submission
    return jsonify(
        version=draft.version, saved=f"已自动保存 {moment_in_words(draft.changed_at)}", others=presence(others)
    )


def presence(others: Any) -> str:
    """Who else is here, as a sentence; "" when nobody is."""
    if not others:
        return ""
    names = "、".join(f"{other.name}（{moment_in_words(other.seen_at)[-5:]}）" for other in others)
    return f"{names}也在改这份稿件。各改各的项会自动合在一起；改了同一项时会请你选。"


def _sheet(draft: Submission, fields: Any, *, others: Any = (), more: str = "", conflict: Any = None) -> DraftSheet:
    with looking() as writer:
        assessment = writer.assess(fields)
        notes, files = writer.notes(actor(), draft.number), writer.files(actor(), draft.number)
        twins = writer.twins(actor(), draft, fields)
    return build_sheet(
        draft, fields, assessment, notes=notes, others=others, files=files, more=more, conflict=conflict, twins=twins
    )


def show_dispute(conflict: EditConflict) -> str:
    """The form with both sides of every field that two people changed."""
    return _page(_sheet(conflict.theirs, conflict.merged.fields, conflict=conflict))


def _page(sheet: DraftSheet, *, saved: str = "", joined: str = "") -> str:
    return render_template(
        "drafts/form.html",
        sheet=sheet,
        draft=sheet.draft,
        saved=saved,
        joined=joined,
        at=moment_in_words,
        presence=presence,
    )


def posted_version() -> int:
    """The version the form was made from; a form cut off on its way, whose last control is missing, would empty fields."""
    text = request.form.get("version", "")
    if "whole" not in request.form or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise AskedWrongly("这份表单不完整，没有保存。", advice="退回上一页，刷新后再试。")
    return int(text)


def _with_blanks(fields: dict[str, Any]) -> dict[str, Any]:
    """Every field of the form, so that one that was emptied is emptied in the draft too."""
    template = reading().reference.case_template
    return {**read_posted(template, type(request.form)()), **fields}


def _chosen_theirs() -> tuple[str, ...]:
    """Fields in which the other's words were chosen."""
    template = reading().reference.case_template
    return tuple(key for key in template.keys if request.form.get(f"take.{key}") == "theirs")


def _next_page(number: int, deed: str, path: str, saved: Saved) -> str:
    template = reading().reference.case_template
    key = path.partition(".")[0]
    anchor = f"field-{key}" if key in template.keys else ""
    if deed in ("preview", "submit"):
        return url_for(f"drafts.{'preview' if deed == 'preview' else 'look_over'}", number=number, _anchor=key or None)
    joined = "、".join(template[key].label for key in saved.joined if key in template.keys)
    return url_for(
        "drafts.show_one",
        number=number,
        saved="1",
        joined=f"{saved.by_name}：{joined}" if joined else None,
        more=key if deed == "more" else None,
        _anchor=_ANCHORS.get(deed, anchor) or None,
    )
