"""改密码: everybody's own."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import AskedWrongly, Forbidden
from kb.services.sign_in import Locked, change_password
from kb.web.acting import account, actor, begin_session, desk, source, working

blueprint = Blueprint("password", __name__, url_prefix="/password")


@blueprint.get("")
def show() -> ResponseReturnValue:
    return _render(None)


@blueprint.post("")
def change() -> ResponseReturnValue:
    """The new one ends all sessions but this, which gets a new beginning."""
    form = request.form
    try:
        if form.get("password") != form.get("again"):
            raise AskedWrongly("两次写的新密码不一样。", advice="再写一遍。")
        found = change_password(actor(), form.get("old", ""), form.get("password", ""), working, desk().now, source())
    except Locked:
        raise
    except AskedWrongly as error:
        return _render(error), 400
    begin_session(found)
    flash("密码改好了；在别的电脑上登录着的，已经退出。")
    return redirect(url_for("password.show"), code=303)


def _render(fault: AskedWrongly | None) -> str:
    found = account()
    if found is None:
        raise Forbidden("这一步要先登录。", advice="登录后再试。")
    return render_template("password/show.html", account=found, fault=fault)
