"""稿件转交: what accounts that no longer write have left in work goes to a colleague of the same unit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import AskedWrongly, Forbidden, NotFound
from kb.services.hand_over import LONGEST_NOTE
from kb.web.acting import actor
from kb.web.failures import status_of
from kb.web.writing import handing_over, looking_at_handovers

blueprint = Blueprint("handovers", __name__, url_prefix="/handovers")


@blueprint.get("")
def show() -> str:
    return _page()


@blueprint.post("/<int:account>")
def hand_over(account: int) -> ResponseReturnValue:
    """All of the account's in one unit, at once."""
    form = request.form
    receiver = form.get("receiver", "")
    try:
        with handing_over() as handover:
            given = handover.hand_over_left(
                actor(), account, form.get("unit", ""), int(receiver[:9]) if receiver.isdecimal() else 0,
                form.get("note", ""),
            )  # fmt: skip
    except (NotFound, Forbidden):
        raise
    except AskedWrongly as refusal:
        return _page(refusal), status_of(refusal)
    flash(f"{given} 份稿件已转交，对方在“我的稿件”里看得到。")
    return redirect(url_for("handovers.show"), code=303)


def _page(refusal: AskedWrongly | None = None) -> str:
    with looking_at_handovers() as handover:
        left = handover.left_behind(actor())
    return render_template("handovers/show.html", left=left, refusal=refusal, longest=LONGEST_NOTE)
