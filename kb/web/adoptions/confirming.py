"""确认落地: the word of a unit that is neither adopter nor source, and how it takes that back."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kb.bootstrap.promoting import PromotionWork
from kb.domain.accounts import Right, require
from kb.errors import AskedWrongly, Forbidden, NotFound
from kb.web.acting import actor
from kb.web.adoptions.lists import blueprint
from kb.web.adoptions.reporting import render_one
from kb.web.failures import status_of
from kb.web.promoting import posted_version, promoting


@blueprint.post("/<int:number>/confirm")
def confirm(number: int) -> ResponseReturnValue:
    word = request.form.get("word", "")
    return _said(
        number,
        lambda work: work.confirming.confirm(actor(), number, posted_version(), word),
        word,
        "确认了，这一条从现在起算作已推广。",
    )


@blueprint.post("/<int:number>/unconfirm")
def withdraw(number: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    return _said(
        number,
        lambda work: work.confirming.withdraw(actor(), number, posted_version(), reason),
        reason,
        "确认撤回了，历次记录里都留着。",
    )


def _said(number: int, deed: Callable[[PromotionWork], object], said: str, words: str) -> ResponseReturnValue:
    require(actor(), Right.CONFIRM_ADOPTIONS)
    try:
        with promoting(writes=True) as work:
            deed(work)
    except (Forbidden, NotFound):
        raise
    except AskedWrongly as error:
        return render_one(number, said=said, fault=error), status_of(error)
    flash(words)
    return redirect(url_for("adoptions.show_one", number=number), code=303)
