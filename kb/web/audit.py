"""审计: what was done, whether anything of it was changed, and a copy to take away; for auditors, who change nothing."""

import csv
import io
import re
from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from kb.domain.accounts import Right, require
from kb.domain.audited import Deed, Outcome
from kb.services.keep_audit import AuditEntry, AuditFilter, check_trail, read_audit
from kb.web.acting import actor, desk, source
from kb.web.reading import reading

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

SIZE = 50
MOST_EXPORTED = 200_000
COLUMNS = ("编号", "时间（UTC）", "谁", "类型", "对象", "结果", "来源地址", "说明", "前一条摘要", "摘要")
AS_KEPT = ("类型（原文）", "对象（原文）", "结果（原文）")
"""Columns of the table one takes away: what the digests were made over."""
DEEDS = {deed.value: deed.label for deed in Deed}
DIGEST = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
OUTCOMES = {outcome.value: outcome.label for outcome in Outcome}
SUBJECTS = {
    "submission": "稿件", "batch": "批量投稿", "theme": "专题", "audit": "审计", "adoption": "采用", "plan": "推广计划", "supervision": "督办", "wanted": "待征集", "ledger": "台账", "unit-sheet": "单位表",
    "report": "年度报告", "indicators": "指标体系", "reminders": "催报",
}  # fmt: skip


@blueprint.get("")
def show() -> str:
    wanted, page = _filter(request.args), _page(request.args)
    with desk().session() as session:
        found = read_audit(actor(), desk().audit_store(session), wanted, offset=(page - 1) * SIZE, limit=SIZE)
    pages = max(1, -(-found.total // SIZE))
    return render_template(
        "audit/show.html", found=found, wanted=wanted, page=page, pages=pages, columns=COLUMNS, deeds=DEEDS,
        outcomes=OUTCOMES, entries=_with_titles([_in_words(entry) for entry in found.entries]),
    )  # fmt: skip


@blueprint.get("/check")
def check() -> str:
    """Goes through the whole chain."""
    with desk().session() as session:
        result = check_trail(actor(), desk().audit_store(session))
    return render_template("audit/check.html", result=result)


@blueprint.post("/export")
def export() -> Response:
    """The entries that were filtered for, as a table; that it was taken is noted too."""
    require(actor(), Right.READ_AUDIT)
    wanted = _filter(request.form)
    with desk().writing() as session:
        desk().audit(session, source()).note(
            actor(), Deed.AUDIT_EXPORTED, "audit", Outcome.DONE, "；".join(filter(None, wanted))
        )
    with desk().session() as session:
        found = read_audit(actor(), desk().audit_store(session), wanted, limit=MOST_EXPORTED)
    response = Response(_table(found.entries), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _table(entries: Sequence[AuditEntry]) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow((*COLUMNS, *AS_KEPT))
    for entry in entries:
        cells = (*_in_words(entry), entry.kind, entry.subject, entry.result)
        rows.writerow([_plain_cell(str(value)) for value in cells])
    return text.getvalue().encode("utf-8-sig")


def _in_words(entry: AuditEntry) -> AuditEntry:
    """Kind, subject and result as pages show them; what an older program wrote in other words stays."""
    name, _, number = entry.subject.partition(":")
    subject = f"{SUBJECTS[name]} {number}".strip() if name in SUBJECTS else entry.subject
    return entry._replace(
        kind=DEEDS.get(entry.kind, entry.kind), subject=subject, result=OUTCOMES.get(entry.result, entry.result)
    )


def _with_titles(entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    """Mechanisms by their titles, digests by their beginnings; what one takes away stays as it was kept."""
    ids = {entry.detail.partition("：")[0] for entry in entries if entry.subject.startswith("采用")}
    titles = reading().catalogue.mechanism_titles(ids)
    shown = []
    for entry in entries:
        mechanism, colon, words = entry.detail.partition("：")
        detail = f"{titles[mechanism]}{colon}{words}" if mechanism in titles else entry.detail
        shown.append(entry._replace(detail=DIGEST.sub(r"\1…", detail)))
    return shown


def _plain_cell(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _filter(args: MultiDict[str, str]) -> AuditFilter:
    return AuditFilter(**{name: args.get(name, "").strip()[:80] for name in AuditFilter._fields})


def _page(args: MultiDict[str, str]) -> int:
    text = args.get("page", "")
    return min(max(int(text), 1), 100_000) if text.isascii() and text.isdigit() and len(text) < 9 else 1
