"""相似案例: for a case or a text, the cases nearest to it, why they are near, and in what they differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.case_lines import CaseLines
from kb.domain.plain_text import plain_text
from kb.services.case_cards import CaseCard, card_of
from kb.services.ports import Catalogue, ReferenceData
from search import IndexFault, Literal, Query, Reason, Request, Searcher, parse

MOST = 4
MOST_WORDS = 4
LEAST_WORD = 2
"""Characters of a word worth naming as a reason."""
COMMON_SHARE, LEAST_COMMON = 0.2, 5
"""A word in more than this share of the library (and in more cases than that) is named by none: all would share it."""
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
            near = [hit for hit in results.hits if hit.id != case.id][:most]
            words = self._telling({hit.id: hit.reasons for hit in near})
        except IndexFault as fault:
            if self.on_fault:
                self.on_fault(fault)
            return ()
        return tuple(
            SimilarCase(
                card=card_of(other, self.reference),
                why=self._why(case, other, words[other.id]),
                differs=self._differs(case, other),
            )
            for other in self.catalogue.lines(list(words))
        )

    def _telling(self, found: Mapping[str, tuple[Reason, ...]]) -> dict[str, list[str]]:
        """Of the reasons of each case the first words that hardly any other case would share."""
        most = max(LEAST_COMMON, COMMON_SHARE * self._count(Query()))
        is_common = lru_cache(None)(lambda word: self._count(Query((Literal(word),))) > most)

        def telling(reasons: tuple[Reason, ...]) -> Iterator[str]:
            words = dict.fromkeys(reason.word for reason in reasons if _is_telling(reason.word))
            return (word for word in words if not is_common(word))

        return {case_id: list(islice(telling(reasons), MOST_WORDS)) for case_id, reasons in found.items()}

    def _count(self, query: Query) -> int:
        return self.engine.search(Request(query, order="id", limit=1, is_bare=True)).total

    def _why(self, case: Case, other: CaseLines, words: Sequence[str]) -> str:
        parts = []
        if case.mechanism and case.mechanism == other.mechanism:
            parts.append("形成同一个机制")
        shared = [problem for problem in case.problems if problem in other.problems]
        labels = [self.reference.references.taxonomy.label_of(problem) for problem in shared]
        if labels:
            parts.append("同样要解决" + "、".join(f"“{label}”" for label in labels))
        if words:
            parts.append("都说到" + "、".join(f"“{word}”" for word in words))
        return "；".join(parts)

    def _differs(self, case: Case, other: CaseLines) -> str:
        template = self.reference.case_template
        parts = []
        for key in ("level", "field"):
            mine, theirs = getattr(case, key), getattr(other, key)
            if mine != theirs:
                slot = template[key]
                parts.append(f"{slot.label}是{slot.label_of(theirs)}，这里是{slot.label_of(mine)}")
        first = other.problems[0]
        if case.problem != first:
            label = self.reference.references.taxonomy.label_of(first)
            is_shared = first in case.problems
            parts.append(f"“{label}”在那里是首要问题" if is_shared else f"首先解决的是“{label}”")
        return "；".join(parts)


def _is_telling(word: str) -> bool:
    """Years and other bare numbers are shared by chance."""
    return len(word) > LEAST_WORD and not word.isdecimal()


def describe(case: Case) -> str:
    """The words that stand for a case when others like it are looked for."""
    parts = (case.title, *case.keywords, case.summary, plain_text(case.situation))
    return "。".join(part for part in parts if part)[:DESCRIPTION]
