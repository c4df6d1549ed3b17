"""采用: a unit's own ledger (我的推广), the whole ledger (推广台账), and what waits to be confirmed (待确认)."""

from flask import Blueprint, render_template, request

from kb.domain.accounts import Right, require
from kb.domain.adoption import REPORTED, STALE_DAYS, AdoptionStage, next_thing
from kb.services.adoptions import LedgerFilter
from kb.web.acting import actor
from kb.web.promoting import number_in, promoting
from kb.web.reading import reading, today

blueprint = Blueprint("adoptions", __name__, url_prefix="/adoptions")

SIZE = 50
YEARS = 10
"""Years one can filter by, back from this one."""


@blueprint.get("")
def show() -> str:
    """The adoptions of the actor's own unit: state, next thing to do, days without news."""
    require(actor(), Right.ADOPT)
    with promoting() as work:
        own = work.ledger.of_unit(actor())
        waiting = [row for row in work.confirming.queue(actor()) if not row.refusal]
    day = today()
    return render_template(
        "adoptions/show.html",
        own=own,
        titles=reading().catalogue.mechanism_titles({one.mechanism for one in own}),
        next_things={one.number: next_thing(one, day) for one in own},
        quiet={one.number: one.days_without_news(day) for one in own},
        stale_days=STALE_DAYS,
        waiting=len(waiting),
    )


@blueprint.get("/ledger")
def show_ledger() -> str:
    """The whole ledger as far as one may see it, by pages; one past the end is the last."""
    wanted, page = _filter(), max(1, number_in(request.args.get("page", "")))
    with promoting() as work:
        found, total = work.ledger.page(actor(), wanted, offset=(page - 1) * SIZE, limit=SIZE)
        pages = max(1, -(-total // SIZE))
        if page > pages:
            page = pages
            found, _ = work.ledger.page(actor(), wanted, offset=(page - 1) * SIZE, limit=SIZE)
        units = work.ledger.units(actor())
    catalogue = reading().catalogue
    return render_template(
        "adoptions/ledger.html",
        found=found,
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        units=units,
        titles=catalogue.mechanism_titles(),
        stages=REPORTED,
        years=[str(today().year - back) for back in range(YEARS)],
        chosen={key: value for key, value in request.args.items() if key in FILTERS and value},
    )


@blueprint.get("/waiting")
def show_waiting() -> str:
    """Landed ones that wait for a word of another unit, with why one cannot give it where one cannot."""
    require(actor(), Right.CONFIRM_ADOPTIONS)
    with promoting() as work:
        queue = work.confirming.queue(actor())
    return render_template(
        "adoptions/waiting.html",
        mine=[row.adoption for row in queue if not row.refusal],
        others=[row for row in queue if row.refusal],
        titles=reading().catalogue.mechanism_titles({row.adoption.mechanism for row in queue}),
    )


FILTERS = ("mechanism", "unit", "stage", "year", "plan")


def _filter() -> LedgerFilter:
    given = {key: request.args.get(key, "").strip()[:120] for key in FILTERS}
    stages = {stage.value: stage for stage in AdoptionStage}
    year = given["year"] if given["year"].isascii() and given["year"].isdecimal() and len(given["year"]) == 4 else ""
    return LedgerFilter(given["mechanism"], given["unit"], stages.get(given["stage"]), number_in(given["plan"]), year)
