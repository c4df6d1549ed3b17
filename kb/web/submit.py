"""投稿入口: three doors to a draft."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right
from kb.web.acting import actor
from kb.web.writing import writing

blueprint = Blueprint("submit", __name__, url_prefix="/submit")


@blueprint.get("")
def show() -> str:
    return render_template("submit/show.html", may_write=actor().may(Right.WRITE), actor=actor())


@blueprint.post("/blank")
def fill_in() -> ResponseReturnValue:
    """在线填写: a draft with nothing in it but who writes it."""
    with writing() as writer:
        draft = writer.start(actor())
    return redirect(url_for("drafts.show_one", number=draft.number), code=303)
