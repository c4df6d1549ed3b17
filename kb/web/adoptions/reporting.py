"""One adoption: what it says, its history, the unit's reports, and the case it becomes."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.domain.adoption import LONGEST_CHANGES, LONGEST_PROOF, NEXT, REPORTED, STALE_DAYS, next_thing
from kb.errors import AskedWrongly, Forbidden, NotFound
from kb.services.adoptions import may_edit
from kb.services.draft_from_adoption import start_case_draft
from kb.services.keep_adoptions import AdoptionConflict
from kb.services.match_conditions import conditions_of, known_facts
from kb.services.prove_adoption import MOST_PROOFS, in_megabytes
from kb.services.receive_file import MOST_BYTES
from kb.web.acting import actor, desk
from kb.web.adoptions.lists import blueprint
from kb.web.adoptions.posted import ReportForm, form_of, posted_form, report_of, result_columns
from kb.web.failures import status_of
from kb.web.promoting import posted_version, promoting
from kb.web.reading import reading, today

LIMITS = {"adoptions.report": 512 * 1024, "adoptions.start": 512 * 1024}
"""Bytes of a posted report: 20 rows of results and three texts, each percent-encoded."""


@blueprint.get("/<int:number>")
def show_one(number: int) -> str:
    return render_one(number)


@blueprint.post("/<int:number>")
def report(number: int) -> ResponseReturnValue:
    """The stage it has come to, or words alone."""
    with promoting() as work:
        mechanism_id = work.ledger.open_to_change(actor(), number).mechanism
    entry = reading().catalogue.find_mechanism(mechanism_id)
    given = posted_form(conditions_of(entry.mechanism) if entry else ())
    try:
        if not given.stage:
            raise AskedWrongly("没有选这次报什么。", advice="选一项再报，填的都还在下面。")
        with promoting(writes=True) as work:
            kept = work.ledger.report(actor(), number, posted_version(), report_of(given))
    except (Forbidden, NotFound):
        raise
    except AskedWrongly as error:
        return render_one(number, form=given, fault=error), status_of(error)
    flash(f"补充好了，还是“{kept.stage.label}”。" if given.stage == "same" else f"报好了，现在是“{kept.stage.label}”。")
    return redirect(url_for("adoptions.show_one", number=number), code=303)


@blueprint.post("/<int:number>/take-back")
def take_back(number: int) -> ResponseReturnValue:
    """The last report, by a further entry of its history."""
    reason = request.form.get("reason", "")
    try:
        with promoting(writes=True) as work:
            kept = work.ledger.take_back(actor(), number, posted_version(), reason)
    except (Forbidden, NotFound):
        raise
    except AskedWrongly as error:
        return render_one(number, said=reason, fault=error), status_of(error)
    flash(f"撤回了上一次，现在是“{kept.stage.label}”；历次记录里都留着。")
    return redirect(url_for("adoptions.show_one", number=number), code=303)


@blueprint.post("/<int:number>/case")
def start_case(number: int) -> ResponseReturnValue:
    """A draft of the case it became, filled in as far as it is told."""
    require(actor(), Right.WRITE)
    try:
        with promoting(writes=True) as work:
            adoption = work.ledger.open(actor(), number)
            entry = reading().catalogue.find_mechanism(adoption.mechanism)
            if entry is None:
                raise NotFound("这个机制已经不在库里。", advice="在“投稿”里另起一份。")
            source = reading().catalogue.find_case(adoption.case_id) if adoption.case_id else None
            known = known_facts(None, work.sheets.find(adoption.unit), reading().reference)
            draft = start_case_draft(
                actor(), adoption, entry.mechanism, source.case if source else None, work.adoptions, work.drafts,
                field=known.field, now=desk().now,
            )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except AskedWrongly as error:
        return render_one(number, fault=error), status_of(error)
    flash("案例的草稿起好了，台账里有的都填上了，空着的请补上。")
    return redirect(url_for("drafts.show_one", number=draft.number), code=303)


def render_one(
    number: int, *, form: ReportForm | None = None, said: str = "", fault: AskedWrongly | None = None
) -> str:
    """The page of an adoption, with what was posted and why it was refused."""
    with promoting() as work:
        adoption = work.ledger.open(actor(), number)
        history = work.ledger.history(actor(), number)
        refusal = work.confirming.refusal(actor(), adoption)
        proofs = work.proving.files(actor(), adoption)
        is_own = may_edit(actor(), adoption)
        room = work.proving.room(adoption.unit) if is_own and not adoption.is_confirmed else None
        can_take_back = work.ledger.can_take_back(actor(), adoption)
        plan = work.planning.open(actor(), adoption.plan) if adoption.plan else None
    catalogue, day = reading().catalogue, today()
    entry = catalogue.find_mechanism(adoption.mechanism)
    source = catalogue.find_case(adoption.case_id) if adoption.case_id else None
    theirs = fault.theirs if isinstance(fault, AdoptionConflict) else None
    return render_template(
        "adoptions/one.html",
        adoption=adoption,
        theirs=theirs,
        mechanism=entry.mechanism if entry else None,
        source=source.case if source else None,
        plan=plan,
        history=history,
        proofs=proofs,
        most_proofs=MOST_PROOFS,
        room=room,
        in_megabytes=in_megabytes,
        most_megabytes=MOST_BYTES // 1_000_000,
        is_own=is_own,
        form=form or form_of(adoption, day.isoformat()),
        stages=[stage for stage in REPORTED if stage in NEXT[adoption.stage]],
        conditions=conditions_of(entry.mechanism) if entry else (),
        columns=result_columns(),
        results_slot=reading().reference.case_template["results"],
        next_thing=next_thing(adoption, day),
        quiet=adoption.days_without_news(day),
        stale_days=STALE_DAYS,
        refusal=refusal,
        may_confirm=actor().may(Right.CONFIRM_ADOPTIONS),
        may_withdraw=adoption.is_confirmed and actor().unit == adoption.confirmed_unit,
        may_draft=is_own and adoption.is_confirmed and actor().may(Right.WRITE),
        may_supervise=actor().may(Right.PROMOTE) and not adoption.is_draft,
        can_take_back=can_take_back,
        longest=(LONGEST_CHANGES, LONGEST_PROOF),
        said=said,
        fault=fault,
    )
