"""Asking for a case, and 我也遇到."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import AskedWrongly, NotFound
from kb.services.ask_for_case import LONGEST_DETAIL, LONGEST_TEXT, AskedBefore, WantedWish, level_of_unit, split_wish
from kb.web.acting import actor, source
from kb.web.asking import find_near
from kb.web.failures import status_of
from kb.web.reading import library, reading
from kb.web.wanted.showing import blueprint, choices, render_one


@blueprint.get("/new")
def show_form() -> str:
    """With the words of a search or the place of a gap, if one led here; what seems to ask the same stands beside it."""
    wish = split_wish(request.args.get("q", "")[:LONGEST_DETAIL])
    wish = wish._replace(**{name: _chosen(name, request.args) for name in ("problem", "level")})
    return _render_form(_filled_in(wish))


@blueprint.post("/new")
def file() -> ResponseReturnValue:
    """One click from a search or a description: problem type and level are proposed where the form does not say them.

    What the unit has asked already is shown first; asked again on purpose it is kept.
    """
    form = request.form
    wish = WantedWish(
        form.get("text", ""), form.get("detail", ""), *(_chosen(name, form) for name in ("problem", "level", "field"))
    )
    if "problem" not in form:
        wish = _filled_in(wish)
    try:
        with library().asking.wanting(source(), writes=True) as wanting:
            if form.get("anyway") != "yes":
                wanting.check_fresh(actor(), wish.text)
            kept = wanting.file(actor(), wish)
    except AskedWrongly as error:
        return _render_form(wish, fault=error), status_of(error)
    if actor().is_guest:
        flash("收到了，谢谢。请记下编号，凭它查看答复。")
        return redirect(url_for("wanted.show_ticket", ticket=kept.ticket), code=303)
    flash("提好了，已列入待征集。有答复时在“消息”里告诉你。")
    return redirect(url_for("wanted.show_one", number=kept.number), code=303)


@blueprint.post("/<int:number>/join")
def join(number: int) -> ResponseReturnValue:
    try:
        with library().asking.wanting(source(), writes=True) as wanting:
            is_new = wanting.join(actor(), number)
    except NotFound:
        raise
    except AskedWrongly as error:
        return render_one(number, fault=error), status_of(error)
    flash("记下了，有答复时在“消息”里告诉你们单位的人。" if is_new else "你们单位已经在里面了，一个单位只算一次。")
    return redirect(url_for("wanted.show_one", number=number), code=303)


def _filled_in(wish: WantedWish) -> WantedWish:
    now = reading()
    proposals = now.proposer.propose(wish.detail or wish.text)
    problem = wish.problem or (proposals[0].problem.id if proposals else "")
    return wish._replace(problem=problem, level=wish.level or level_of_unit(actor().unit, now.reference))


def _chosen(name: str, given: Mapping[str, str]) -> str:
    """The id the form or the address gives, "" for one that is not known."""
    reference = reading().reference
    known = (
        set(reference.references.taxonomy.problems)
        if name == "problem"
        else {choice.id for choice in reference.case_template[name].choices}
    )
    value = given.get(name, "")
    return value if value in known else ""


def _render_form(wish: WantedWish, *, fault: AskedWrongly | None = None) -> str:
    return render_template(
        "wanted/new.html",
        wish=wish,
        near=find_near(wish.text) if wish.text else (),
        fault=fault,
        earlier=fault.earlier if isinstance(fault, AskedBefore) else None,
        longest_text=LONGEST_TEXT,
        longest_detail=LONGEST_DETAIL,
        **choices(),
    )
