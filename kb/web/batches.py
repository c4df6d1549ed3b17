"""批量投稿: a zip of files is sent in, read while its page tells how far, and the report on each file stays."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.errors import AskedWrongly, KbError, NotReady, UnreadableFile
from kb.services.submit_batch import MOST_FILES, list_batches
from kb.web.acting import actor, source
from kb.web.failures import status_of
from kb.web.reading import library

blueprint = Blueprint("batches", __name__, url_prefix="/batches")
MOST_BYTES = 60_000_000
"""Of one zip; what it unpacks to has a bound of its own."""
BODY_LIMITS = {"batches.send": MOST_BYTES + 500_000}


@blueprint.get("")
def show() -> str:
    return _page()


@blueprint.post("")
def send() -> ResponseReturnValue:
    """Keeps the files and begins to read them; its page tells how far it is."""
    require(actor(), Right.WRITE)
    sent = request.files.get("file")
    name = sent.filename or "" if sent else ""
    try:
        if not sent or not name.lower().endswith(".zip"):
            raise AskedWrongly("没有选压缩包。", advice="把 Word 文件打成一个 .zip，选它再上传。")
        number = library().batches.send(actor(), name, sent.read(), source())
    except (AskedWrongly, UnreadableFile, NotReady) as refusal:
        return make_response(_page(refusal), status_of(refusal))
    return redirect(url_for("batches.show_one", number=number), code=303)


@blueprint.get("/<int:number>")
def show_one(number: int) -> str:
    """How far it is, then the report."""
    standing = library().batches.look(actor(), number)
    return render_template("batches/one.html", batch=standing.batch, standing=standing)


@blueprint.post("/<int:number>/read")
def read_again(number: int) -> ResponseReturnValue:
    """Goes on with a batch that a stop of the server cut off."""
    library().batches.read_again(actor(), number, source())
    return redirect(url_for("batches.show_one", number=number), code=303)


def _page(refusal: KbError | None = None) -> str:
    with library().batches.store() as store:
        batches = list_batches(actor(), store)
    return render_template(
        "batches/show.html",
        batches=batches,
        refusal=refusal,
        most_files=MOST_FILES,
        most_megabytes=MOST_BYTES // 1_000_000,
    )
