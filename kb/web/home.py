"""首页: one question, the problems the library knows most about, what is new."""

from flask import Blueprint, render_template

from kb.services.show_home import show_home
from kb.web.reading import reading

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> str:
    now = reading()
    return render_template("home/show.html", page=show_home(now.catalogue, now.reference, now.standing))
