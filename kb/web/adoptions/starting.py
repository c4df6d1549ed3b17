"""采用这个机制: from the page of a mechanism or a case, by itself or by a plan in force."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.domain.adoption import AdoptionStage
from kb.domain.mechanism import Mechanism
from kb.domain.promotion_plan import PromotionPlan
from kb.errors import AskedWrongly, Forbidden, NotFound
from kb.services.confirm_adoption import source_units_of
from kb.services.keep_adoptions import AdoptionWish, check_wish
from kb.services.match_conditions import conditions_of
from kb.services.ports import CaseEntry
from kb.web.acting import actor
from kb.web.adoptions.lists import blueprint
from kb.web.adoptions.posted import ReportForm, empty_form, posted_form, report_of, result_columns
from kb.web.failures import status_of
from kb.web.promoting import number_in, promoting
from kb.web.reading import library, reading, today


@blueprint.get("/new")
def show_form() -> str:
    require(actor(), Right.ADOPT)
    wish, mechanism = _wish(
        request.args.get("mechanism", ""), request.args.get("case", ""), request.args.get("plan", "")
    )
    conditions = conditions_of(mechanism)
    judged = [text for text in conditions if text in request.args.getlist("judged")]
    return _render(wish, mechanism, empty_form(today().isoformat(), judged))


@blueprint.post("/new")
def start() -> ResponseReturnValue:
    require(actor(), Right.ADOPT)
    form = request.form
    wish, mechanism = _wish(form.get("mechanism", ""), form.get("case", ""), form.get("plan", ""))
    given = posted_form(conditions_of(mechanism))
    sources = source_units_of(wish.mechanism, wish.case_id, library().promoting.units_by_mechanism({wish.mechanism}))
    try:
        with promoting(writes=True) as work:
            plan = work.planning.open(actor(), wish.plan) if wish.plan else None
            check_wish(wish, reading().catalogue, plan)
            kept = work.ledger.start(actor(), wish, report_of(given), sources)
    except (Forbidden, NotFound):
        raise
    except AskedWrongly as error:
        return _render(wish, mechanism, given, fault=error), status_of(error)
    flash(
        "存成草稿了，只有本单位和管推广的人看得到；定下来再报“拟学”。"
        if kept.is_draft
        else "登记好了，列在推广台账里。"
    )
    return redirect(url_for("adoptions.show_one", number=kept.number), code=303)


def _wish(mechanism_id: str, case_id: str, plan: str) -> tuple[AdoptionWish, Mechanism]:
    """What is asked for and its mechanism; one that comes from a case is of that case's mechanism."""
    catalogue = reading().catalogue
    entry = catalogue.find_case(case_id) if case_id else None
    if case_id and entry is None:
        raise NotFound("没有找到这个案例。", advice="核对编号，或到“查案例”里检索。")
    if entry and not mechanism_id:
        mechanism_id = entry.case.mechanism
    if entry and entry.case.kind == "lesson":
        raise AskedWrongly("教训只供对照，不能采用。", advice="到机制页选一个经验案例。")
    if entry and not mechanism_id:
        raise AskedWrongly("这个案例还没有形成机制，不能采用。", advice="到“机制”里选一个。")
    found = catalogue.find_mechanism(mechanism_id)
    if found is None:
        raise NotFound("没有找到这个机制。", advice="从“机制”列表里选一个。")
    return AdoptionWish(mechanism_id, case_id, number_in(plan)), found.mechanism


def _render(wish: AdoptionWish, mechanism: Mechanism, form: ReportForm, *, fault: AskedWrongly | None = None) -> str:
    with promoting() as work:
        plans = work.planning.in_force(mechanism.id)
    return render_template(
        "adoptions/new.html",
        wish=wish,
        mechanism=mechanism,
        cases=_experiences(mechanism.id),
        plans=_with_room(plans, wish),
        conditions=conditions_of(mechanism),
        form=form,
        columns=result_columns(),
        intended=AdoptionStage.INTENDED,
        fault=fault,
        unit=actor().unit,
    )


def _experiences(mechanism_id: str) -> list[CaseEntry]:
    """Cases of the mechanism that one may see and take over."""
    catalogue = reading().catalogue
    found = catalogue.cases(catalogue.case_ids_of(mechanism=mechanism_id))
    return [entry for entry in found if entry.case.kind != "lesson"]


def _with_room(plans: Sequence[PromotionPlan], wish: AdoptionWish) -> Sequence[PromotionPlan]:
    """Plans of this case and of the mechanism as a whole."""
    return [plan for plan in plans if plan.case_id in ("", wish.case_id)]
