"""说说情况: a page of text in, problem types, cases and mechanisms out."""

from flask import Blueprint, render_template, request

from kb.services.describe_problem import TEXT_LIMIT, Description, describe_problem
from kb.web.asking import offer_to_ask
from kb.web.forms import without_token
from kb.web.reading import reading

blueprint = Blueprint("describe", __name__, url_prefix="/describe")


@blueprint.get("")
def show() -> str:
    return _render(None)


@blueprint.post("")
@without_token
def answer() -> str:
    """Works on the text and keeps nothing of it."""
    now = reading()
    text = request.form.get("text", "")
    return _render(describe_problem(text, now.finder, now.proposer, now.catalogue), is_cut=len(text) > TEXT_LIMIT)


def _render(description: Description | None, *, is_cut: bool = False) -> str:
    offer = offer_to_ask(description.text, is_kept=False) if description and description.text else None
    return render_template("describe/show.html", description=description, limit=TEXT_LIMIT, is_cut=is_cut, offer=offer)
