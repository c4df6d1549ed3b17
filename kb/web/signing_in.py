"""登录、退出、设置账号."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from kb.errors import AskedWrongly
from kb.services.set_up_account import open_link, use_link
from kb.services.sign_in import LONGEST_NAME, Locked, WrongPassword, sign_in, sign_out
from kb.web.acting import actor, begin_session, desk, end_session, looking, source, working
from kb.web.frame import first_page
from kb.web.local_path import local_path

blueprint = Blueprint("signing_in", __name__)


@blueprint.get("/sign-in")
def show() -> ResponseReturnValue:
    back = local_path(request.args.get("next", ""))
    if not actor().is_guest:
        return redirect(back, code=303)
    return _render(back)


@blueprint.post("/sign-in")
def enter() -> ResponseReturnValue:
    """A session of its own for every sign-in; goes on to the page that asked for it, on this site only, or to one's work."""
    back = local_path(request.form.get("next", ""))
    name = request.form.get("name", "")
    try:
        found = sign_in(name, request.form.get("password", ""), working, desk().now, source())
    except (WrongPassword, Locked) as error:
        return _render(back, name=name[:LONGEST_NAME], fault=error), 403
    begin_session(found)
    return redirect(back if back != url_for("home.show") else first_page(found.actor), code=303)


@blueprint.post("/sign-out")
def leave() -> ResponseReturnValue:
    if not actor().is_guest:
        sign_out(actor(), working)
    end_session()
    return redirect(url_for("home.show"), code=303)


@blueprint.get("/setup/<secret>")
def show_setup(secret: str) -> ResponseReturnValue:
    return _render_setup(secret)


@blueprint.post("/setup/<secret>")
def set_up(secret: str) -> ResponseReturnValue:
    form = request.form
    try:
        if form.get("password") != form.get("again"):
            raise AskedWrongly("两次写的密码不一样。", advice="再写一遍。")
        found = use_link(
            secret, form.get("name", ""), form.get("display_name", ""), form.get("password", ""), working, desk().now
        )
    except AskedWrongly as error:
        return _render_setup(secret, error), 400
    session.clear()
    begin_session(found)
    return redirect(first_page(found.actor), code=303)


def _render(back: str, *, name: str = "", fault: AskedWrongly | None = None) -> str:
    return render_template("signing_in/show.html", back=back, name=name, fault=fault)


def _render_setup(secret: str, fault: AskedWrongly | None = None) -> str:
    with looking() as work:
        found = open_link(secret, work, desk().now)
    return render_template("signing_in/setup.html", account=found, form=request.form, fault=fault)
