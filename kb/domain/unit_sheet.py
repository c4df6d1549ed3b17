"""Unit sheet (单位表, in the manner of 一企一表, 一社一表): what is kept of a unit, as plain answers to its template."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.domain.accounts import Actor, Right, require
from kb.domain.answers import check_needs, read_answers
from kb.domain.finding import Finding, Report
from kb.domain.redaction import find_private_details
from kb.domain.taxonomy import Taxonomy
from kb.domain.template import Need, Slot, Template, label_of_field

LONGEST_TEXT = 1000
LONGEST_CELL = 100


@dataclass(frozen=True)
class UnitSheet:
    """`fields` are plain values by slot; `version` 0 where nothing was filled in yet; `changed_at` UTC in ISO form."""

    unit: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0
    changed_at: str = ""
    changed_by: int = 0

    @property
    def kind(self) -> str:
        """The label of what kind of unit it is, "" where that is not told."""
        return str(self.fields.get("unit_kind", ""))

    @property
    def is_filled(self) -> bool:
        return self.version > 0


def key_of_unit(label: str) -> str:
    """What stands for a unit in an address: twelve figures made from its name, which the register keeps as it is."""
    return hashlib.sha256(label.encode()).hexdigest()[:12]


def may_keep(actor: Actor, unit: str) -> bool:
    """A unit's people keep its own sheet, those who promote every unit's."""
    own = actor.may(Right.KEEP_UNIT_SHEET) and unit != "" and actor.unit == unit
    return own or actor.may(Right.PROMOTE)


def require_keeper(actor: Actor) -> None:
    """Raises Forbidden unless the actor keeps a sheet at all."""
    if not actor.may(Right.PROMOTE):
        require(actor, Right.KEEP_UNIT_SHEET)


def check_unit_sheet(template: Template, fields: Mapping[str, Any], taxonomy: Taxonomy) -> list[str]:
    """What keeps a sheet from being kept, as Chinese sentences that say what to do; all of it at once."""
    report = Report("")
    answers = read_answers(template, fields, report)
    check_needs(template, answers, report, wanted=Need.SUBMIT)
    told = [_in_words(template, finding) for finding in sorted(report.findings) if finding.is_error]
    for problem_id in answers.values["problems"]:
        if taxonomy.find_problem(problem_id) is None:
            told.append(f"没有“{problem_id[:40]}”这个问题类型：从问题类型里选。")
    return [*told, *(fault for slot in template.slots for fault in _faults_of_texts(slot, fields.get(slot.key, "")))]


def _in_words(template: Template, finding: Finding) -> str:
    place = label_of_field(template, finding.field)
    where = f"{place}：" if " " in place else ""
    return f"{where}{finding.message}{finding.advice}"


def _faults_of_texts(slot: Slot, value: Any) -> Iterator[str]:
    most = LONGEST_TEXT if isinstance(value, str) else LONGEST_CELL
    for text in texts_of(value):
        if len(text) > most:
            yield f"“{slot.label}”超过 {most} 字：写得短些。"
        for detail in find_private_details(text):
            yield f"“{slot.label}”里有{detail.kind.label}（{detail.shown}）：{detail.kind.advice}"


def texts_of(value: Any) -> Iterator[str]:
    """Every text of a plain value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts_of(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_of(part)
