"""投稿入口: three doors to a draft: a file, pasted text, or an empty form."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.bootstrap.office_files import file_reader
from kb.domain.accounts import Right, require
from kb.errors import AskedWrongly, UnreadableFile
from kb.services.ask_for_case import level_of_unit
from kb.services.receive_file import MOST_BYTES, Received, keep_received, receive_file, receive_text
from kb.services.wanted_records import ListedWanted
from kb.web.acting import actor, desk
from kb.web.reading import library, reading
from kb.web.writing import writing

blueprint = Blueprint("submit", __name__, url_prefix="/submit")
BODY_LIMITS = {"submit.upload": MOST_BYTES + 500_000, "submit.paste": 500_000}


@blueprint.get("")
def show() -> str:
    return _page()


@blueprint.post("/blank")
def fill_in() -> ResponseReturnValue:
    """在线填写: a draft with nothing in it but who writes it, and the problem type of a call for cases."""
    problem = reading().reference.references.taxonomy.find_problem(request.form.get("problem", ""))
    with writing() as writer:
        draft = writer.start(actor(), {"problem": problem.id} if problem else None)
    return redirect(url_for("drafts.show_one", number=draft.number), code=303)


@blueprint.post("/upload")
def upload() -> ResponseReturnValue:
    """上传 Word: what was recognised is then looked over."""
    require(actor(), Right.WRITE)
    sent = request.files.get("file")
    name, data = (sent.filename or "", sent.read()) if sent else ("", b"")
    template = reading().reference.case_template
    try:
        if not name:
            raise AskedWrongly("还没有选文件。", advice="选一份 .docx、.txt 或 .md 再上传。")
        if name.lower().endswith(".zip"):
            raise AskedWrongly("这是压缩包，不是一份稿子。", advice="很多份稿子到“批量投稿”页上传。")
        received = receive_file(actor(), name, data, file_reader(template), template, desk().uploads)
    except (AskedWrongly, UnreadableFile) as refusal:
        return make_response(_page(refusal=refusal, door="upload"), 400)
    return _keep(received)


@blueprint.post("/paste")
def paste() -> ResponseReturnValue:
    """直接粘贴: read as a text file is."""
    require(actor(), Right.WRITE)
    text = request.form.get("text", "")
    template = reading().reference.case_template
    try:
        received = receive_text(actor(), text, file_reader(template), template, desk().uploads)
    except (AskedWrongly, UnreadableFile) as refusal:
        return make_response(_page(refusal=refusal, door="paste", text=text), 400)
    return _keep(received)


def _keep(received: Received) -> ResponseReturnValue:
    with writing() as writer:
        draft = keep_received(writer, actor(), received)
    return redirect(url_for("drafts.check_import", number=draft.number), code=303)


def _called_for() -> tuple[ListedWanted, ...]:
    """Wanted problems the writer's unit could write about; none for those who do not write."""
    if not actor().may(Right.WRITE):
        return ()
    with library().asking.wanting() as wanting:
        return wanting.call_for_cases(actor(), level_of_unit(actor().unit, reading().reference))


def _page(refusal: AskedWrongly | UnreadableFile | None = None, door: str = "", text: str = "") -> str:
    return render_template(
        "submit/show.html",
        may_write=actor().may(Right.WRITE),
        called=_called_for(),
        taxonomy=reading().reference.references.taxonomy,
        actor=actor(),
        refusal=refusal,
        door=door,
        text=text,
        most_megabytes=MOST_BYTES // 1_000_000,
    )
