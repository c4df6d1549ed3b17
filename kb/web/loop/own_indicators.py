"""本单位指标体系: a unit's own indicators, taken in from a sheet, and what of the library covers each."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.domain.sheet_import import Verdict
from kb.domain.unit_indicator import COLUMNS
from kb.errors import AskedWrongly, KbError, NotFound, UnreadableFile
from kb.services.keep_unit_indicators import IndicatorList
from kb.services.measure_loop import cover_own, sheets
from kb.web.acting import actor, source
from kb.web.failures import status_of
from kb.web.files import workbook_file
from kb.web.loop.asking import looping, page_of
from kb.web.loop.pages import MOST_ROWS, blueprint
from kb.web.reading import library, reading
from kb.web.sent_sheets import MOST_BYTES, keep_sheet, open_sheet

BODY_LIMITS = {"loop.send_indicators": MOST_BYTES + 100_000}
PURPOSE = "indicators"


@blueprint.get("/indicators/own")
def show_own() -> str:
    return _own()


@blueprint.get("/indicators/own.xlsx")
def save_own() -> Response:
    own = _list()
    if own is None:
        raise NotFound("本单位还没有指标体系。", advice="先上传一份。")
    with looping() as loop:
        made = sheets.own_sheet(cover_own(loop, own.unit, own.indicators))
    return workbook_file("本单位指标体系", [made])


@blueprint.post("/indicators/own")
def send_indicators() -> ResponseReturnValue:
    require(actor(), Right.KEEP_UNIT_SHEET)
    try:
        token = keep_sheet(PURPOSE, COLUMNS)
    except (AskedWrongly, UnreadableFile) as refusal:
        return make_response(_own(refusal), status_of(refusal))
    return redirect(url_for("loop.look_over_indicators", token=token), code=303)


@blueprint.get("/indicators/own/<token>")
def look_over_indicators(token: str) -> str:
    """Row by row what is wrong; changes nothing."""
    return _report(token)


@blueprint.post("/indicators/own/<token>")
def take_in_indicators(token: str) -> ResponseReturnValue:
    """All of it, or nothing and the same page with what stands in the way."""
    require(actor(), Right.KEEP_UNIT_SHEET)
    sent = open_sheet(PURPOSE, token, COLUMNS)
    try:
        with library().exchanging.unit_indicators(reading(), source(), writes=True) as keeping:
            kept = keeping.take_in(actor(), sent.sheets)
    except AskedWrongly as refusal:
        return make_response(_report(token, refusal), status_of(refusal))
    flash(f"收好了，{len(kept.indicators)} 行。收错了可以撤回，用回原来的。")
    return redirect(url_for("loop.show_own"), code=303)


@blueprint.post("/indicators/own/back")
def take_back_indicators() -> ResponseReturnValue:
    number = request.form.get("number", "")
    try:
        with library().exchanging.unit_indicators(reading(), source(), writes=True) as keeping:
            keeping.take_back(actor(), int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0)
    except AskedWrongly as refusal:
        return make_response(_own(refusal), status_of(refusal))
    flash("撤回了。")
    return redirect(url_for("loop.show_own"), code=303)


def _list() -> IndicatorList | None:
    with library().exchanging.unit_indicators(reading()) as keeping:
        return keeping.own(actor())


def _own(refusal: KbError | None = None) -> str:
    own = _list()
    with looping() as loop:
        lines = cover_own(loop, own.unit, own.indicators) if own else ()
    page, pages = page_of(request.args, len(lines), MOST_ROWS)
    return render_template(
        "loop/own.html",
        own=own,
        lines=lines[(page - 1) * MOST_ROWS : page * MOST_ROWS],
        empty=sum(1 for line in lines if not line.found.cases),
        page=page,
        pages=pages,
        columns=COLUMNS,
        refusal=refusal,
        may_send=actor().may(Right.KEEP_UNIT_SHEET) and actor().unit != "",
    )


def _report(token: str, refusal: KbError | None = None) -> str:
    require(actor(), Right.KEEP_UNIT_SHEET)
    sent = open_sheet(PURPOSE, token, COLUMNS)
    with library().exchanging.unit_indicators(reading()) as keeping:
        report = keeping.look_over(actor(), sent.sheets)
    return render_template("loop/own_report.html", token=token, report=report, refusal=refusal, verdicts=Verdict)
