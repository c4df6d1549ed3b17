"""转交: a draft is given to a colleague of its unit, or taken over."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound
from kb.services.hand_over import LONGEST_NOTE
from kb.web.acting import actor
from kb.web.drafts.pages import blueprint
from kb.web.failures import status_of
from kb.web.writing import handing_over, looking_at_handovers


@blueprint.get("/<int:number>/hand-over")
def show_handover(number: int) -> str:
    return _page(number)


@blueprint.post("/<int:number>/hand-over")
def hand_over(number: int) -> ResponseReturnValue:
    receiver = request.form.get("receiver", "")
    try:
        with handing_over() as handover:
            given = handover.hand_over(
                actor(), number, int(receiver[:9]) if receiver.isdecimal() else 0, request.form.get("note", "")
            )
    except (NotFound, Forbidden):
        raise
    except (AskedWrongly, Conflict) as refusal:
        return make_response(_page(number, refusal), status_of(refusal))
    flash(f"第 {number} 号稿件“{given.title}”已转交，对方在“我的稿件”里看得到。")
    return redirect(url_for("drafts.show"), code=303)


def _page(number: int, refusal: AskedWrongly | None = None) -> str:
    with looking_at_handovers() as handover:
        draft, colleagues = handover.look(actor(), number)
    return render_template(
        "drafts/hand_over.html",
        draft=draft,
        colleagues=colleagues,
        actor=actor(),
        refusal=refusal,
        note=request.form.get("note", ""),
        longest=LONGEST_NOTE,
    )
