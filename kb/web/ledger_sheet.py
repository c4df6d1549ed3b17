"""台账表格: the ledger as a workbook to save, and a workbook of it looked over before it is taken in."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.domain.adoption import AdoptionStage
from kb.domain.ledger_table import READ_COLUMNS
from kb.domain.sheet_import import SheetReport, Verdict
from kb.errors import AskedWrongly, KbError, NotFound, UnreadableFile
from kb.services.adoptions import LedgerFilter
from kb.services.exchange_ledger import MOST_ROWS
from kb.web.acting import actor, source
from kb.web.failures import status_of
from kb.web.files import workbook_file
from kb.web.reading import library, reading, today
from kb.web.sent_sheets import MOST_BYTES, SentSheet, keep_sheet, open_sheet

blueprint = Blueprint("ledger_sheet", __name__, url_prefix="/ledger-sheet")
BODY_LIMITS = {"ledger_sheet.send": MOST_BYTES + 100_000}
PURPOSE = "ledger"
STAGES = {stage.value: stage for stage in AdoptionStage}


@blueprint.get("")
def show() -> str:
    require(actor(), Right.READ_INTERNAL)
    return _page()


@blueprint.post("/export")
def export() -> Response:
    """What the actor may see of it; that it was taken out is noted."""
    form = request.form
    unit = actor().unit if form.get("whose") == "own" else ""
    wanted = LedgerFilter(unit=unit, stage=STAGES.get(form.get("stage", "")), year=form.get("year", "").strip()[:4])
    with library().exchanging.ledger(reading(), source(), writes=True) as exchange:
        sheets = exchange.take_out(actor(), wanted)
    return workbook_file(f"推广台账-{today():%Y%m%d}", sheets)


@blueprint.post("")
def send() -> ResponseReturnValue:
    """Keeps the file and leads to what it would change."""
    _require_writer()
    try:
        token = keep_sheet(PURPOSE, READ_COLUMNS)
    except (AskedWrongly, UnreadableFile) as refusal:
        return make_response(_page(refusal), status_of(refusal))
    return redirect(url_for("ledger_sheet.look_over", token=token), code=303)


@blueprint.get("/<token>")
def look_over(token: str) -> str:
    """What would be new, changed, unchanged; which rows cannot be taken and what to do. Changes nothing."""
    _require_writer()
    sent = open_sheet(PURPOSE, token, READ_COLUMNS)
    with library().exchanging.ledger(reading()) as exchange:
        report = exchange.look_over(actor(), sent.sheets)
    return _report(token, sent, report)


@blueprint.post("/<token>")
def take_in(token: str) -> ResponseReturnValue:
    """All of it, or nothing and the same page with what stands in the way."""
    _require_writer()
    sent = open_sheet(PURPOSE, token, READ_COLUMNS)
    try:
        with library().exchanging.ledger(reading(), source(), writes=True) as exchange:
            report = exchange.take_in(actor(), sent.sheets, sent.name)
    except NotFound:
        raise
    except AskedWrongly as refusal:
        with library().exchanging.ledger(reading()) as exchange:
            report = exchange.look_over(actor(), sent.sheets)
        return make_response(_report(token, sent, report, refusal), status_of(refusal))
    flash(f"导入好了：新增 {report.counts[Verdict.NEW]} 条，改动 {report.counts[Verdict.CHANGED]} 条。")
    return redirect(url_for("ledger_sheet.show"), code=303)


def _require_writer() -> None:
    if not actor().may(Right.PROMOTE):
        require(actor(), Right.ADOPT)


def _page(refusal: KbError | None = None) -> str:
    may_send = actor().may(Right.ADOPT) or actor().may(Right.PROMOTE)
    return render_template(
        "ledger_sheet/show.html", refusal=refusal, may_send=may_send, stages=AdoptionStage, most_rows=MOST_ROWS
    )


def _report(token: str, sent: SentSheet, report: SheetReport, refusal: KbError | None = None) -> str:
    return render_template(
        "ledger_sheet/report.html",
        token=token,
        sent=sent,
        report=report,
        refusal=refusal,
        verdicts=Verdict,
    )
