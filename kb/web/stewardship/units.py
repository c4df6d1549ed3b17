"""单位名册: the list, and one unit in a form."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kb.domain.taxonomy import Unit
from kb.errors import AskedWrongly, NotFound
from kb.services.keep_units import add_unit, change_unit, remove_unit
from kb.services.reference_edits import Change
from kb.services.reference_uses import Use
from kb.web.acting import desk
from kb.web.failures import status_of
from kb.web.reading import library, reading
from kb.web.stewardship.editing import form_text, look, propose, wanted
from kb.web.stewardship.pages import blueprint


@blueprint.get("/units")
def show_units() -> str:
    register, q = library().stewarding.units, wanted()
    units = register.entries(look(register.path).text)
    uses = library().stewarding.find_uses().units
    shown = [unit for unit in units if q in unit.label or q in (unit.region, unit.level)]
    return render_template("stewardship/units.html", units=shown, total=len(units), uses=uses, q=q)


@blueprint.get("/units/edit")
def edit_unit() -> str:
    """The form of `label`, of a new unit without one."""
    register, label = library().stewarding.units, request.args.get("label", "")
    units = register.entries(look(register.path).text)
    found = next((unit for unit in units if unit.label == label), None)
    if label and found is None:
        raise NotFound("名册里没有这个单位。", advice="从名册里选一个。")
    return _render(label, found or Unit("", "", ""))


@blueprint.post("/units/edit")
def change_units() -> ResponseReturnValue:
    register, was = library().stewarding.units, request.form.get("was", "")
    wish = Unit(form_text("label"), form_text("region"), request.form.get("level", ""))
    uses, accounts, levels = _uses(was), _accounts(was), list(_levels())

    def change(text: str) -> Change:
        if request.form.get("do") == "remove":
            return remove_unit(text, was, uses, accounts, register)
        if was:
            return change_unit(text, was, wish, levels, uses, accounts, register)
        return add_unit(text, wish, levels, register)

    try:
        return propose(register.path, change)
    except AskedWrongly as error:
        return _render(was, wish, fault=error), status_of(error)


def _render(was: str, wish: Unit, fault: AskedWrongly | None = None) -> str:
    seen = look(library().stewarding.units.path).sha256
    return render_template(
        "stewardship/unit.html",
        was=was,
        wish=wish,
        seen=seen,
        fault=fault,
        levels=_levels(),
        uses=_uses(was),
        accounts=_accounts(was),
    )


def _levels() -> tuple[str, ...]:
    return tuple(choice.label for choice in reading().reference.case_template["level"].choices)


def _uses(label: str) -> tuple[Use, ...]:
    return library().stewarding.find_uses().units.get(label, ()) if label else ()


def _accounts(label: str) -> int:
    if not label:
        return 0
    with desk().session() as session:
        return sum(account.unit == label for account in desk().accounts(session).all())
