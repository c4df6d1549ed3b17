"""党建指标 of the library: the list, as a sheet, and a whole list from a sheet."""

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.domain.library_indicator import COLUMNS, indicator_sheet, judge_indicators
from kb.domain.sheet_import import SheetReport, Verdict
from kb.domain.spreadsheet import ReadSheet
from kb.errors import AskedWrongly, KbError, UnreadableFile
from kb.services.keep_indicators import take_in_indicators
from kb.web.acting import actor
from kb.web.failures import status_of
from kb.web.files import sheet_file
from kb.web.reading import library, reading
from kb.web.sent_sheets import MOST_BYTES
from kb.web.stewardship.editing import look, propose
from kb.web.stewardship.pages import blueprint

LIMITS = {"steward.send_indicators": MOST_BYTES + 100_000}


@blueprint.get("/indicators")
def show_indicators() -> str:
    return _render()


@blueprint.get("/indicators.xlsx")
def save_indicators() -> Response:
    texts = library().stewarding.indicators
    return sheet_file(indicator_sheet(texts.entries(look(texts.path).text)), "xlsx")


@blueprint.post("/indicators")
def send_indicators() -> ResponseReturnValue:
    """Row by row what is wrong, or the preview of the file with the new list."""
    require(actor(), Right.KEEP_TAXONOMY)
    texts = library().stewarding.indicators
    report = None
    try:
        taxonomy = reading().reference.references.taxonomy
        known = texts.entries(look(texts.path).text)
        report, found = judge_indicators(_sent(), known, taxonomy.aspects, taxonomy.areas, _uses())
        judged = report
        return propose(texts.path, lambda text: take_in_indicators(text, judged, found, texts))
    except (AskedWrongly, UnreadableFile) as refusal:
        return make_response(_render(refusal, report), status_of(refusal))


def _sent() -> ReadSheet:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise AskedWrongly("没有选文件。", advice="选一个 .xlsx 或 .csv 再上传。")
    return library().exchanging.read(sent.filename, sent.read(MOST_BYTES + 1), COLUMNS)[0]


def _uses() -> dict[str, int]:
    return {number: len(found) for number, found in library().stewarding.find_uses().indicators.items()}


def _render(refusal: KbError | None = None, report: SheetReport | None = None) -> str:
    texts = library().stewarding.indicators
    seen = look(texts.path)
    return render_template(
        "stewardship/indicators.html",
        indicators=texts.entries(seen.text),
        seen=seen.sha256,
        uses=_uses(),
        note=reading().reference.references.taxonomy.indicator_note,
        columns=COLUMNS,
        refusal=refusal,
        report=report,
        verdicts=Verdict,
    )
