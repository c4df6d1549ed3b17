"""A case in a list: its lines with labels instead of ids."""

from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.case_lines import CaseLines, lines_of
from kb.domain.records import word_for_unstated
from kb.services.ports import ReferenceData


class CaseCard(NamedTuple):
    """What a list shows of a case; labels, not ids, in everything but `id`, `problem_id` and `mechanism_id`."""

    id: str
    title: str
    kind: str
    problem_id: str
    problem: str
    situation: str
    practice: str
    promotion: str
    unit: str
    level: str
    field: str
    year: str
    mechanism_id: str
    summary: str


def build_card(case: Case, reference: ReferenceData) -> CaseCard:
    """The card of a case."""
    return card_of(lines_of(case), reference)


def card_of(lines: CaseLines, reference: ReferenceData) -> CaseCard:
    """The card of a case whose lines are known."""
    template = reference.case_template
    unstated = word_for_unstated(lines.records, reference.references.records)
    return CaseCard(
        id=lines.id,
        title=lines.title,
        kind=template["kind"].label_of(lines.kind),
        problem_id=lines.problems[0],
        problem=reference.references.taxonomy.label_of(lines.problems[0]),
        situation=lines.situation or unstated,
        practice=lines.practice or unstated,
        promotion=lines.promotion or unstated,
        unit=lines.unit,
        level=template["level"].label_of(lines.level),
        field=template["field"].label_of(lines.field),
        year=lines.year,
        mechanism_id=lines.mechanism,
        summary=lines.summary,
    )
