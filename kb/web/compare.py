"""机制对比: two to four mechanisms side by side."""

from flask import Blueprint, render_template, request

from kb.services.compare_mechanisms import compare_mechanisms
from kb.web.reading import reading

blueprint = Blueprint("compare", __name__, url_prefix="/compare")


@blueprint.get("")
def show() -> str:
    now = reading()
    comparison = compare_mechanisms(request.args.getlist("id")[:20], now.catalogue, now.reference)
    return render_template("compare/show.html", comparison=comparison)
