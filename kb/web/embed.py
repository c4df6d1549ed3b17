"""推广中的机制, to stand in a frame of another site: without navigation, scripts or anything from elsewhere."""

from flask import Blueprint, render_template

from kb.domain.promotion_plan import PromotionPlan
from kb.services.show_promotion import show_promotion
from kb.web.headers import allow_framing
from kb.web.promoting import promoting
from kb.web.reading import library, public_reading

blueprint = Blueprint("embed", __name__, url_prefix="/embed")
MOST_ROWS = 20


@blueprint.get("/mechanisms")
def show_mechanisms() -> str:
    """The same for everybody, as feeds are: a browser sends no session into a frame of another site."""
    now, origins = public_reading(), library().settings.embed
    allow_framing(origins)
    plans: tuple[PromotionPlan, ...] = ()
    if now.standing.mechanisms:  # else nobody has to wait for a database
        with promoting() as work:
            plans = tuple(work.planning.in_force())
    page = show_promotion(now.standing, plans, now.catalogue)
    return render_template("embed/mechanisms.html", page=page, most=MOST_ROWS)
