"""年度报告: a year's numbers on a page, each with the table it was counted from; to take away as Word, PDF or text."""

from flask import Blueprint, Response, render_template, request

from kb.bootstrap.reporting import count_report, note_report
from kb.domain.accounts import Right, require
from kb.services.report_year import FIRST_YEAR, lay_out_year
from kb.web.acting import actor, source
from kb.web.files import document_file
from kb.web.reading import library, today

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
SHOWN_YEARS = 10


@blueprint.get("")
def show() -> str:
    """The report of a year, this one's unless another is asked for."""
    require(actor(), Right.PROMOTE)
    text = request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today().year
    found = count_report(library(), year, actor().sees)
    years = range(today().year, max(FIRST_YEAR, today().year - SHOWN_YEARS), -1)
    return render_template("reports/show.html", report=found, document=lay_out_year(found), years=years)


@blueprint.post("/<int:year>.<any(docx, pdf, md):kind>")
def take_away(year: int, kind: str) -> Response:
    """That it was taken is noted."""
    require(actor(), Right.PROMOTE)
    found = count_report(library(), year, actor().sees)
    made = document_file(lay_out_year(found), kind)
    note_report(library(), actor(), year, kind, source())
    return made
