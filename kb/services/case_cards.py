"""A case in a list: problem, key practice, how to carry it over, one line each."""

from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.plain_text import first_sentence
from kb.domain.records import word_for_unstated
from kb.domain.template import UNSTATED
from kb.services.ports import ReferenceData

MOST_CHARACTERS = 80
"""Of the practice line: two lines on a wide page, four on a phone."""


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
    template = reference.case_template
    unstated = word_for_unstated(case.named_parts, reference.references.records)
    return CaseCard(
        id=case.id,
        title=case.title,
        kind=template["kind"].label_of(case.kind),
        problem_id=case.problem,
        problem=reference.references.taxonomy.label_of(case.problem),
        situation=first_sentence(case.situation) or unstated,
        practice=_practice(case) or unstated,
        promotion=_promotion(case) or unstated,
        unit=case.unit,
        level=template["level"].label_of(case.level),
        field=template["field"].label_of(case.field),
        year=case.year,
        mechanism_id=case.mechanism,
        summary=case.summary,
    )


def _practice(case: Case) -> str:
    actions = [row["action"].rstrip("。；") for row in case.steps if row.get("action", UNSTATED) != UNSTATED]
    if not actions:
        return first_sentence(case.practice)
    shown: list[str] = []
    for action in actions:
        if shown and len("；".join((*shown, action))) > MOST_CHARACTERS:
            return "；".join(shown) + "……"
        shown.append(action)
    return "；".join(shown)


def _promotion(case: Case) -> str:
    if case.kind == "lesson":
        return "教训只供对照，不推广"
    for key in ("scope", "preconditions", "must_follow"):
        texts = [text for text in case.promotion.get(key, ()) if text != UNSTATED]
        if texts:
            return texts[0]
    return first_sentence(case.carrying)
