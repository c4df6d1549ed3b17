"""A piece written out: a preview, files to save, rich text for the editor of a 公众号."""

from base64 import b64encode

from flask import Response, render_template

from kb.bootstrap.office_files import faces_note, rich_text
from kb.errors import KbError, NotFound
from kb.web.files import document_file, preview_of, sheet_file, wanted_faces
from kb.web.headers import allow_style_attributes
from kb.web.pieces.pages import blueprint, composed

DOCUMENTS, SHEETS = ("docx", "pdf", "md"), ("xlsx", "csv")


@blueprint.get("/<int:number>.<form>")
def download(number: int, form: str) -> Response:
    found = composed(number)
    if form in DOCUMENTS:
        return document_file(found.document(), form, layout=found.piece.kind.value)
    if form in SHEETS:
        return sheet_file(found.sheet(), form)
    raise NotFound("没有这种格式。", advice="在稿子的页面上选一种格式下载。")


@blueprint.get("/<int:number>/preview")
def preview(number: int) -> str:
    """Pictures of the pages as they are printed; where there can be none, the text and why."""
    found = composed(number)
    pages: tuple[bytes, ...] = ()
    fault = None
    try:
        pages = preview_of(found.document())
    except KbError as error:
        fault = error
    return render_template(
        "pieces/preview.html",
        piece=found.piece,
        waiting=found.waiting,
        pages=[b64encode(page).decode() for page in pages],
        note=faces_note(wanted_faces()) if pages else "",
        fault=fault,
        rich=rich_text(found.document()),
    )


@blueprint.get("/<int:number>/rich")
def show_rich(number: int) -> str:
    """Selectable as it is; a button copies it where the browser lets one."""
    found = composed(number)
    allow_style_attributes()
    return render_template(
        "pieces/rich.html", piece=found.piece, rich=rich_text(found.document()), waiting=found.waiting
    )
