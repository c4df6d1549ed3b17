"""管理: the steward's one page with a figure for everything kept: what there is, what is missing, what waits."""

from datetime import date
from typing import NamedTuple

from kb.domain.accounts import Actor, Right, require
from kb.domain.flagged_wording import FlaggedWord
from kb.services.ports import Catalogue, ReferenceData


class Overview(NamedTuple):
    """Counts; `without_case`: types of the second level no case has; `ended`: rules whose last day is over."""

    types: int
    without_case: int
    units: int
    indicators: int
    terms: int
    groups: int
    rules: int
    ended: int
    due: int


def oversee(actor: Actor, reference: ReferenceData, catalogue: Catalogue, *, today: date) -> Overview:
    """Raises Forbidden for who does not keep the taxonomy."""
    require(actor, Right.KEEP_TAXONOMY)
    taxonomy = reference.references.taxonomy
    counts = catalogue.count_by_problem()
    types = [problem.id for problem in taxonomy.problems.values() if problem.parent]
    return Overview(
        types=len(types),
        without_case=sum(1 for one in types if not (counts[one].cases if one in counts else 0)),
        units=len(taxonomy.units),
        indicators=len(taxonomy.indicators),
        terms=len(reference.lexicon_words),
        groups=len(reference.synonyms),
        rules=len(reference.flagged_wording),
        ended=sum(has_ended(rule, today) for rule in reference.flagged_wording),
        due=len(catalogue.due_for_review(today.isoformat())),
    )


def has_ended(rule: FlaggedWord, today: date) -> bool:
    """Whether its last day is over."""
    return rule.until is not None and rule.until < today
