"""按问题找: the tree of problem types, and a page per type."""

from flask import Blueprint, render_template

from kb.services.browse_problems import problem_page, problem_tree
from kb.web.reading import reading

blueprint = Blueprint("problems", __name__, url_prefix="/problems")


@blueprint.get("")
def show() -> str:
    now = reading()
    return render_template("problems/show.html", tree=problem_tree(now.catalogue, now.reference))


@blueprint.get("/<problem_id>")
def show_type(problem_id: str) -> str:
    now = reading()
    page = problem_page(problem_id, now.catalogue, now.reference)
    records = now.reference.references.records
    return render_template("problems/type.html", page=page, records=records)
