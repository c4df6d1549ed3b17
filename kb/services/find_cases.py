"""查案例: from a secretary's words to the cases that fit, why each fits, and what else to try."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.case_lines import CaseLines
from kb.domain.kinds import CASE_ID
from kb.domain.plain_text import character_pairs
from kb.domain.taxonomy import ProblemType
from kb.services.case_cards import CaseCard, card_of
from kb.services.explain_hit import (
    NEAR,
    SAME_NUMBER,
    SAME_TITLE,
    WITHOUT_WORDS,
    explain,
    explain_looseness,
    fits_loosely,
    has_only_pieces,
)
from kb.services.fold_twins import find_twins
from kb.services.index_document import build_document
from kb.services.ports import Catalogue, ReferenceData
from kb.services.propose_types import nearest_problems
from search import Exclude, Hit, IndexFault, Request, Results, Searcher, Segment, Words, highlight, parse, snippet

PAGE_SIZE = 10
MOST_PAGES = 1000
ORDERS = {"relevance": "最相关", "-year": "最新", "id": "编号"}
FACET_LABELS = {
    "problem": "要解决的问题", "field": "领域", "level": "层级", "unit": "单位", "kind": "类型", "year": "年份",
}  # fmt: skip


PROSE_WORDS, PROSE_CHARACTERS = 3, 8
"""A question of fewer words asks for these words; one of more, or a longer one, tells a problem."""
FEW = 10
"""With fewer cases than this that have the words, near ones are shown after them."""
WEAK = 0.3
"""Share of the best score below which a hit has but a few of the words."""
_BESIDE_NUMBERS = re.compile(r"\W|案例|编号|[Nn][Oo]")
"""What stands around the number of a case and asks for nothing else."""
BY_TITLE = "检索索引正在重建，先按标题查找；稍后再检索会更全。"


@dataclass(frozen=True)
class Question:
    """What was asked: text in the query language, chosen facet values, order and page (from 1)."""

    text: str
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = "relevance"
    page: int = 1
    size: int = PAGE_SIZE


class FoundCase(NamedTuple):
    """A hit: its card, score, why it fits, and the marked title and lines."""

    card: CaseCard
    mechanism: str
    score: float
    why: str
    title: tuple[Segment, ...]
    situation: tuple[Segment, ...]
    practice: tuple[Segment, ...]
    promotion: tuple[Segment, ...]
    snippet: tuple[Segment, ...]
    twins: tuple[CaseCard, ...] = ()
    """Cases whose text is nearly the same, folded into this one."""

    @property
    def has_marked_snippet(self) -> bool:
        return any(is_match for _, is_match in self.snippet)


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet, how many of the matches have it, and whether it is chosen."""

    id: str
    label: str
    count: int
    is_chosen: bool


class Facet(NamedTuple):
    """A way to narrow the answer down."""

    name: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Answer:
    """A page of hits with its facets; `relaxed` is a sentence when the words had to be taken less strictly.

    has_words: whether any case has the words, and not only pieces of them; is_strict: whether the words did
    not have to be taken less strictly, for all but those that are said to be near; is_loose: whether no hit answers
    the words well, so that a reader is told so before the hits.
    """

    question: Question
    total: int
    hits: tuple[FoundCase, ...]
    facets: tuple[Facet, ...]
    words: tuple[str, ...]
    relaxed: str | None
    nearest: tuple[ProblemType, ...]
    took_ms: float
    has_words: bool = True
    is_strict: bool = True
    is_loose: bool = False
    excluded: tuple[str, ...] = ()
    """All that was asked: what must not be there; () where there are words, or nothing that could be looked for."""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.question.size))

    @property
    def weak_from(self) -> int | None:
        """Place (from 0) of the first hit that fits far less well than the best one; None where all fit or order is another."""
        if self.question.order != "relevance" or self.question.page > 1 or not self.hits:
            return None
        least = WEAK * self.hits[0].score
        return next((place for place, hit in enumerate(self.hits) if hit.score < least), None)


@dataclass(frozen=True)
class CaseFinder:
    """Answers questions from the index and the catalogue."""

    engine: Searcher
    catalogue: Catalogue
    reference: ReferenceData
    on_fault: Callable[[IndexFault], None] | None = None

    def find(self, question: Question) -> Answer:
        """The answer; while the index cannot be read, cases are found by title and the answer says so.

        Raises search.QueryError for text that cannot be read as a query.
        """
        question = _within_bounds(question)
        try:
            return self._find_numbered(question) or self._search(question)
        except IndexFault as fault:
            if self.on_fault is None:
                raise
            self.on_fault(fault)
            return self._find_by_title(question)

    def _find_numbered(self, question: Question) -> Answer | None:
        """The cases whose numbers are all that was written, as pieces name them in their sources; None where it is not so."""
        ids = list(dict.fromkeys(CASE_ID.findall(question.text)))
        if not ids or question.chosen or _BESIDE_NUMBERS.sub("", CASE_ID.sub("", question.text)):
            return None
        if any(isinstance(clause, Exclude) for clause in parse(question.text).clauses):
            return None
        found = self.catalogue.lines(ids)
        if not found:
            return None
        hits = self._listed([lines.id for lines in found], question, SAME_NUMBER)
        return Answer(question, len(found), hits, (), tuple(lines.id for lines in found), None, (), 0.0)

    def _find_by_title(self, question: Question) -> Answer:
        asked = character_pairs(question.text)
        shared = [(len(asked & character_pairs(title)), case_id) for case_id, title in self.catalogue.titles().items()]
        ids = [case_id for count, case_id in sorted(shared, key=lambda pair: (-pair[0], pair[1])) if count or not asked]
        if question.chosen:
            ids = [entry.case.id for entry in self.catalogue.cases(ids) if self._is_chosen(entry.case, question.chosen)]
        hits = self._listed(ids, question, SAME_TITLE if asked else "")
        return Answer(question, len(ids), hits, (), (), BY_TITLE, (), 0.0, is_strict=not asked)

    def _listed(self, ids: list[str], question: Question, why: str) -> tuple[FoundCase, ...]:
        """The cases of the page asked for, found without the index, in the order of the ids."""
        start = (question.page - 1) * question.size
        page = self.catalogue.lines(ids[start : start + question.size])
        hits = [Hit(lines.id, 0.0, (), {"body": lines.summary}) for lines in page]
        return tuple(hit._replace(why=why) for hit in self._hits(Results(len(ids), tuple(hits), {}, None, (), 0.0)))

    def _is_chosen(self, case: Case, chosen: Mapping[str, tuple[str, ...]]) -> bool:
        facets = build_document(case, None, self.reference.references.taxonomy).facets
        return all(set(values) & set(facets[name]) for name, values in chosen.items())

    def _search(self, question: Question) -> Answer:
        results = self.engine.search(_request(question))
        near = self._find_near(question, results)
        taxonomy = self.reference.references.taxonomy
        total = results.total + len(near.hits)
        return Answer(
            question=question,
            total=total,
            hits=(*self._folded(results, question), *self._near_hits(near, question, results.total)),
            facets=self._facets(results.facets, question.chosen),
            words=results.words,
            relaxed=explain_looseness(results, has_near=bool(near.hits)),
            nearest=() if total else nearest_problems(question.text, taxonomy),
            took_ms=results.took_ms,
            has_words=total > 0 and not has_only_pieces(results),
            is_strict=results.relaxed is None,
            is_loose=question.order == "relevance" and question.page == 1 and fits_loosely(results),
            excluded=() if results.words else _excluded(question.text),
        )

    def _find_near(self, question: Question, results: Results) -> Results:
        """Cases that share much with the words though not all of them, when hardly any case has them all."""
        query = parse(question.text)
        is_told = len(results.words) >= PROSE_WORDS or len(question.text) >= PROSE_CHARACTERS
        is_prose = is_told and all(isinstance(clause, Words) for clause in query.clauses)
        if not is_prose or results.total >= FEW or question.order != "relevance":
            return replace(results, hits=())
        request = replace(_request(question), offset=0, limit=FEW)
        known = {hit.id for hit in self.engine.search(replace(request, is_bare=True, facets=())).hits}
        wide = self.engine.search(replace(request, is_description=True, limit=FEW + results.total))
        # What shares neither a word nor a stretch of one that could be shown is not near.
        near = tuple(hit for hit in wide.hits if hit.id not in known and hit.reasons)
        return replace(wide, hits=near[: FEW - results.total])

    def _near_hits(self, near: Results, question: Question, before: int) -> tuple[FoundCase, ...]:
        """Those of the near cases that belong on the page asked for; `before` matches come before them."""
        start = (question.page - 1) * question.size - before
        page = near.hits[max(start, 0) : max(start + question.size, 0)]
        return tuple(hit._replace(why=NEAR + hit.why) for hit in self._hits(replace(near, hits=page))) if page else ()

    def _folded(self, results: Results, question: Question) -> tuple[FoundCase, ...]:
        """The hits of the page, near twins folded into the first of them; why they fit is said where words were asked."""
        found = {hit.card.id: hit for hit in self._hits(results)}
        if not question.text.strip():
            return tuple(found.values())
        twins = find_twins(
            [hit for hit in results.hits if hit.id in found], {id: one.card.kind for id, one in found.items()}
        )
        return tuple(
            found[id]._replace(why=found[id].why or WITHOUT_WORDS, twins=tuple(found[other].card for other in others))
            for id, others in twins.items()
        )

    def _hits(self, results: Results) -> tuple[FoundCase, ...]:
        known = {lines.id: lines for lines in self.catalogue.lines([hit.id for hit in results.hits])}
        titles = self.catalogue.mechanism_titles(lines.mechanism for lines in known.values())
        return tuple(self._found(hit, known[hit.id], titles, results) for hit in results.hits if hit.id in known)

    def _found(self, hit: Hit, lines: CaseLines, titles: Mapping[str, str], results: Results) -> FoundCase:
        card = card_of(lines, self.reference)
        words = [reason.word for reason in hit.reasons] if hit.only_ngrams else list(results.words)
        mark = partial(highlight, words=words, aliases=results.aliases)
        return FoundCase(
            card=card,
            mechanism=titles.get(lines.mechanism, ""),
            score=hit.score,
            why=explain(hit.reasons, only_ngrams=hit.only_ngrams),
            title=mark(card.title),
            situation=mark(card.situation),
            practice=mark(card.practice),
            promotion=mark(card.promotion),
            snippet=snippet(hit.texts.get("body", "") or card.summary, words, width=90, aliases=results.aliases),
        )

    def _facets(
        self, counts: Mapping[str, Mapping[str, int]], chosen: Mapping[str, tuple[str, ...]]
    ) -> tuple[Facet, ...]:
        facets = []
        for name, label in FACET_LABELS.items():
            picked = chosen.get(name, ())
            counted = {**dict.fromkeys(picked, 0), **counts.get(name, {})}
            values = [
                FacetValue(value, self.label_of(name, value), count, value in picked)
                for value, count in counted.items()
                if name != "problem" or "." in value or value in picked
            ]
            values.sort(key=lambda value: (-value.count, value.id) if name != "year" else (0, _reversed(value.id)))
            if len(values) > 1 or picked:
                facets.append(Facet(name, label, tuple(values)))
        return tuple(facets)

    def label_of(self, facet: str, value: str) -> str:
        """The words a page shows for a facet value."""
        if facet == "problem":
            return self.reference.references.taxonomy.label_of(value)
        if facet in ("field", "level", "kind"):
            return self.reference.case_template[facet].label_of(value)
        return value


def _excluded(text: str) -> tuple[str, ...]:
    clauses = parse(text).clauses
    return tuple(dict.fromkeys(clause.clause.text for clause in clauses if isinstance(clause, Exclude)))


def _reversed(text: str) -> str:
    return "".join(chr(0x10FFFF - ord(character)) for character in text)


def _request(question: Question) -> Request:
    return Request(
        query=parse(question.text),
        filters=question.chosen,
        order=question.order,
        offset=(question.page - 1) * question.size,
        limit=question.size,
        facets=tuple(FACET_LABELS),
    )


def _within_bounds(question: Question) -> Question:
    return Question(
        text=question.text,
        chosen={name: values for name, values in question.chosen.items() if name in FACET_LABELS and values},
        order=question.order if question.order in ORDERS else "relevance",
        page=min(max(question.page, 1), MOST_PAGES),
        size=min(max(question.size, 1), 100),
    )
