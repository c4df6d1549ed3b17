"""机制对比: two to four mechanisms side by side."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import AskedWrongly, NotFound
from kb.services.compare_mechanisms import compare_mechanisms
from kb.web.reading import reading

blueprint = Blueprint("compare", __name__, url_prefix="/compare")
MOST_READ = 20
"""Of an address; so many can no longer be ticked by mistake."""


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The table; too few or too many lead back to the list, which says so and has them ticked still."""
    now = reading()
    ids = request.args.getlist("id")[:MOST_READ]
    try:
        comparison = compare_mechanisms(ids, now.catalogue, now.reference)
    except NotFound:
        raise
    except AskedWrongly:
        ticked = list(dict.fromkeys(ids))
        return redirect(url_for("mechanisms.show", problem=request.args.get("problem"), compare=1, id=ticked), code=303)
    return render_template("compare/show.html", comparison=comparison)
