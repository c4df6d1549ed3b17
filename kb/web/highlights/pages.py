"""The blueprint of 亮点, and what all its pages have."""

from flask import Blueprint, Response

from kb.web.keeping import looking

blueprint = Blueprint("highlights", __name__, url_prefix="/highlights")


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """Every page shows what one reader has picked: never kept for others."""
    response.headers["Cache-Control"] = "no-store"
    return response


def picked() -> frozenset[tuple[str, str]]:
    """Case and words of every passage in this reader's basket."""
    with looking() as kept:
        passages = kept.basket.passages() if kept else ()
    return frozenset((one.passage.case_id, one.passage.text) for one in passages)
