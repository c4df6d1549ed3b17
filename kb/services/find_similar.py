"""相似案例: for a case or a text, the cases nearest to it, why they are near, and in what they differ."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.case_lines import CaseLines
from kb.domain.plain_text import plain_text
from kb.services.case_cards import CaseCard, card_of
from kb.services.ports import Catalogue, ReferenceData
from search import IndexFault, Reason, Request, Searcher, parse

MOST = 4
MOST_WORDS = 4
LEAST_WORD = 2
"""Characters of a word worth naming as a reason."""
DESCRIPTION = 1200
"""Characters of a case that describe it: title, keywords, summary and the beginning of its problem."""


class SimilarCase(NamedTuple):
    """A near case: why it is near, and in what it differs ("" where it does not)."""

    card: CaseCard
    why: str
    differs: str


@dataclass(frozen=True)
class SimilarFinder:
    """Finds similar cases through the index."""

    engine: Searcher
    catalogue: Catalogue
    reference: ReferenceData
    on_fault: Callable[[IndexFault], None] | None = None

    def similar_to(self, case: Case, most: int = MOST) -> tuple[SimilarCase, ...]:
        """The nearest cases, itself left out; none while the index cannot be read."""
        try:
            results = self.engine.search(Request(parse(describe(case)), limit=most + 1))
        except IndexFault as fault:
            if self.on_fault:
                self.on_fault(fault)
            return ()
        found = {hit.id: hit.reasons for hit in results.hits if hit.id != case.id}
        return tuple(
            SimilarCase(
                card=card_of(other, self.reference),
                why=self._why(case, other, found[other.id]),
                differs=self._differs(case, other),
            )
            for other in self.catalogue.lines(list(found)[:most])
        )

    def _why(self, case: Case, other: CaseLines, reasons: tuple[Reason, ...]) -> str:
        parts = []
        if case.mechanism and case.mechanism == other.mechanism:
            parts.append("形成同一个机制")
        shared = [problem for problem in case.problems if problem in other.problems]
        labels = [self.reference.references.taxonomy.label_of(problem) for problem in shared]
        if labels:
            parts.append("同样要解决" + "、".join(f"“{label}”" for label in labels))
        words = dict.fromkeys(reason.word for reason in reasons if len(reason.word) > LEAST_WORD)
        if words:
            parts.append("都说到" + "、".join(f"“{word}”" for word in list(words)[:MOST_WORDS]))
        return "；".join(parts)

    def _differs(self, case: Case, other: CaseLines) -> str:
        template = self.reference.case_template
        parts = []
        for key in ("level", "field"):
            mine, theirs = getattr(case, key), getattr(other, key)
            if mine != theirs:
                slot = template[key]
                parts.append(f"{slot.label}是{slot.label_of(theirs)}，这里是{slot.label_of(mine)}")
        if case.problem != other.problems[0]:
            parts.append(f"首先解决的是“{self.reference.references.taxonomy.label_of(other.problems[0])}”")
        return "；".join(parts)


def describe(case: Case) -> str:
    """The words that stand for a case when others like it are looked for."""
    parts = (case.title, *case.keywords, case.summary, plain_text(case.situation))
    return "。".join(part for part in parts if part)[:DESCRIPTION]
