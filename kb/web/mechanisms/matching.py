"""条件匹配: what a reader says of the own unit, else what register and unit sheet know of it."""

from flask import request

from kb.domain.template import Template
from kb.services.match_conditions import UnitFacts, known_facts
from kb.services.ports import ReferenceData
from kb.web.acting import actor
from kb.web.promoting import number_in, promoting


def unit_facts(reference: ReferenceData) -> UnitFacts:
    """From the address; what is not there, for somebody signed in with a unit, from register and unit sheet."""
    asked, template, known = request.args, reference.case_template, UnitFacts()
    unit = actor().unit
    if unit and len(asked.keys() & {"level", "field", "members"}) < 3:
        with promoting() as work:
            known = known_facts(reference.references.taxonomy.units.get(unit), work.sheets.find(unit), reference)
    return UnitFacts(
        _choice(template, "level", asked["level"]) if "level" in asked else known.level,
        _choice(template, "field", asked["field"]) if "field" in asked else known.field,
        number_in(asked["members"].strip()) if "members" in asked else known.members,
    )


def _choice(template: Template, key: str, text: str) -> str:
    """The id when it is one of the choices, else ""."""
    return next((choice.id for choice in template[key].choices if choice.id == text), "")
