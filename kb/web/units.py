"""单位表: the units and what each says of itself, in the manner of 一企一表; kept on a page, or many at once by a workbook."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.domain.sheet_import import SheetReport, Verdict
from kb.domain.unit_sheet import UnitSheet, may_keep, require_keeper
from kb.domain.unit_table import labels_of, told_cells
from kb.errors import AskedWrongly, Forbidden, KbError, NotFound, UnreadableFile
from kb.services.keep_unit_sheets import SheetConflict, UnitFilter, UnitLine
from kb.web.acting import actor, source
from kb.web.failures import status_of
from kb.web.files import workbook_file
from kb.web.reading import library, reading, today
from kb.web.sent_sheets import MOST_BYTES, SentSheet, keep_sheet, open_sheet
from kb.web.unit_form import build_form, read_form

blueprint = Blueprint("units", __name__, url_prefix="/units")
BODY_LIMITS = {"units.send": MOST_BYTES + 100_000}
PURPOSE = "units"
SIZE = 50


@blueprint.get("")
def show() -> str:
    """All units, filtered; the actor's own first."""
    require(actor(), Right.READ_INTERNAL)
    wanted, text = _filter(), request.args.get("page", "")
    with library().exchanging.unit_sheets(reading()) as keeping:
        lines = keeping.lines(actor(), wanted)
        adopted = keeping.adopted(actor())
    pages = max(1, -(-len(lines) // SIZE))
    page = min(max(int(text), 1), pages) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return render_template(
        "units/show.html",
        lines=lines[(page - 1) * SIZE : page * SIZE],
        total=len(lines),
        filled=sum(line.sheet.is_filled for line in lines),
        wanted=wanted,
        page=page,
        pages=pages,
        adopted=adopted,
        kinds=library().exchanging.unit_template["unit_kind"].choices,
        levels=reading().reference.case_template["level"].choices,
        may_send=actor().may(Right.KEEP_UNIT_SHEET) or actor().may(Right.PROMOTE),
    )


@blueprint.get("/<key>")
def show_one(key: str) -> str:
    """What is kept of one unit; prints on one A4."""
    with library().exchanging.unit_sheets(reading()) as keeping:
        line = keeping.open(actor(), key)
        adoptions = keeping.adoptions_of(actor(), line.sheet.unit)
    taxonomy = reading().reference.references.taxonomy
    return render_template(
        "units/one.html",
        line=line,
        sheet=line.sheet,
        template=library().exchanging.unit_template,
        cells=told_cells(library().exchanging.unit_template, line.sheet.fields, taxonomy),
        problems=[found for one in line.sheet.fields.get("problems", ()) if (found := taxonomy.find_problem(one))],
        adoptions=adoptions,
        titles=reading().catalogue.mechanism_titles({one.mechanism for one in adoptions}),
        may_keep=may_keep(actor(), line.sheet.unit),
    )


@blueprint.get("/<key>/edit")
def edit(key: str) -> str:
    return _form(_open_to_keep(key))


@blueprint.post("/<key>/edit")
def keep(key: str) -> ResponseReturnValue:
    line = _open_to_keep(key)
    fields = read_form(library().exchanging.unit_template, request.form)
    version = request.form.get("version", "")
    try:
        if not version.isascii() or not version.isdigit() or len(version) > 9:
            raise AskedWrongly("表单不完整，没有存。", advice="刷新这一页再填。")
        with library().exchanging.unit_sheets(reading(), source(), writes=True) as keeping:
            keeping.keep(actor(), key, int(version), fields)
    except SheetConflict as conflict:
        theirs = line._replace(sheet=conflict.theirs)
        return make_response(_form(theirs, fields=fields, fault=conflict, theirs=conflict.theirs), 409)
    except (NotFound, Forbidden):
        raise
    except AskedWrongly as fault:
        return make_response(_form(line, fields=fields, fault=fault, version=version), 400)
    flash("存好了。")
    return redirect(url_for("units.show_one", key=key), code=303)


@blueprint.get("/sheet")
def show_sheet() -> str:
    require(actor(), Right.READ_INTERNAL)
    return _sheet_page()


@blueprint.post("/export")
def export() -> Response:
    """The units that were filtered for, as a workbook; units without a sheet as rows to fill in."""
    require(actor(), Right.READ_INTERNAL)
    with library().exchanging.unit_sheets(reading(), source(), writes=True) as keeping:
        sheet = keeping.take_out(actor(), _filter(), reading().catalogue.mechanism_titles())
    return workbook_file(f"单位表-{today():%Y%m%d}", [sheet])


@blueprint.post("/sheet")
def send() -> ResponseReturnValue:
    require_keeper(actor())
    try:
        token = keep_sheet(PURPOSE, labels_of(library().exchanging.unit_template))
    except (AskedWrongly, UnreadableFile) as refusal:
        return make_response(_sheet_page(refusal), status_of(refusal))
    return redirect(url_for("units.look_over", token=token), code=303)


@blueprint.get("/sheet/<token>")
def look_over(token: str) -> str:
    """What would be new, changed, unchanged; changes nothing."""
    require_keeper(actor())
    sent = open_sheet(PURPOSE, token, labels_of(library().exchanging.unit_template))
    with library().exchanging.unit_sheets(reading()) as keeping:
        report = keeping.look_over(actor(), sent.sheets)
    return _report(token, sent, report)


@blueprint.post("/sheet/<token>")
def take_in(token: str) -> ResponseReturnValue:
    """All of it, or nothing and the same page with what stands in the way."""
    require_keeper(actor())
    sent = open_sheet(PURPOSE, token, labels_of(library().exchanging.unit_template))
    try:
        with library().exchanging.unit_sheets(reading(), source(), writes=True) as keeping:
            report = keeping.take_in(actor(), sent.sheets)
    except NotFound:
        raise
    except AskedWrongly as refusal:
        with library().exchanging.unit_sheets(reading()) as keeping:
            report = keeping.look_over(actor(), sent.sheets)
        return make_response(_report(token, sent, report, refusal), status_of(refusal))
    flash(f"导入好了：新填 {report.counts[Verdict.NEW]} 个单位，改动 {report.counts[Verdict.CHANGED]} 个。")
    return redirect(url_for("units.show"), code=303)


def _open_to_keep(key: str) -> UnitLine:
    with library().exchanging.unit_sheets(reading()) as keeping:
        line = keeping.open(actor(), key)
    if not may_keep(actor(), line.sheet.unit):
        raise Forbidden("这是别的单位的表，你不能改。", advice="由这个单位的人自己填。")
    return line


def _filter() -> UnitFilter:
    return UnitFilter(**{name: request.values.get(name, "").strip()[:40] for name in UnitFilter._fields})


def _form(
    line: UnitLine,
    *,
    fields: dict[str, object] | None = None,
    fault: AskedWrongly | None = None,
    theirs: UnitSheet | None = None,
    version: str = "",
) -> str:
    template = library().exchanging.unit_template
    taxonomy = reading().reference.references.taxonomy
    return render_template(
        "units/edit.html",
        line=line,
        sheet=line.sheet,
        version=version or line.sheet.version,
        form=build_form(template, line.sheet.fields if fields is None else fields),
        taxonomy=taxonomy,
        fault=fault,
        theirs=told_cells(template, theirs.fields, taxonomy) if theirs else None,
    )


def _sheet_page(refusal: KbError | None = None) -> str:
    may_send = actor().may(Right.KEEP_UNIT_SHEET) or actor().may(Right.PROMOTE)
    return render_template("units/sheet.html", refusal=refusal, may_send=may_send)


def _report(token: str, sent: SentSheet, report: SheetReport, refusal: KbError | None = None) -> str:
    return render_template(
        "units/report.html", token=token, sent=sent, report=report, refusal=refusal, verdicts=Verdict
    )
