"""One change looked at: its lines, its effect, 确认; and the list of what was written, each with 撤销."""

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kb.domain.paragraph_diff import compare_paragraphs
from kb.errors import AskedWrongly, NotFound
from kb.services.reference_edits import MEASURED, EditState
from kb.web.acting import actor
from kb.web.failures import status_of
from kb.web.reading import library
from kb.web.stewardship.editing import editing, lead_to
from kb.web.stewardship.pages import blueprint

FILES = {
    "taxonomy/problem-types.yaml": ("问题类型", "steward.show_types"),
    "taxonomy/units.yaml": ("单位名册", "steward.show_units"),
    "taxonomy/indicators.yaml": ("党建指标", "steward.show_indicators"),
    "lexicon/terms.txt": ("分词词典", "steward.show_terms"),
    "lexicon/synonyms.yaml": ("同义词", "steward.show_synonyms"),
    "lexicon/flagged-wording.csv": ("错敏词", "steward.show_wording"),
}
"""What a file is called on the pages, and the page of its list."""


@blueprint.get("/edits")
def show_edits() -> str:
    edits = editing()
    return render_template(
        "stewardship/edits.html",
        waiting=edits.waiting(actor()),
        written=edits.written(actor()),
        files=FILES,
        names=library().reviewing.names(),
    )


@blueprint.get("/edits/<int:number>")
def show_edit(number: int) -> str:
    return _render(number)


@blueprint.get("/edits/<int:number>/stage")
def tell_stage(number: int) -> ResponseReturnValue:
    """How far the measurement is, for the script that waits for its end: {"stage": words, "" when it is over}."""
    editing().open(actor(), number)
    return jsonify(stage=library().stewarding.effects.stage_of(number))


@blueprint.post("/edits/<int:number>/measure")
def measure(number: int) -> ResponseReturnValue:
    edit = editing().open(actor(), number)
    if edit.path in MEASURED and edit.state is EditState.PROPOSED:
        library().stewarding.effects.start(edit)
    return redirect(url_for("steward.show_edit", number=number), code=303)


@blueprint.post("/edits/<int:number>/confirm")
def confirm(number: int) -> ResponseReturnValue:
    try:
        edit = editing().confirm(actor(), number)
    except NotFound:
        raise
    except AskedWrongly as error:
        return _render(number, fault=error), status_of(error)
    flash(f"写好了：{edit.deed}。索引和页面在后台跟上，一般不到一分钟；要反悔，到“修改记录”里撤销。")
    return redirect(url_for(FILES[edit.path][1]), code=303)


@blueprint.post("/edits/<int:number>/undo")
def undo(number: int) -> ResponseReturnValue:
    """Another change to look at, by which this one is taken back."""
    return lead_to(editing().undo(actor(), number))


def _render(number: int, fault: AskedWrongly | None = None) -> str:
    edits = editing()
    # Asked before the edit is read: a measurement that ends in between has left its effect there, and none is missed.
    stage = library().stewarding.effects.stage_of(number)
    edit = edits.open(actor(), number)
    label, listed = FILES[edit.path]
    return render_template(
        "stewardship/edit.html",
        edit=edit,
        label=label,
        list_address=url_for(listed),
        changes=compare_paragraphs(edit.text_before, edit.text),
        effect=edit.measured,
        stage=stage,
        is_measured=edit.path in MEASURED,
        is_overtaken=edits.is_overtaken(edit),
        is_proposed=edit.state is EditState.PROPOSED,
        fault=fault,
    )
