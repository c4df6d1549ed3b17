"""The blueprint of pieces, and the list of one's own."""

from flask import Blueprint, Response, render_template

from kb.errors import NotFound
from kb.services.compose_piece import ComposedPiece
from kb.services.write_piece import KEPT_DAYS
from kb.web.keeping import looking, sources_of
from kb.web.reading import reading, today

blueprint = Blueprint("pieces", __name__, url_prefix="/pieces")


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """Every page is one reader's own."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
def show() -> str:
    with looking() as kept:
        found = kept.pieces.listed() if kept else ()
    sources = sources_of(dict.fromkeys(case_id for piece in found for case_id in piece.case_ids))
    rows = [ComposedPiece(piece, sources, reading().reference, today()) for piece in found if not piece.deleted_at]
    return render_template(
        "pieces/show.html",
        rows=rows,
        deleted=[piece for piece in found if piece.deleted_at],
        kept_days=KEPT_DAYS,
    )


def composed(number: int) -> ComposedPiece:
    """A piece of this reader's; raises NotFound."""
    with looking() as kept:
        if kept is None:
            raise NotFound("没有这份稿子。", advice="从“我的稿子”里打开。")
        piece = kept.pieces.get(number)
    return ComposedPiece(piece, sources_of(piece.case_ids), reading().reference, today())
