"""文件版式: an office's own Word layouts: to upload, try, replace and remove; administrators only."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.bootstrap.layouts import ChildLayoutFiller, blank_layout, layout_folder
from kb.domain.accounts import Right, require
from kb.domain.office_layout import LAYOUTS, PLACE_FIELDS, TEXT_FIELDS
from kb.errors import AskedWrongly, Forbidden, KbError, NotFound, UnreadableFile
from kb.repository.layout_folder import LayoutFolder
from kb.services.export_case import NamedFile
from kb.services.keep_layouts import check_layout, keep_layout, list_layouts, remove_layout, try_layout
from kb.web.acting import actor, desk, source
from kb.web.files import wanted_faces, word_file
from kb.web.reading import library

blueprint = Blueprint("layouts", __name__, url_prefix="/layouts")
MOST_BYTES = 5_000_000
"""Bytes of a layout: a page with a picture or two."""
BODY_LIMITS = {"layouts.upload": MOST_BYTES + 500_000}


@blueprint.get("")
def show() -> str:
    return _page()


@blueprint.get("/blank.docx")
def download_blank() -> Response:
    """A layout to begin with."""
    require(actor(), Right.KEEP_LAYOUTS)
    return word_file(NamedFile("版式样例.docx", blank_layout(wanted_faces())))


@blueprint.get("/<layout>.docx")
def download(layout: str) -> Response:
    """The layout that is kept."""
    known = {one.id: one for one in list_layouts(actor(), _store())}
    if layout not in known:
        raise NotFound("没有这种文件。", advice="从“文件版式”页进入。")
    return word_file(NamedFile(f"{known[layout].label}版式.docx", _store().get(layout)))


@blueprint.get("/<layout>/trial.docx")
def download_trial(layout: str) -> Response:
    """The kept layout with made-up words in it."""
    data = try_layout(actor(), layout, _store(), ChildLayoutFiller(), wanted_faces())
    return word_file(NamedFile(f"{LAYOUTS[layout]}试填.docx", data))


@blueprint.post("/<layout>")
def upload(layout: str) -> ResponseReturnValue:
    """Keeps a layout that could be filled, in place of the one before."""
    require(actor(), Right.KEEP_LAYOUTS)
    sent = request.files.get("file")
    name, data = (sent.filename or "", sent.read()) if sent else ("", b"")
    try:
        if not data:
            raise AskedWrongly("还没有选文件。", advice="选一份 .docx 再上传。")
        check_layout(actor(), layout, name, data, ChildLayoutFiller(), wanted_faces())
    except (NotFound, Forbidden):
        raise
    except (AskedWrongly, UnreadableFile) as refusal:
        return _page(refusal), 400
    with desk().writing() as session:
        keep_layout(actor(), layout, data, _store(), desk().audit(session, source()))
    flash(f"{LAYOUTS[layout]}的版式已启用，下载试填看看效果。")
    return redirect(url_for("layouts.show"), code=303)


@blueprint.post("/<layout>/remove")
def remove(layout: str) -> ResponseReturnValue:
    """Back to the program's own layout."""
    with desk().writing() as session:
        remove_layout(actor(), layout, _store(), desk().audit(session, source()))
    flash(f"{LAYOUTS[layout]}的版式已删去，改用系统自带的公文版式。")
    return redirect(url_for("layouts.show"), code=303)


def _store() -> LayoutFolder:
    return layout_folder(library().settings)


def _page(refusal: KbError | None = None) -> str:
    layouts = list_layouts(actor(), _store())
    return render_template(
        "layouts/show.html",
        layouts=layouts,
        text_fields=TEXT_FIELDS,
        place_fields=PLACE_FIELDS,
        refusal=refusal,
        most_megabytes=MOST_BYTES // 1_000_000,
    )
