"""字号与高对比: two cookies, set by buttons that work without JavaScript, and the page that explains them."""

from flask import Blueprint, Response, redirect, render_template, request

from kb.web.forms import without_token
from kb.web.local_path import local_path
from kb.web.preferences import CONTRASTS, COOKIE_AGE, SIZES

blueprint = Blueprint("display", __name__, url_prefix="/display")


@blueprint.get("")
def show() -> str:
    return render_template("display/show.html")


@blueprint.post("")
@without_token
def change() -> Response:
    """Sets what was chosen and goes back to the page the button stood on."""
    response = redirect(local_path(request.form.get("back", "")), code=303)
    for name, known in (("size", SIZES), ("contrast", CONTRASTS)):
        chosen = request.form.get(name, "")
        if chosen in known:
            response.set_cookie(name, chosen, max_age=COOKIE_AGE, httponly=True, samesite="Lax")
    assert isinstance(response, Response)
    return response
