"""Files of a draft: the original and attachments, handed out by right."""

from urllib.parse import quote

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.bootstrap.office_files import file_reader
from kb.errors import AskedWrongly, Forbidden, NotFound, UnreadableFile
from kb.services.attach_file import MOST_FILES, attach, detach, hand_out, open_to_attach
from kb.services.receive_file import BESIDE, MOST_BYTES, PICTURE, check_attachment, keep_bytes
from kb.services.submissions import FILE_KINDS, SHOWN_KINDS, Attachment
from kb.web.acting import actor, desk
from kb.web.drafts.pages import blueprint
from kb.web.failures import status_of
from kb.web.writing import looking, writing

UPLOAD_LIMITS = {"drafts.add_file": MOST_BYTES + 500_000}


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
    try:
        with looking() as writer:
            open_to_attach(actor(), number, writer)
        kept = keep_bytes(check_attachment(name, data, file_reader()), BESIDE, desk().uploads)
        with writing() as writer:
            attach(actor(), number, writer, **kept._asdict())
    except (Forbidden, NotFound):
        raise
    except (AskedWrongly, UnreadableFile) as refusal:
        status = 400 if isinstance(refusal, UnreadableFile) else status_of(refusal)
        return make_response(_files_page(number, refusal), status)
    return redirect(url_for("drafts.show_files", number=number), code=303)


@blueprint.get("/<int:number>/files")
def show_files(number: int) -> str:
    return _files_page(number)


@blueprint.post("/<int:number>/files/<int:file>/remove")
def remove_file(number: int, file: int) -> ResponseReturnValue:
    with writing() as writer:
        detach(actor(), number, file, writer, desk().uploads.renew)
    return redirect(url_for("drafts.show_files", number=number), code=303)


def _files_page(number: int, refusal: AskedWrongly | UnreadableFile | None = None) -> str:
    with looking() as writer:
        draft = writer.open(actor(), number)
        files = writer.files(actor(), number)
        is_mine = writer.can_change(actor(), draft)
    return render_template(
        "drafts/files.html",
        draft=draft,
        files=[file for file in files if file.kind in SHOWN_KINDS],
        kinds=FILE_KINDS,
        is_mine=is_mine,
        refusal=refusal,
        is_full=len(files) >= MOST_FILES,
        most_files=MOST_FILES,
        most_megabytes=MOST_BYTES // 1_000_000,
    )


def _handed_out(found: Attachment, data: bytes) -> Response:
    response = Response(data, mimetype=found.media_type)
    how = "inline" if found.kind == PICTURE and found.media_type.startswith("image/") else "attachment"
    response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(found.name)}"
    return response
