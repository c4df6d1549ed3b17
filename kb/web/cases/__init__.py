"""案例阅读: one case with its mechanism, its sources, its grade and what stands near it."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kb.bootstrap.office_files import word_forms
from kb.domain.accounts import Right
from kb.domain.case import Case
from kb.domain.evidence import FRESH_MONTHS, Evidence, grade_when_fresh
from kb.errors import NotFound
from kb.services.case_cards import build_card
from kb.services.cite_case import cite_case
from kb.services.export_case import export_case
from kb.services.judge_usefulness import LONGEST_NOTE, Judged
from kb.services.keep_revisions import READS_HISTORY
from kb.services.lay_out_case import lay_out_case
from kb.services.read_case import read_case
from kb.web.acting import actor
from kb.web.asking import offer_to_judge
from kb.web.files import document_file, wanted_faces, word_file
from kb.web.keeping import favourites_here
from kb.web.reading import library, reading, today

__all__ = ["blueprint"]

blueprint = Blueprint("cases", __name__, url_prefix="/cases")

GRADE_MEANS = {
    Evidence.DESCRIBED: "成效只有文字叙述，没有注明来源的现值数据。",
    Evidence.FIGURE: "至少一个现值注明了出自来源的哪一部分，还没有经他方核实的前后对比。",
    Evidence.COMPARED: "有前值和现值，并经本单位以外的一方核实。",
    Evidence.REPRODUCED: "两个以上单位照着做，得到了同样的成效。",
}


@blueprint.get("/<case_id>")
def show(case_id: str) -> ResponseReturnValue:
    """The case; one that was merged into another leads there for good."""
    now = reading()
    try:
        page = read_case(case_id, now.catalogue, now.reference, now.similar, now.standing, today=today())
    except NotFound:
        target = library().reviewing.target_of(case_id)
        if not target or now.catalogue.find_case(target) is None:
            raise
        return redirect(url_for("cases.show", case_id=target), code=301)
    case = page.entry.case
    return render_template(
        "cases/show.html",
        page=page,
        unstated_word=page.unstated_word,
        case=case,
        card=build_card(case, now.reference),
        template=now.reference.case_template,
        indicators=now.reference.references.taxonomy.indicators,
        citation=cite_case(case, page.sources, today()),
        grade_means=GRADE_MEANS,
        base_grade=grade_when_fresh(case, reproduced_by=now.standing.reproduced_by(case_id)),
        fresh_months=FRESH_MONTHS,
        is_favourite=("case", case.id) in favourites_here(),
        judging=offer_to_judge(Judged.CASE, case.id),
        longest_note=LONGEST_NOTE,
        may_adopt=_may_adopt(case),
        may_promote=actor().may(Right.PROMOTE) and case.kind != "lesson",
        may_see_history=any(actor().may(right) for right in READS_HISTORY),
    )


def _may_adopt(case: Case) -> bool:
    """Whether the button is shown: never for a lesson, nor for the case's own unit; a guest has to sign in then."""
    may = actor().is_guest or (actor().may(Right.ADOPT) and actor().unit != case.unit)
    return may and case.kind != "lesson" and case.mechanism != ""


@blueprint.get("/<case_id>.docx")
def download(case_id: str) -> Response:
    """The case as a Word file on the case form."""
    now = reading()
    return word_file(export_case(case_id, now.catalogue, now.reference, word_forms(wanted_faces())))


@blueprint.get("/<case_id>/official.<any(docx, pdf, md):kind>")
def download_official(case_id: str, kind: str) -> Response:
    """The case in the layout of an official document."""
    now = reading()
    page = read_case(case_id, now.catalogue, now.reference, now.similar, now.standing, today=today())
    return document_file(lay_out_case(page, now.reference), kind)
