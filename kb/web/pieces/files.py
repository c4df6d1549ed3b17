"""A piece written out: a preview, files to save, rich text for the editor of a 公众号."""

from flask import render_template

from kb.bootstrap.office_files import rich_text
from kb.web.headers import allow_style_attributes
from kb.web.pieces.pages import blueprint, composed


@blueprint.get("/<int:number>/rich")
def show_rich(number: int) -> str:
    """Selectable as it is; a button copies it where the browser lets one."""
    found = composed(number)
    allow_style_attributes()
    return render_template(
        "pieces/rich.html", piece=found.piece, rich=rich_text(found.document()), waiting=found.waiting
    )
