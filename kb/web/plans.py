"""推广计划: drafted from a mechanism or a case, put in force, followed against its target day, ended or withdrawn."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.domain.drafting import LINE_ENDS, UNSEEN_CHARACTERS
from kb.domain.promotion_plan import LONGEST_LINE, LONGEST_TITLE, NEXT, PlanState, PromotionPlan
from kb.errors import AskedWrongly, Forbidden, NotFound
from kb.services.lay_out_plan import lay_out_plan
from kb.services.promote_mechanism import PlanConflict, draft_plan, part_lines
from kb.web.acting import actor
from kb.web.failures import status_of
from kb.web.files import document_file
from kb.web.promoting import posted_version, promoting
from kb.web.reading import reading

blueprint = Blueprint("plans", __name__, url_prefix="/plans")

LINES = ("units", "must_follow", "may_adapt", "start_kit")
TICKS = ("levels", "fields")


@blueprint.get("")
def show() -> str:
    """All plans one may know of, and how far those in force have come."""
    with promoting() as work:
        found = work.planning.listed(actor())
        progress = work.planning.progress([plan for plan in found if plan.state is PlanState.IN_FORCE])
    titles = reading().catalogue.mechanism_titles({plan.mechanism for plan in found})
    may_promote = actor().may(Right.PROMOTE)
    return render_template("plans/show.html", plans=found, progress=progress, titles=titles, may_promote=may_promote)


@blueprint.get("/new")
def show_form() -> str:
    require(actor(), Right.PROMOTE)
    return _render_form(_new(request.args.get("mechanism", ""), request.args.get("case", "")))


@blueprint.post("/new")
def start() -> ResponseReturnValue:
    require(actor(), Right.PROMOTE)
    plan = _posted(_new(request.form.get("mechanism", ""), request.form.get("case", "")))
    try:
        with promoting(writes=True) as work:
            kept = work.planning.start(actor(), plan)
    except (Forbidden, NotFound):
        raise
    except AskedWrongly as error:
        return _render_form(plan, fault=error), status_of(error)
    flash("计划拟好了，还没有推出；看过没有问题，按“推出”。")
    return redirect(url_for("plans.show_one", number=kept.number), code=303)


@blueprint.get("/<int:number>")
def show_one(number: int) -> str:
    return _render_one(number)


@blueprint.get("/<int:number>.<any(docx, pdf):kind>")
def download(number: int, kind: str) -> Response:
    """The plan in the layout of an official document."""
    with promoting() as work:
        plan = work.planning.open(actor(), number)
        progress = work.planning.progress([plan])[number]
    now = reading()
    entry = now.catalogue.find_mechanism(plan.mechanism)
    if entry is None:
        raise NotFound("这个机制已经不在库里。", advice="打印计划页。")
    return document_file(lay_out_plan(plan, progress, entry.mechanism, now.reference), kind)


@blueprint.get("/<int:number>/edit")
def show_edit(number: int) -> str:
    require(actor(), Right.PROMOTE)
    with promoting() as work:
        plan = work.planning.open(actor(), number)
    return _render_form(plan)


@blueprint.post("/<int:number>")
def save(number: int) -> ResponseReturnValue:
    require(actor(), Right.PROMOTE)
    with promoting() as work:
        plan = _posted(work.planning.open(actor(), number))
    try:
        with promoting(writes=True) as work:
            work.planning.save(actor(), plan)
    except (Forbidden, NotFound):
        raise
    except AskedWrongly as error:
        return _render_form(plan, fault=error), status_of(error)
    flash("计划存好了。")
    return redirect(url_for("plans.show_one", number=number), code=303)


@blueprint.post("/<int:number>/state")
def move(number: int) -> ResponseReturnValue:
    """In force, ended or withdrawn."""
    require(actor(), Right.PROMOTE)
    wanted = {state.value: state for state in PlanState}.get(request.form.get("state", ""))
    try:
        if wanted is None:
            raise AskedWrongly("没有选怎么办。", advice="按页面上的一个按钮。")
        with promoting(writes=True) as work:
            moved = work.planning.move(actor(), number, posted_version(), wanted, request.form.get("reason", ""))
    except (Forbidden, NotFound):
        raise
    except AskedWrongly as error:
        return _render_one(number, fault=error), status_of(error)
    flash(f"这份计划现在是“{moved.state.label}”。")
    return redirect(url_for("plans.show_one", number=number), code=303)


def _new(mechanism_id: str, case_id: str) -> PromotionPlan:
    catalogue = reading().catalogue
    entry = catalogue.find_case(case_id) if case_id and not mechanism_id else None
    if entry and not entry.case.mechanism and entry.case.kind != "lesson":
        raise AskedWrongly("这个案例还没有形成机制，不能推广。", advice="先在修订里补上机制。")
    return draft_plan(entry.case.mechanism if entry else mechanism_id, case_id, catalogue)


def _posted(plan: PromotionPlan) -> PromotionPlan:
    """The plan as the form says it, on top of the version the form was made from."""
    form = request.form
    values: dict[str, Any] = {name: _lines(form.get(name, "")) for name in LINES}
    template = reading().reference.case_template
    for name, slot in zip(TICKS, ("level", "field"), strict=True):
        ticked = form.getlist(name)
        values[name] = tuple(choice.id for choice in template[slot].choices if choice.id in ticked)
    for name in ("title", "answerable", "starts_on", "target_on"):
        values[name] = " ".join(UNSEEN_CHARACTERS.sub("", form.get(name, "")).split())
    return PromotionPlan(**{**plan.__dict__, **values, "version": posted_version() or plan.version})


def _lines(text: str) -> tuple[str, ...]:
    lines = UNSEEN_CHARACTERS.sub("", LINE_ENDS.sub("\n", text)).split("\n")
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _render_form(plan: PromotionPlan, *, fault: AskedWrongly | None = None) -> str:
    now = reading()
    entry = now.catalogue.find_mechanism(plan.mechanism)
    return render_template(
        "plans/form.html",
        plan=plan,
        mechanism=entry.mechanism if entry else None,
        parted=part_lines(plan, entry.mechanism if entry else None),
        template=now.reference.case_template,
        register=tuple(now.reference.references.taxonomy.units),
        longest_title=LONGEST_TITLE,
        longest_line=LONGEST_LINE,
        theirs=fault.theirs if isinstance(fault, PlanConflict) else None,
        fault=fault,
    )


def _render_one(number: int, *, fault: AskedWrongly | None = None) -> str:
    with promoting() as work:
        plan = work.planning.open(actor(), number)
        progress = work.planning.progress([plan])[number]
    now = reading()
    entry = now.catalogue.find_mechanism(plan.mechanism)
    source = now.catalogue.find_case(plan.case_id) if plan.case_id else None
    return render_template(
        "plans/one.html",
        plan=plan,
        progress=progress,
        mechanism=entry.mechanism if entry else None,
        source=source.case if source else None,
        template=now.reference.case_template,
        parted=part_lines(plan, entry.mechanism if entry else None),
        next_states=NEXT[plan.state],
        states=PlanState,
        may_promote=actor().may(Right.PROMOTE),
        may_adopt=actor().may(Right.ADOPT) and plan.state is PlanState.IN_FORCE,
        fault=fault,
    )
