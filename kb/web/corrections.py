"""内容纠错: the form on every case, the page where a ticket is looked up, and the queue of those who answer."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.errors import AskedWrongly, NotFound
from kb.services.correct_case import LONGEST_CONTACT, LONGEST_TEXT, CorrectionState
from kb.services.ports import CaseEntry
from kb.web.acting import actor, source
from kb.web.failures import status_of
from kb.web.reading import library, reading

blueprint = Blueprint("corrections", __name__, url_prefix="/corrections")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """A box for the ticket; for those who answer, what waits besides."""
    ticket = request.args.get("ticket", "").strip()
    if ticket:
        return redirect(url_for("corrections.show_ticket", ticket=ticket[:40]), code=303)
    waiting = None
    if actor().may(Right.ANSWER_CORRECTIONS):
        with library().reviewing.corrections() as corrections:
            waiting = corrections.queue(actor())
    return render_template("corrections/show.html", waiting=waiting, titles=reading().catalogue.titles())


@blueprint.get("/new/<case_id>")
def show_form(case_id: str) -> str:
    return _render_form(_case(case_id))


@blueprint.post("/new/<case_id>")
def report(case_id: str) -> ResponseReturnValue:
    entry = _case(case_id)
    text, contact = request.form.get("text", ""), request.form.get("contact", "")
    try:
        with library().reviewing.corrections(source(), writes=True) as corrections:
            made = corrections.report(actor(), case_id, text, contact)
    except AskedWrongly as error:
        return _render_form(entry, text=text, contact=contact, fault=error), 400
    flash("收到了，谢谢。请记下编号，凭它查看答复。")
    return redirect(url_for("corrections.show_ticket", ticket=made.ticket), code=303)


@blueprint.get("/<ticket>")
def show_ticket(ticket: str) -> Response:
    """Never kept: the answer comes without a change of the library."""
    response = make_response(_render_ticket(ticket))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<ticket>/answer")
def answer(ticket: str) -> ResponseReturnValue:
    require(actor(), Right.ANSWER_CORRECTIONS)
    reply, outcome = request.form.get("reply", ""), request.form.get("outcome", "")
    try:
        if outcome not in ("accepted", "declined"):
            raise AskedWrongly("没有选采纳还是不采纳。", advice="选一个再答复。")
        with library().reviewing.corrections(source(), writes=True) as corrections:
            corrections.answer(actor(), ticket, reply, is_accepted=outcome == "accepted")
    except NotFound:
        raise
    except AskedWrongly as error:
        return _render_ticket(ticket, reply=reply, outcome=outcome, fault=error), status_of(error)
    flash("已答复，报告的人凭编号可以看到。")
    return redirect(url_for("corrections.show_ticket", ticket=ticket), code=303)


def _case(case_id: str) -> CaseEntry:
    found = reading().catalogue.find_case(case_id)
    if found is None:
        raise NotFound("没有找到这个案例。", advice="核对编号，或到“查案例”里检索。")
    return found


def _render_form(entry: CaseEntry, *, text: str = "", contact: str = "", fault: AskedWrongly | None = None) -> str:
    return render_template(
        "corrections/form.html",
        case=entry.case,
        text=text,
        contact=contact,
        fault=fault,
        longest_text=LONGEST_TEXT,
        longest_contact=LONGEST_CONTACT,
    )


def _render_ticket(ticket: str, *, reply: str = "", outcome: str = "", fault: AskedWrongly | None = None) -> str:
    if not library().reviewing.has_kept:
        raise NotFound("没有这个编号的纠错。", advice="核对编号，字母不分大小写。")
    may_answer = actor().may(Right.ANSWER_CORRECTIONS)
    with library().reviewing.corrections() as corrections:
        found = corrections.open(actor(), ticket) if may_answer else corrections.look_up(ticket)
    return render_template(
        "corrections/ticket.html",
        correction=found,
        entry=reading().catalogue.find_case(found.record_id),
        may_answer=may_answer and found.state is CorrectionState.OPEN,
        may_see_history=actor().may(Right.WRITE) or may_answer,
        states=CorrectionState,
        reply=reply,
        outcome=outcome,
        fault=fault,
        longest_text=LONGEST_TEXT,
    )
