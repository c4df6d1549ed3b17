"""The blueprint of the steward's pages, and the one from which all are reached."""

from flask import Blueprint, render_template

from kb.domain.accounts import Right
from kb.services.missed_searches import month_of, read_missed
from kb.services.oversee_library import oversee
from kb.web.acting import actor, desk
from kb.web.reading import library, reading, today
from kb.web.stewardship.editing import editing

blueprint = Blueprint("steward", __name__, url_prefix="/steward")


@blueprint.get("")
def show() -> str:
    now = reading()
    overview = oversee(actor(), now.reference, now.catalogue, today=today())
    library().missed.flush()
    month = month_of(today())
    with desk().session() as session:
        missed = read_missed(actor(), desk().missed_searches(session), month, month)
    with library().reviewing.corrections() as corrections:
        waiting = corrections.queue(actor())
    return render_template(
        "stewardship/show.html",
        overview=overview,
        missed=missed.total,
        waiting=len(waiting),
        written=len(editing().written(actor())),
        right=Right,
    )
