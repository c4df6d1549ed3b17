"""Everything the form of a draft shows: fields with what is said of them, and beside them what the library knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from kb.bootstrap import Reading
from kb.domain.case import Case
from kb.domain.completeness import Completeness, completeness
from kb.domain.drafting import NOTHING, piece_id, places_for
from kb.domain.evidence import Evidence, grade
from kb.domain.submission import Submission
from kb.domain.template import Need, Slot, Template, label_of_field
from kb.services.assess_draft import Assessment
from kb.services.compare_draft import Surroundings, look_around
from kb.services.find_twin_drafts import TwinDraft
from kb.services.receive_file import READING
from kb.services.submissions import SHOWN_KINDS, Attachment, Writer
from kb.services.write_draft import EditConflict
from kb.web.drafts.fields import FormGroup, Remarks, build_form
from kb.web.drafts.inputs import Offers, Option
from kb.web.reading import reading, today

CHOSEN = frozenset({"choice", "problem", "mechanism"})
"""Kinds of fields one picks an answer for."""
FITTING, UNFITTING = "对得上主问题类型的", "解决别的问题的"
"""Headings over the mechanisms to choose from; the list sorts by them."""


class ToDo(NamedTuple):
    """Something still to be done before the draft can be submitted, with the id of its field on the page."""

    field: str
    label: str
    message: str


class Piece(NamedTuple):
    """A piece of the tray."""

    id: str
    text: str


@dataclass(frozen=True)
class DraftSheet:
    """The whole page of a draft. `to_do` stops it, `to_include` is wanted later, at inclusion."""

    draft: Submission
    groups: tuple[FormGroup, ...]
    units: tuple[str, ...]
    to_do: tuple[ToDo, ...]
    to_include: tuple[Slot, ...]
    assessment: Assessment
    completeness: Completeness
    evidence: Evidence
    surroundings: Surroundings
    pieces: tuple[Piece, ...]
    places: Mapping[str, str]
    notes: Mapping[str, str]
    files: Sequence[Attachment] = ()
    is_imported: bool = False
    others: Sequence[Writer] = ()
    conflict: EditConflict | None = None
    twins: Sequence[TwinDraft] = ()


def build_sheet(
    draft: Submission,
    fields: Mapping[str, Any],
    assessment: Assessment,
    *,
    notes: Mapping[str, str] | None = None,
    confidences: Mapping[str, str] | None = None,
    others: Sequence[Writer] = (),
    files: Sequence[Attachment] = (),
    conflict: EditConflict | None = None,
    twins: Sequence[TwinDraft] = (),
    more: str = "",
) -> DraftSheet:
    """The page of these fields, which need not be the kept ones: after a conflict they are what was just posted."""
    now = reading()
    template = now.reference.case_template
    disputed = conflict.merged.disputed if conflict else ()
    remarks = Remarks(
        errors=assessment.errors,
        warnings=assessment.warnings,
        concerns=assessment.concerns,
        notes=notes,
        confidences=confidences,
        disputed=disputed,
        before=conflict.base.fields if conflict and conflict.base else {},
        theirs=conflict.theirs.fields if conflict else {},
    )
    return DraftSheet(
        draft=draft,
        groups=build_form(template, fields, build_offers(now, str(fields.get("problem", ""))), remarks, more),
        units=tuple(now.reference.references.taxonomy.units),
        to_do=to_do(template, fields, assessment),
        to_include=to_include(template, fields),
        assessment=assessment,
        completeness=completeness(template, assessment.case),
        evidence=grade(assessment.case, today=today(), reproduced_by=now.standing.reproduced_by(draft.record_id)),
        surroundings=look_around(case_of(draft, assessment), now.catalogue, now.similar, now.proposer),
        pieces=tuple(Piece(piece_id(text), text) for text in draft.tray),
        places=places_for(template),
        notes=notes or {},
        files=tuple(file for file in files if file.kind in SHOWN_KINDS),
        is_imported=any(file.kind == READING for file in files),
        others=others,
        conflict=conflict,
        twins=twins,
    )


def case_of(draft: Submission, assessment: Assessment) -> Case:
    """What the draft would be, under the number it has if it changes a case: that one is no copy of it."""
    return replace(assessment.case, id=draft.record_id)


def to_do(template: Template, fields: Mapping[str, Any], assessment: Assessment) -> tuple[ToDo, ...]:
    """Blank fields first, in the order of the template, then what is wrong with the others."""
    blank = {slot.key: slot for slot in template.slots if slot.need is Need.SUBMIT and _is_blank(slot, fields)}
    missing = [
        ToDo(key, slot.label, f"还没有{'选' if slot.kind in CHOSEN else '写'}“{slot.label}”")
        for key, slot in blank.items()
    ]
    wrong = [
        ToDo(
            finding.field.partition(".")[0],
            label_of_field(template, finding.field),
            f"{label_of_field(template, finding.field)}：{finding.message}",
        )
        for finding in assessment.errors
        if finding.field.partition(".")[0] not in blank
    ]
    return (*missing, *wrong)


def to_include(template: Template, fields: Mapping[str, Any]) -> tuple[Slot, ...]:
    """Blank fields that are wanted only at inclusion."""
    return tuple(slot for slot in template.slots if slot.need is Need.INCLUDE and _is_blank(slot, fields))


def _is_blank(slot: Slot, fields: Mapping[str, Any]) -> bool:
    return fields.get(slot.key, "") in NOTHING


def build_offers(now: Reading, problem: str) -> Offers:
    """What there is to choose from; mechanisms that solve this problem type stand apart."""
    taxonomy = now.reference.references.taxonomy
    problems = tuple(
        Option(problem.id, f"{problem.id} {problem.label}", root.label)
        for root in taxonomy.roots
        for problem in taxonomy.children_of(root.id)
    )
    titles, solves = now.catalogue.mechanism_titles(), now.reference.references.solves
    return Offers(
        problems=problems,
        mechanisms=tuple(
            Option(name, title, FITTING if problem in solves.get(name, ()) else UNFITTING if problem else "")
            for name, title in sorted(titles.items(), key=lambda item: item[1])
        ),
        indicators=tuple(Option(one.id, one.label) for one in taxonomy.indicators.values()),
        units=tuple(taxonomy.units),
    )
