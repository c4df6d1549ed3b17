"""查案例: from a secretary's words to the cases that fit, why each fits, and what else to try."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple, Protocol

from kb.domain.case import Case
from kb.domain.taxonomy import ProblemType, Taxonomy
from kb.services.case_cards import CaseCard, build_card
from kb.services.index_document import FIELD_LABELS
from kb.services.ports import Catalogue, ReferenceData
from search import Hit, IndexFault, Reason, Request, Results, Searcher, Segment, Words, highlight, parse, snippet

PAGE_SIZE = 10
MOST_PAGES = 1000
ORDERS = {"relevance": "最相关", "-year": "最新", "id": "编号"}
FACET_LABELS = {
    "problem": "要解决的问题", "field": "领域", "level": "层级", "unit": "单位", "kind": "类型", "year": "年份",
}  # fmt: skip


PROSE_WORDS = 3
"""A question of fewer words asks for these words; one of more tells a problem."""
FEW = 10
"""With fewer cases than this that have the words, near ones are shown after them."""
NEARBY_TOO = "与这些词语相符的案例只有 {} 个，其后是意思相近的案例。"
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
    """A page of hits with its facets; `relaxed` is a sentence when the words had to be taken less strictly."""

    question: Question
    total: int
    hits: tuple[FoundCase, ...]
    facets: tuple[Facet, ...]
    words: tuple[str, ...]
    relaxed: str | None
    nearest: tuple[ProblemType, ...]
    took_ms: float

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.question.size))


class AnswerCache(Protocol):
    """Keeps answers under a key that names everything they depend on."""

    def get(self, key: Hashable, find: Callable[[], Answer]) -> Answer: ...


class CaseFinder:
    """Answers questions from the index and the catalogue."""

    def __init__(
        self,
        engine: Searcher,
        catalogue: Catalogue,
        reference: ReferenceData,
        *,
        cache: AnswerCache | None = None,
        on_fault: Callable[[IndexFault], None] | None = None,
    ) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._reference = reference
        self._cache = cache
        self._on_fault = on_fault

    def find(self, question: Question) -> Answer:
        """The answer; while the index cannot be read, cases are found by title and the answer says so.

        Raises search.QueryError for text that cannot be read as a query.
        """
        question = _within_bounds(question)
        try:
            if self._cache is None:
                return self._search(question)
            # Given for what guests see alone; whoever sees more gets no cache.
            key = (self._catalogue.stamp(), self._catalogue.generation(), _key(question))
            return self._cache.get(key, lambda: self._search(question))
        except IndexFault as fault:
            if self._on_fault is None:
                raise
            self._on_fault(fault)
            return self._find_by_title(question)

    def _find_by_title(self, question: Question) -> Answer:
        asked = _pairs(question.text)
        shared = [(len(asked & _pairs(title)), case_id) for case_id, title in self._catalogue.titles().items()]
        ids = [case_id for count, case_id in sorted(shared, key=lambda pair: (-pair[0], pair[1])) if count or not asked]
        start = (question.page - 1) * question.size
        entries = self._catalogue.cases(ids[start : start + question.size])
        hits = [Hit(entry.case.id, 0.0, (), {"body": entry.case.summary}) for entry in entries]
        results = Results(len(ids), tuple(hits), {}, None, (), 0.0)
        return Answer(question, len(ids), self._hits(results), (), (), BY_TITLE, (), 0.0)

    def _search(self, question: Question) -> Answer:
        results = self._engine.search(_request(question))
        nearby = self._find_nearby(question, results)
        taxonomy = self._reference.references.taxonomy
        relaxed = f"{results.relaxed.value}。" if results.relaxed else None
        total = results.total + len(nearby)
        return Answer(
            question=question,
            total=total,
            hits=(*self._hits(results), *nearby),
            facets=self._facets(results.facets, question.chosen),
            words=results.words,
            relaxed=NEARBY_TOO.format(results.total) if nearby else relaxed,
            nearest=() if total else nearest_problems(question.text, taxonomy),
            took_ms=results.took_ms,
        )

    def _find_nearby(self, question: Question, results: Results) -> tuple[FoundCase, ...]:
        """Cases that share much with the words though not all of them, when hardly any case has them all."""
        query = parse(question.text)
        is_prose = all(isinstance(clause, Words) for clause in query.clauses) and len(results.words) >= PROSE_WORDS
        if not is_prose or results.total >= FEW or question.page > 1 or question.order != "relevance":
            return ()
        room = min(FEW, question.size) - results.total
        wide = self._engine.search(replace(_request(question), is_description=True, limit=FEW + results.total))
        known = {hit.id for hit in results.hits}
        hits = tuple(hit for hit in wide.hits if hit.id not in known)[: max(room, 0)]
        return self._hits(replace(wide, hits=hits))

    def _hits(self, results: Results) -> tuple[FoundCase, ...]:
        entries = {entry.case.id: entry for entry in self._catalogue.cases([hit.id for hit in results.hits])}
        return tuple(self._found(hit, entries[hit.id].case, results) for hit in results.hits if hit.id in entries)

    def _found(self, hit: Hit, case: Case, results: Results) -> FoundCase:
        card = build_card(case, self._reference)
        formed = self._catalogue.find_mechanism(case.mechanism)
        words = [reason.word for reason in hit.reasons] if hit.only_ngrams else list(results.words)
        mark = partial(highlight, words=words, aliases=results.aliases)
        return FoundCase(
            card=card,
            mechanism=formed.mechanism.title if formed else "",
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
            return self._reference.references.taxonomy.label_of(value)
        if facet in ("field", "level", "kind"):
            return self._reference.case_template[facet].label_of(value)
        return value


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


def _key(question: Question) -> Hashable:
    chosen = tuple((name, tuple(sorted(values))) for name, values in sorted(question.chosen.items()))
    return question.text.strip(), chosen, question.order, question.page, question.size


def _within_bounds(question: Question) -> Question:
    return Question(
        text=question.text,
        chosen={name: values for name, values in question.chosen.items() if name in FACET_LABELS and values},
        order=question.order if question.order in ORDERS else "relevance",
        page=min(max(question.page, 1), MOST_PAGES),
        size=min(max(question.size, 1), 100),
    )


def explain(reasons: Sequence[Reason], *, only_ngrams: bool = False) -> str:
    """为什么命中, as one Chinese sentence: which words, through which alias, in which field."""
    places: dict[str, list[str]] = {}
    for reason in reasons:
        words = f"“{reason.alias_of}”（库中作“{reason.word}”）" if reason.alias_of else f"“{reason.word}”"
        fields = places.setdefault(words, [])
        label = FIELD_LABELS.get(reason.field, reason.field)
        if label not in fields:
            fields.append(label)
    found = "；".join(f"{words}见于{'、'.join(fields)}" for words, fields in places.items())
    return f"仅有部分字词相符：{found}" if only_ngrams and found else found


def nearest_problems(text: str, taxonomy: Taxonomy, most: int = 4) -> tuple[ProblemType, ...]:
    """Problem types whose names, aliases and signs share the most character pairs with the text."""
    asked = _pairs(text)
    scored = []
    for problem in taxonomy.problems.values():
        if problem.parent:
            words = _pairs("，".join((problem.label, *problem.aliases, problem.definition, *problem.signs)))
            scored.append((len(asked & words), problem))
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    return tuple(problem for shared, problem in scored[:most] if shared)


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalnum()}
