"""督导与督查: the list with due days and what is overdue, one matter step by step, and how one is set up."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.domain.supervision import LONGEST_NOTE, LONGEST_RESPONSIBLE, LONGEST_TITLE, SupervisionKind
from kb.errors import AskedWrongly, Forbidden, NotFound
from kb.web.acting import actor
from kb.web.failures import status_of
from kb.web.promoting import number_in, posted_version, promoting
from kb.web.reading import reading, today

blueprint = Blueprint("supervision", __name__, url_prefix="/supervision")


@blueprint.get("")
def show() -> str:
    require(actor(), Right.PROMOTE)
    with promoting() as work:
        open_ones, closed = work.supervising.lists(actor())
    return render_template("supervision/show.html", open_ones=open_ones, closed=closed)


@blueprint.get("/new")
def show_form() -> str:
    require(actor(), Right.PROMOTE)
    return _render_form(number_in(request.args.get("plan", "")), number_in(request.args.get("adoption", "")))


@blueprint.post("/new")
def start() -> ResponseReturnValue:
    require(actor(), Right.PROMOTE)
    form = request.form
    plan, adoption = number_in(form.get("plan", "")), number_in(form.get("adoption", ""))
    kind = {kind.value: kind for kind in SupervisionKind}.get(form.get("kind", ""))
    try:
        if kind is None:
            raise AskedWrongly("没有选督导还是督查。", advice="选一个再立项，填的都还在下面。")
        with promoting(writes=True) as work:
            made = work.supervising.start(
                actor(), kind, form.get("title", ""), form.get("responsible", ""), form.get("due_on", ""),
                plan=plan, adoption=adoption,
            )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except AskedWrongly as error:
        return _render_form(plan, adoption, fault=error), status_of(error)
    flash(f"立项了。第一步是“{made.step_label}”。")
    return redirect(url_for("supervision.show_one", number=made.number), code=303)


@blueprint.get("/<int:number>")
def show_one(number: int) -> str:
    return _render_one(number)


@blueprint.post("/<int:number>/step")
def do_step(number: int) -> ResponseReturnValue:
    """The next step was done."""
    require(actor(), Right.PROMOTE)
    form = request.form
    try:
        with promoting(writes=True) as work:
            moved = work.supervising.do_step(
                actor(), number, posted_version(), done_on=form.get("done_on", "").strip(), note=form.get("note", ""),
                next_due_on=form.get("next_due_on", "").strip(),
            )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except AskedWrongly as error:
        return _render_one(number, fault=error), status_of(error)
    flash("办结了。" if moved.is_closed else f"记下了，下一步是“{moved.step_label}”。")
    return redirect(url_for("supervision.show_one", number=number), code=303)


def _render_form(plan: int, adoption: int, *, fault: AskedWrongly | None = None) -> str:
    form = request.form
    with promoting() as work:
        found = work.planning.open(actor(), plan) if plan else None
        taken = work.ledger.open(actor(), adoption) if adoption else None
    return render_template(
        "supervision/form.html",
        plan=found,
        adoption=taken,
        kinds=list(SupervisionKind),
        given={key: form.get(key, "") for key in ("kind", "title", "responsible", "due_on")},
        longest=(LONGEST_TITLE, LONGEST_RESPONSIBLE),
        fault=fault,
    )


def _render_one(number: int, *, fault: AskedWrongly | None = None) -> str:
    with promoting() as work:
        found = work.supervising.open(actor(), number)
        plan = work.planning.open(actor(), found.matter.plan) if found.matter.plan else None
        adoption = work.ledger.open(actor(), found.matter.adoption) if found.matter.adoption else None
    titles = reading().catalogue.mechanism_titles({adoption.mechanism} if adoption else set())
    return render_template(
        "supervision/one.html",
        found=found,
        done={step.step: step for step in found.steps},
        plan=plan,
        adoption=adoption,
        titles=titles,
        day=today().isoformat(),
        given={key: request.form.get(key, "") for key in ("done_on", "note", "next_due_on")},
        longest=LONGEST_NOTE,
        fault=fault,
    )
