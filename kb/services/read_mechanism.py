"""机制: the list, and one mechanism step by step with the cases that formed it."""

from datetime import date
from typing import NamedTuple

from kb.domain.evidence import Evidence, grade
from kb.domain.mechanism import LOOP_STEPS, Mechanism
from kb.domain.records import word_for_unstated
from kb.domain.taxonomy import ProblemType
from kb.errors import NotFound
from kb.services.case_cards import CaseCard, build_card
from kb.services.ports import Catalogue, MechanismEntry, ReferenceData
from kb.services.read_case import NamedSource, name_sources
from kb.services.show_promotion import NOT_PROMOTED, NOTHING_PROMOTED, Promotion, Standing


class LoopStep(NamedTuple):
    """A half-turn of 四上四下: its code, words, and whether the mechanism serves it."""

    code: str
    words: str
    is_served: bool

    @property
    def goes_up(self) -> bool:
        return self.code.endswith("U")


class MechanismRow(NamedTuple):
    """A mechanism in the list."""

    mechanism: Mechanism
    problems: tuple[ProblemType, ...]
    cases: int
    promotion: Promotion = NOT_PROMOTED


class MechanismPage(NamedTuple):
    """Everything the mechanism page shows; `evidence` is its best case's grade, None without a case."""

    entry: MechanismEntry
    problems: tuple[ProblemType, ...]
    loop: tuple[LoopStep, ...]
    cases: tuple[CaseCard, ...]
    sources: tuple[NamedSource, ...]
    original: Mechanism | None
    unstated_word: str
    promotion: Promotion = NOT_PROMOTED
    evidence: Evidence | None = None


def list_mechanisms(
    catalogue: Catalogue, reference: ReferenceData, standing: Standing = NOTHING_PROMOTED
) -> tuple[MechanismRow, ...]:
    """All mechanisms by title, with the problems they solve and how many cases formed them."""
    counts = catalogue.count_by_mechanism()
    return tuple(
        MechanismRow(
            entry.mechanism,
            name_problems(entry.mechanism, reference),
            counts.get(entry.mechanism.id, 0),
            standing.of_mechanism(entry.mechanism.id),
        )
        for entry in catalogue.mechanisms()
    )


def read_mechanism(
    mechanism_id: str,
    catalogue: Catalogue,
    reference: ReferenceData,
    standing: Standing = NOTHING_PROMOTED,
    *,
    today: date,
) -> MechanismPage:
    """Raises NotFound for an unknown mechanism."""
    entry = catalogue.find_mechanism(mechanism_id)
    if entry is None:
        raise NotFound("没有找到这个机制。", advice="从“机制”列表里选一个。")
    mechanism = entry.mechanism
    original = catalogue.find_mechanism(mechanism.fork_of) if mechanism.fork_of else None
    cases = catalogue.cases(catalogue.case_ids_of(mechanism=mechanism.id))
    return MechanismPage(
        entry=entry,
        problems=name_problems(mechanism, reference),
        loop=tuple(LoopStep(code, words, code in mechanism.loop) for code, words in LOOP_STEPS.items()),
        cases=tuple(build_card(case.case, reference) for case in cases),
        sources=name_sources(mechanism.sources, reference),
        original=original.mechanism if original else None,
        unstated_word=word_for_unstated(mechanism.named_parts, reference.references.records),
        promotion=standing.of_mechanism(mechanism.id),
        evidence=max(
            (grade(case.case, today=today, reproduced_by=standing.reproduced_by(case.case.id)) for case in cases),
            default=None,
        ),
    )


def name_problems(mechanism: Mechanism, reference: ReferenceData) -> tuple[ProblemType, ...]:
    """The problem types a mechanism solves."""
    taxonomy = reference.references.taxonomy
    return tuple(problem for problem in map(taxonomy.find_problem, mechanism.solves) if problem)
