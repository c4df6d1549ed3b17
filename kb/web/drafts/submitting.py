"""How a draft will look, the last look before it is submitted, and taking it back."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.submission import may_edit, may_hand_over
from kb.domain.workflow import Stage
from kb.errors import AskedWrongly, Conflict
from kb.services.case_cards import build_card
from kb.services.compare_draft import find_duplicates
from kb.services.ports import CaseEntry
from kb.services.read_case import build_case_page
from kb.services.submit_draft import Pledge, submit, withdraw
from kb.web.acting import actor
from kb.web.drafts.pages import blueprint
from kb.web.drafts.sheet import case_of, to_do, to_include
from kb.web.reading import library, reading, today
from kb.web.wording import moment_in_words
from kb.web.writing import looking, writing


@blueprint.get("/<int:number>/preview")
def preview(number: int) -> str:
    """As a reader would see it."""
    now = reading()
    with looking() as writer:
        draft = writer.open(actor(), number)
        case = writer.assess(draft.fields).case
        notes = writer.notes(actor(), number)
    sections = {slot.key: getattr(case, slot.key) for slot in now.reference.case_template.sections}
    entry = CaseEntry(case, library().previews.render(sections), "")
    return render_template(
        "drafts/preview.html",
        draft=draft,
        notes=notes,
        page=build_case_page(entry, now.catalogue, now.reference, (), now.standing, today=today()),
        case=case,
        card=build_card(case, now.reference),
        template=now.reference.case_template,
        indicators=now.reference.references.taxonomy.indicators,
        is_mine=may_edit(actor(), draft),
        may_hand_over=may_hand_over(actor(), draft),
        may_withdraw=draft.stage is Stage.SUBMITTED and draft.owner == actor().number,
        stage=now.reference.case_template["status"].label_of(draft.stage.value),
        at=moment_in_words,
    )


@blueprint.get("/<int:number>/submit")
def look_over(number: int) -> str:
    return _look_over(number)


@blueprint.post("/<int:number>/submit", endpoint="submit")
def send_in(number: int) -> ResponseReturnValue:
    """Submits the version that was looked over."""
    form = request.form
    pledge = Pledge(
        is_not_secret=form.get("is_not_secret") == "yes",
        keeps_flagged=form.get("keeps_flagged") == "yes",
        reason=form.get("reason", ""),
    )
    version = form.get("version", "")
    try:
        with writing() as writer:
            seen = int(version) if version.isdecimal() and len(version) < 9 else 0
            submit(actor(), number, seen, pledge, writer)
    except (AskedWrongly, Conflict) as refusal:
        if type(refusal) not in (AskedWrongly, Conflict):
            raise
        status = 409 if isinstance(refusal, Conflict) else 400
        return make_response(_look_over(number, refusal, pledge), status)
    return redirect(url_for("drafts.show", _anchor="submitted"), code=303)


@blueprint.post("/<int:number>/withdraw", endpoint="withdraw")
def take_back(number: int) -> ResponseReturnValue:
    with writing() as writer:
        withdraw(actor(), number, writer)
    return redirect(url_for("drafts.show_one", number=number), code=303)


def _look_over(number: int, refusal: AskedWrongly | None = None, pledge: Pledge | None = None) -> str:
    template = reading().reference.case_template
    with looking() as writer:
        draft = writer.open_to_change(actor(), number)
        assessment = writer.assess(draft.fields)
        twins = writer.twins(actor(), draft)
    now = reading()
    return render_template(
        "drafts/submit.html",
        draft=draft,
        twins=twins,
        duplicates=find_duplicates(case_of(draft, assessment), now.catalogue, now.similar),
        to_do=to_do(template, draft.fields, assessment),
        to_include=to_include(template, draft.fields),
        assessment=assessment,
        red=assessment.must_be_answered,
        yellow=[concern for concern in assessment.concerns if not concern.is_red],
        template=template,
        refusal=refusal,
        pledge=pledge or Pledge(),
    )
