"""机制: the list, one mechanism step by step, and a sheet to check one's own unit against it."""

from collections import Counter

from flask import Blueprint, Response, render_template, request

from kb.domain.accounts import Right
from kb.services.compare_mechanisms import FEWEST, MOST
from kb.services.lay_out_mechanism import lay_out_mechanism, lay_out_one_page
from kb.services.match_conditions import LEFT_TO_PEOPLE, Verdict, conditions_of, match_conditions
from kb.services.read_mechanism import MechanismRow, list_mechanisms, read_mechanism
from kb.web.acting import actor
from kb.web.files import document_file
from kb.web.keeping import favourites_here
from kb.web.mechanisms.checklist import build_checklist
from kb.web.mechanisms.matching import unit_facts
from kb.web.reading import reading, today

__all__ = ["blueprint"]

blueprint = Blueprint("mechanisms", __name__, url_prefix="/mechanisms")


@blueprint.get("")
def show() -> str:
    """All of them, or those for one first-level problem type; says what is wrong with what was ticked to be compared."""
    now = reading()
    rows = list_mechanisms(now.catalogue, now.reference, now.standing)
    counts = Counter(root for row in rows for root in _roots(row))
    roots = [(root, counts[root.id]) for root in now.reference.references.taxonomy.roots if counts[root.id]]
    chosen = next((root.id for root, _ in roots if root.id == request.args.get("problem")), "")
    shown = [row for row in rows if not chosen or chosen in _roots(row)]
    ticked = set(request.args.getlist("id"))
    return render_template(
        "mechanisms/show.html",
        rows=shown,
        total=len(rows),
        roots=roots,
        chosen=chosen,
        ticked=ticked,
        fault=_fault_of_ticks(ticked) if "compare" in request.args else "",
    )


def _fault_of_ticks(ticked: set[str]) -> str:
    if len(ticked) < FEWEST:
        return "至少选两个机制再对比。"
    return "一次最多对比四个机制，去掉几个再对比。" if len(ticked) > MOST else ""


def _roots(row: MechanismRow) -> set[str]:
    return {problem.parent for problem in row.problems}


@blueprint.get("/<mechanism_id>")
def show_one(mechanism_id: str) -> str:
    return _render("mechanisms/one.html", mechanism_id)


@blueprint.get("/<mechanism_id>/checklist")
def show_checklist(mechanism_id: str) -> str:
    """The check list alone, for one sheet of paper."""
    return _render("mechanisms/checklist.html", mechanism_id)


@blueprint.get("/<mechanism_id>/match")
def show_match(mechanism_id: str) -> str:
    """条件匹配: one's own unit against what the mechanism asks for, line by line."""
    now = reading()
    unit = unit_facts(now.reference)
    match = match_conditions(mechanism_id, unit, now.catalogue, now.reference)
    return render_template(
        "mechanisms/match.html",
        match=match,
        mechanism=match.mechanism,
        unit=unit,
        template=now.reference.case_template,
        verdicts=Verdict,
        left_to_people=LEFT_TO_PEOPLE,
        conditions=conditions_of(match.mechanism),
        may_adopt=actor().is_guest or actor().may(Right.ADOPT),
    )


@blueprint.get("/<mechanism_id>.<any(docx, pdf, md):kind>")
def download(mechanism_id: str, kind: str) -> Response:
    """The mechanism in the layout of an official document."""
    now = reading()
    page = read_mechanism(mechanism_id, now.catalogue, now.reference, now.standing, today=today())
    return document_file(lay_out_mechanism(page, now.reference), kind)


@blueprint.get("/<mechanism_id>/one-page.<any(docx, pdf):kind>")
def download_one_page(mechanism_id: str, kind: str) -> Response:
    """一页纸: what one has to know of it, on one A4 page."""
    now = reading()
    page = read_mechanism(mechanism_id, now.catalogue, now.reference, now.standing, today=today())
    document = lay_out_one_page(page, now.reference)
    return document_file(document, kind, name=f"一页纸-{document.title}")


def _render(name: str, mechanism_id: str) -> str:
    now = reading()
    page = read_mechanism(mechanism_id, now.catalogue, now.reference, now.standing, today=today())
    mechanism = page.entry.mechanism
    return render_template(
        name,
        page=page,
        unstated_word=page.unstated_word,
        mechanism=mechanism,
        template=now.reference.mechanism_template,
        checklist=build_checklist(mechanism, now.reference.mechanism_template),
        is_favourite=("mechanism", mechanism.id) in favourites_here(),
        may_adopt=actor().is_guest or actor().may(Right.ADOPT),
        may_promote=actor().may(Right.PROMOTE),
        may_read_ledger=actor().may(Right.READ_INTERNAL),
    )
