"""推广: what is being promoted and what has taken hold, for everybody; counts alone, no unit is named."""

from flask import Blueprint, render_template

from kb.domain.accounts import Right
from kb.services.show_promotion import show_promotion
from kb.web.acting import actor
from kb.web.promoting import promoting
from kb.web.reading import reading

blueprint = Blueprint("promotion", __name__, url_prefix="/promotion")


@blueprint.get("")
def show() -> str:
    now = reading()
    plans, progress = [], {}
    if now.standing.mechanisms:  # else nobody has to wait for a database
        with promoting() as work:
            plans = list(work.planning.in_force())
            progress = dict(work.planning.progress(plans))
    return render_template(
        "promotion/show.html",
        page=show_promotion(now.standing, plans, now.catalogue),
        progress=progress,
        may_read=actor().may(Right.READ_INTERNAL),
        may_adopt=actor().may(Right.ADOPT),
        may_promote=actor().may(Right.PROMOTE),
    )
