"""审核: what waits, one submission, the decision at a step, inclusion, the sheet of 三审三校, and cases to look at again."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from kb.domain.submission import Decision
from kb.domain.workflow import Stage
from kb.errors import AskedWrongly, NotFound
from kb.services.archive_case import confirm, find_due
from kb.services.build_records import judge_draft
from kb.services.compare_draft import find_duplicates
from kb.services.include_case import include
from kb.services.lay_out_review import lay_out_review
from kb.services.review_case import INCLUSION, LONGEST_REASON, FieldView, ReviewPage
from kb.web.acting import actor, source
from kb.web.failures import status_of
from kb.web.files import document_file
from kb.web.reading import library, reading, today

blueprint = Blueprint("review", __name__, url_prefix="/review")

BODY_LIMITS = {"review.decide": 2 * 1024 * 1024}
"""A reason of the greatest length for every field, as a form sends it."""
DECISIONS = {decision.value: decision for decision in Decision}


@blueprint.get("")
def show() -> str:
    with library().reviewing.review(reading().reference) as review:
        entries = review.queue(actor())
    mine = [entry for entry in entries if not entry.obstacle]
    others = [entry for entry in entries if entry.obstacle]
    return render_template("review/show.html", mine=mine, others=others, matured=Stage.MATURED)


@blueprint.get("/<int:number>")
def show_one(number: int) -> str:
    return _render(number)


@blueprint.post("/<int:number>/decide")
def decide(number: int) -> ResponseReturnValue:
    """The decision at the step the page was made for; what was typed stands there again when it cannot be taken."""
    form = request.form
    reasons = {name.removeprefix("reason-"): text for name, text in form.items() if name.startswith("reason-")}
    decision = DECISIONS.get(form.get("decision", ""))
    version = form.get("version", "")
    try:
        if decision is None or not (version.isascii() and version.isdigit()):
            raise AskedWrongly("没有选通过还是退回。", advice="按页面下面的两个按钮之一。")
        with library().reviewing.review(reading().reference, source(), writes=True) as review:
            submission = review.decide(
                actor(), number, int(version[:9]), form.get("step", ""), decision,
                note=form.get("note", ""), reasons=reasons,
            )  # fmt: skip
    except NotFound:
        raise
    except AskedWrongly as error:
        return _render(number, fault=error, typed={**reasons, "": form.get("note", "")}), status_of(error)
    if submission.stage is Stage.RETURNED:
        flash(f"已退回“{submission.title}”，写稿人会在“我的稿件”里看到理由。")
    elif submission.stage is Stage.MATURED:
        flash("各步都已通过。确认无误后，由审核人按“纳入案例库”。")
        return redirect(url_for("review.show_one", number=number), code=303)
    else:
        flash(f"“{submission.title}”这一步已通过，交给下一步。")
    return redirect(url_for("review.show"), code=303)


@blueprint.post("/<int:number>/include")
def take_in(number: int) -> ResponseReturnValue:
    """Writes the case into the library, then lets catalogue and index follow."""
    reference = reading().reference
    try:
        with library().reviewing.review(reference) as review:
            page = review.open(actor(), number)
            writers = review.writers(number)
        with library().reviewing.publisher(reference, source()) as publisher:
            revision = include(page.submission, actor(), publisher, writers=writers)
    except NotFound:
        raise
    except AskedWrongly as error:
        return _render(number, fault=error), status_of(error)
    if library().reviewing.take_in(revision):
        found_at = url_for("cases.show", case_id=revision.record_id)
        flash(Markup('已纳入，编号 <a href="{}">{}</a>，读者现在就能查到。').format(found_at, revision.record_id))
    else:
        flash(f"已纳入，编号 {revision.record_id}；目录和索引稍后跟上，文件已经写好。")
    return redirect(url_for("review.show_one", number=number), code=303)


@blueprint.post("/<int:number>/rebase")
def rebase(number: int) -> ResponseReturnValue:
    """Back to the writer, joined with what the case has become meanwhile."""
    version = request.form.get("version", "")
    try:
        with library().reviewing.review(reading().reference, source(), writes=True) as review:
            submission = review.rebase(actor(), number, int(version[:9]) if version.isdecimal() else 0)
    except NotFound:
        raise
    except AskedWrongly as error:
        return _render(number, fault=error), status_of(error)
    flash(f"“{submission.title}”已和最新的修订合并，退回写稿人核对。")
    return redirect(url_for("review.show"), code=303)


@blueprint.get("/<int:number>/sheet")
def show_sheet(number: int) -> str:
    with library().reviewing.review(reading().reference) as review:
        page = review.open(actor(), number)
    return render_template(
        "review/sheet.html",
        page=page,
        rules=reading().reference.review_rules,
        decisions=Decision,
        today=today(),
        template=reading().reference.case_template,
    )


@blueprint.get("/<int:number>/sheet.<any(docx, pdf):kind>")
def download_sheet(number: int, kind: str) -> Response:
    """The sheet as a file to sign."""
    with library().reviewing.review(reading().reference) as review:
        page = review.open(actor(), number)
    document = lay_out_review(page, reading().reference, today())
    return document_file(document, kind, name=f"{document.title} 稿件{number}")


@blueprint.get("/due")
def show_due() -> str:
    cases = find_due(actor(), reading().catalogue, today=today())
    return render_template("review/due.html", cases=cases)


@blueprint.post("/due/<case_id>")
def confirm_due(case_id: str) -> ResponseReturnValue:
    with library().reviewing.publisher(reading().reference, source()) as publisher:
        revision = confirm(actor(), case_id, request.form.get("note", ""), publisher)
    library().reviewing.take_in(revision)
    flash(f"{case_id} 复核过了，十二个月后再看。")
    return redirect(url_for("review.show_due"), code=303)


def _render(number: int, *, fault: AskedWrongly | None = None, typed: Mapping[str, str] | None = None) -> str:
    with library().reviewing.review(reading().reference) as review:
        page = review.open(actor(), number)
    now = reading()
    reference = now.reference
    case = replace(judge_draft(page.submission.fields, reference, today=today()).case, id=page.submission.record_id)
    return render_template(
        "review/one.html",
        page=page,
        duplicates=find_duplicates(case, now.catalogue, now.similar),
        groups=_groups(page),
        rules=reference.review_rules,
        template=reference.case_template,
        step=page.step or INCLUSION,
        stages=Stage,
        decisions=Decision,
        fault=fault,
        typed=typed or {},
        longest=LONGEST_REASON,
        titles=now.catalogue.mechanism_titles({str(page.submission.fields.get("mechanism", ""))}),
    )


def _groups(page: ReviewPage) -> list[tuple[str, str, bool, list[FieldView]]]:
    """Fields in the order a reviewer reads them: heading, what stands there, whether it lies open, the fields."""
    returned = [view for view in page.fields if view.was_returned]
    changed = [view for view in page.fields if view.is_changed and not view.was_returned]
    rest = [view for view in page.fields if not view.is_changed and not view.was_returned]
    filled = [view for view in rest if view.text]
    blank = [view for view in rest if not view.text]
    groups = [
        ("上次要改的", "上一轮退回时写了理由的项，改动标在下面。", True, returned),
        ("另外改动的" if returned else "改动的", "和上次看到的相比有变化的项。", True, changed),
        ("没有变的" if returned or changed else "各项内容", "", not (returned or changed), filled),
        ("没有填的", "", False, blank),
    ]
    return [group for group in groups if group[3]]
