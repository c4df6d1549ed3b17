"""What a list tells of a case, taken from its text once: problem, key practice, how to carry it over, one line each."""

from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.plain_text import first_sentence
from kb.domain.template import UNSTATED

MOST_CHARACTERS = 80
"""Of the practice line: two lines on a wide page, four on a phone."""


class CaseLines(NamedTuple):
    """Ids of choices and of the mechanism; `problems` begin with the primary one. A line is "" where the case has none.

    `records`: the provenance records it names, which decide how 原文未载 reads.
    """

    id: str
    title: str
    kind: str
    problems: tuple[str, ...]
    situation: str
    practice: str
    promotion: str
    unit: str
    level: str
    field: str
    year: str
    mechanism: str
    summary: str
    records: tuple[str, ...]


def lines_of(case: Case) -> CaseLines:
    """The lines of a case."""
    return CaseLines(
        id=case.id,
        title=case.title,
        kind=case.kind,
        problems=case.problems,
        situation=first_sentence(case.situation),
        practice=_practice(case),
        promotion=_promotion(case),
        unit=case.unit,
        level=case.level,
        field=case.field,
        year=case.year,
        mechanism=case.mechanism,
        summary=case.summary,
        records=tuple(case.named_parts),
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
