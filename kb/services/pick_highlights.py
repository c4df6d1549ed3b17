"""亮点工作台: highlights case by case within conditions, and the sentences that were ticked."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.passage import Passage, PassageKind, mark_of, read_key
from kb.services.case_cards import CaseCard, build_card
from kb.services.find_cases import Answer, CaseFinder, Question
from kb.services.follow_sources import Sources
from kb.services.ports import Catalogue, ReferenceData
from kb.services.propose_highlights import all_places, find_passage, propose_highlights
from kb.services.show_promotion import Standing as PromotionStanding

STAGES = ("推广中", "已推广")
"""What may be asked for besides 纳入, in which all cases are that readers see."""
MOST_SEARCHED = 1000
"""Cases looked through for a condition the index does not know."""
_AT_ONCE = 100


class CaseHighlights(NamedTuple):
    """A case with what is proposed of it."""

    card: CaseCard
    visibility: str
    passages: tuple[Passage, ...]


class Picks(NamedTuple):
    """Ticked sentences as they stand now, and how many no longer stand anywhere."""

    passages: tuple[Passage, ...]
    lost: int


def list_highlights(
    ids: Sequence[str],
    catalogue: Catalogue,
    reference: ReferenceData,
    sources: Sources,
    kind: PassageKind | None = None,
) -> tuple[CaseHighlights, ...]:
    """In the order of the ids; cases of which nothing (of that kind) is proposed stand there with none."""
    found = []
    for entry in catalogue.cases(ids):
        source = sources.revision(entry.case.id)
        if source is None:
            continue
        passages = propose_highlights(entry.case, source).passages
        chosen = tuple(one for one in passages if kind is None or one.kind is kind)
        found.append(CaseHighlights(build_card(entry.case, reference), entry.case.visibility, chosen))
    return tuple(found)


def find_promoted(
    question: Question, finder: CaseFinder, catalogue: Catalogue, standing: PromotionStanding, stage: str
) -> Answer:
    """A page of the cases that are in this stage of promotion, one of STAGES, among the first MOST_SEARCHED found."""
    answer = _find_all(question, finder)
    cases = [entry.case for entry in catalogue.cases([hit.card.id for hit in answer.hits])]
    there = {
        case.id
        for case in cases
        if stage in standing.of_case(case.id, case.mechanism, is_lesson=case.kind == "lesson").labels
    }
    hits = [hit for hit in answer.hits if hit.card.id in there]
    pages = max(1, -(-len(hits) // question.size))
    page = min(question.page, pages)
    shown = tuple(hits[(page - 1) * question.size : page * question.size])
    return replace(answer, question=replace(question, page=page), total=len(hits), hits=shown)


def _find_all(question: Question, finder: CaseFinder) -> Answer:
    """With up to MOST_SEARCHED hits in it."""
    answer = finder.find(replace(question, page=1, size=_AT_ONCE))
    hits = list(answer.hits)
    for page in range(2, MOST_SEARCHED // _AT_ONCE + 1):
        if page > answer.pages:
            break
        hits += finder.find(replace(question, page=page, size=_AT_ONCE)).hits
    return replace(answer, hits=tuple(hits))


def read_picks(keys: Iterable[str], sources: Sources) -> Picks:
    """The passages the keys of a form name; one that has moved within its case is found by its words."""
    passages, lost = [], 0
    for key in dict.fromkeys(keys):
        told = read_key(key)
        case = sources.case(told.case_id) if told else None
        source = sources.revision(told.case_id) if told else None
        if told is None or case is None or source is None:
            lost += 1
            continue
        found = find_passage(case, source, told.section, told.position)
        if found is None or mark_of(found.text) != told.mark:
            found = next((one for one in all_places(case, source) if mark_of(one.text) == told.mark), None)
        if found is None:
            lost += 1
            continue
        passages.append(_of_its_kind(found, case))
    return Picks(tuple(passages), lost)


def _of_its_kind(found: Passage, case: Case) -> Passage:
    """With the kind the rules give it, for the page says so of it."""
    proposed = propose_highlights(case, found.source).passages
    return next((one for one in proposed if (one.section, one.position) == (found.section, found.position)), found)
