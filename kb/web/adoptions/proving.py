"""凭据文件 of an adoption: attached by its unit, handed out to those who may look at them."""

from urllib.parse import quote

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kb.bootstrap.office_files import file_reader
from kb.errors import AskedWrongly, Forbidden, NotFound, UnreadableFile
from kb.services.receive_file import BESIDE, MOST_BYTES, check_attachment, keep_bytes
from kb.web.acting import actor, desk
from kb.web.adoptions.lists import blueprint
from kb.web.adoptions.reporting import render_one
from kb.web.failures import status_of
from kb.web.promoting import promoting

LIMITS = {"adoptions.attach_proof": MOST_BYTES + 500_000}


@blueprint.post("/<int:number>/files")
def attach_proof(number: int) -> ResponseReturnValue:
    """The file is looked at and its bytes kept before the transaction that notes it; what has no room is not kept."""
    try:
        with promoting() as work:
            work.proving.open_to_attach(actor(), number)
        sent = request.files.get("file")
        name, data = (sent.filename or "", sent.read()) if sent else ("", b"")
        checked = check_attachment(name, data, file_reader())
        with promoting() as work:
            work.proving.check_room(actor(), number, len(checked.data), checked.sha256)
        kept = keep_bytes(checked, BESIDE, desk().uploads)
        with promoting(writes=True) as work:
            work.proving.attach(actor(), number, kept)
    except (Forbidden, NotFound):
        raise
    except UnreadableFile as error:
        return render_one(number, fault=AskedWrongly(error.message, advice=error.advice)), 400
    except AskedWrongly as error:
        return render_one(number, fault=error), status_of(error)
    flash(f"附上了“{kept.name}”。")
    return redirect(url_for("adoptions.show_one", number=number, _anchor="proofs"), code=303)


@blueprint.get("/<int:number>/files/<int:file>")
def download_proof(number: int, file: int) -> Response:
    """The bytes as they were kept, never shown within a page."""
    with promoting(writes=True) as work:
        found = work.proving.hand_out(actor(), number, file)
    response = Response(desk().uploads.get(found.sha256), mimetype=found.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return response


@blueprint.post("/<int:number>/files/<int:file>/remove")
def remove_proof(number: int, file: int) -> ResponseReturnValue:
    try:
        with promoting(writes=True) as work:
            work.proving.remove(actor(), number, file)
    except (Forbidden, NotFound):
        raise
    except AskedWrongly as error:
        return render_one(number, fault=error), status_of(error)
    flash("去掉了，确认的单位不再看到；本单位和推广的人还能打开。")
    return redirect(url_for("adoptions.show_one", number=number, _anchor="proofs"), code=303)
