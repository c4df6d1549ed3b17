"""Files of a draft: the original and attachments, handed out by right; 导入核对 after an upload."""

from urllib.parse import quote

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.bootstrap.office_files import file_reader
from kb.errors import AskedWrongly, UnreadableFile
from kb.services.attach_file import attach, detach, hand_out
from kb.services.compare_draft import find_duplicates
from kb.services.receive_file import BESIDE, MOST_BYTES, PICTURE, check_attachment, how_read, keep_bytes
from kb.services.submissions import Attachment
from kb.web.acting import actor, desk
from kb.web.drafts.in_words import in_words
from kb.web.drafts.pages import blueprint
from kb.web.drafts.sheet import Piece, case_of, to_do
from kb.web.reading import reading
from kb.web.writing import looking, writing

UPLOAD_LIMITS = {"drafts.add_file": MOST_BYTES + 500_000}


@blueprint.get("/<int:number>/import")
def check_import(number: int) -> str:
    """What was recognised, how surely and by what; what is still to do, and what found no field."""
    now = reading()
    template = now.reference.case_template
    with looking() as writer:
        draft = writer.open_to_change(actor(), number)
        files = writer.files(actor(), number)
        assessment = writer.assess(draft.fields)
        twins = writer.twins(actor(), draft)
    read = how_read(files, desk().uploads)
    if read is None:
        raise AskedWrongly("这份稿件不是导入的。", advice="直接写就行。")
    lines = [
        (slot, *read.confidences[slot.key], in_words(slot, draft.fields[slot.key]))
        for slot in template.slots
        if slot.key in read.confidences and slot.key in draft.fields
    ]
    return render_template(
        "drafts/import.html",
        draft=draft,
        twins=twins,
        duplicates=find_duplicates(case_of(draft, assessment), now.catalogue, now.similar),
        lines=lines,
        to_do=to_do(template, draft.fields, assessment),
        pieces=[Piece("", text) for text in draft.tray],
        remarks=read.remarks,
        pictures=[file for file in files if file.kind == PICTURE],
        original=next((file for file in files if file.kind == "original"), None),
        assessment=assessment,
    )


@blueprint.get("/<int:number>/files/<int:file>")
def download(number: int, file: int) -> Response:
    """The bytes as they were kept; pictures, which we made ourselves, may be shown in a page."""
    with writing() as writer:
        found = hand_out(actor(), number, file, writer)
    return _handed_out(found, desk().uploads.get(found.sha256))


@blueprint.post("/<int:number>/files")
def add_file(number: int) -> ResponseReturnValue:
    sent = request.files.get("file")
    name, data = (sent.filename or "", sent.read()) if sent else ("", b"")
    with looking() as writer:
        writer.open_to_change(actor(), number)
    try:
        kept = keep_bytes(check_attachment(name, data, file_reader()), BESIDE, desk().uploads)
    except (AskedWrongly, UnreadableFile) as refusal:
        return make_response(_files_page(number, refusal), 400)
    with writing() as writer:
        attach(actor(), number, writer, **kept._asdict())
    return redirect(url_for("drafts.show_files", number=number), code=303)


@blueprint.get("/<int:number>/files")
def show_files(number: int) -> str:
    return _files_page(number)


@blueprint.post("/<int:number>/files/<int:file>/remove")
def remove_file(number: int, file: int) -> ResponseReturnValue:
    with writing() as writer:
        detach(actor(), number, file, writer)
    return redirect(url_for("drafts.show_files", number=number), code=303)


def _files_page(number: int, refusal: AskedWrongly | UnreadableFile | None = None) -> str:
    with looking() as writer:
        draft = writer.open(actor(), number)
        files = writer.files(actor(), number)
        is_mine = writer.can_change(actor(), draft)
    return render_template(
        "drafts/files.html",
        draft=draft,
        files=[file for file in files if file.kind != "reading"],
        is_mine=is_mine,
        refusal=refusal,
        most_megabytes=MOST_BYTES // 1_000_000,
    )


def _handed_out(found: Attachment, data: bytes) -> Response:
    response = Response(data, mimetype=found.media_type)
    how = "inline" if found.kind == PICTURE and found.media_type.startswith("image/") else "attachment"
    response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(found.name)}"
    return response
