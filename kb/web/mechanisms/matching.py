"""条件匹配: what a reader says of the own unit, for `match_conditions`."""

from flask import request

from kb.domain.template import Template
from kb.services.match_conditions import UnitFacts
from kb.services.ports import ReferenceData
from kb.web.acting import actor

MOST_MEMBERS = 999_999


def unit_facts(reference: ReferenceData) -> UnitFacts:
    """From the address; the level, where it is not there, from the register for somebody signed in with a unit."""
    template = reference.case_template
    asked = request.args
    level = _choice(template, "level", asked.get("level", ""))
    unit = reference.references.taxonomy.units.get(actor().unit)
    if "level" not in asked and unit:
        level = _choice(template, "level", unit.level)
    members = asked.get("members", "").strip()
    is_number = members.isascii() and members.isdecimal() and len(members) < 7
    return UnitFacts(level, _choice(template, "field", asked.get("field", "")), int(members) if is_number else 0)


def _choice(template: Template, key: str, text: str) -> str:
    """The id of a choice that is given by id or label, "" for what is none."""
    return next((choice.id for choice in template[key].choices if text in (choice.id, choice.label)), "")
