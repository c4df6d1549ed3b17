"""The memory engine: slow, obvious, and the meaning of *what matches*."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from search.analysis import Analyser, Word, fold
from search.bounds import bounded
from search.errors import IndexMissing
from search.model import Document, Hit, Relaxation, Request, Results, Schema
from search.plan import Plan, build_plan
from search.reasons import build_hit


@dataclass(frozen=True)
class Entry:
    """A document with its folded texts and their terms, by field."""

    document: Document
    folded: Mapping[str, str]
    terms: Mapping[str, Counter[str]]

    def has_term(self, term: str) -> bool:
        return any(term in counts for counts in self.terms.values())

    def has_literal(self, literal: str) -> bool:
        return any(literal in text for text in self.folded.values())

    def has_word(self, word: Word) -> bool:
        return any(all(map(self.has_term, choice.terms)) for choice in (word, *word.aliases))


class MemoryEngine:
    def __init__(self, schema: Schema, analyser: Analyser) -> None:
        self._schema = schema
        self._analyser = analyser
        self._entries: dict[str, Entry] | None = None
        self._stamp: str | None = None

    def rebuild(
        self, documents: Iterable[Document], *, stamp: str, progress: Callable[[int], None] | None = None
    ) -> None:
        entries: dict[str, Entry] = {}
        for done, document in enumerate(documents, 1):
            if document.id in entries:
                raise ValueError(f"id {document.id!r} comes twice")
            entries[document.id] = self._entry(document)
            if progress:
                progress(done)
        self._entries, self._stamp = entries, stamp

    def update(self, upserts: Iterable[Document], removals: Iterable[str], *, stamp: str | None = None) -> None:
        changed = {**self._all(), **{document.id: self._entry(document) for document in upserts}}
        gone = set(removals)
        self._entries = {id: entry for id, entry in changed.items() if id not in gone}
        self._stamp = self._stamp if stamp is None else stamp

    def search(self, request: Request) -> Results:
        started = time.perf_counter()
        request = bounded(request, self._schema)
        plan = build_plan(request.query, self._analyser, is_description=request.is_description)
        kept = [e for e in self._all().values() if _is_allowed(e, plan)]
        filtered = [e for e in kept if _is_in(e, request.filters)]
        relaxed, matches = _first_matching_step(plan, filtered)
        scores = {e.document.id: self._score(e, plan) for e in filtered if matches(e)}
        ranked = self._ranked(scores, request.order)
        page = ranked[request.offset : request.offset + request.limit]
        if request.is_bare:
            hits = [Hit(id, scores[id], (), {}) for id in page]
        else:
            shown = [(id, self._all()[id]) for id in page]
            hits = [build_hit(plan, id, scores[id], entry.document.texts, entry.folded) for id, entry in shown]
        return Results(
            total=len(ranked),
            hits=tuple(hits),
            facets={group: _counts(group, request, filter(matches, kept)) for group in request.facets},
            relaxed=relaxed,
            words=plan.spellings,
            took_ms=(time.perf_counter() - started) * 1000,
            aliases=plan.aliases,
        )

    def ids(self) -> frozenset[str]:
        return frozenset(self._all())

    def stamp(self) -> str | None:
        return self._stamp

    def verify(self) -> list[str]:
        return []

    def close(self) -> None:
        """Nothing is held."""

    def _all(self) -> dict[str, Entry]:
        if self._entries is None:
            raise IndexMissing("尚未建立索引")
        return self._entries

    def _entry(self, document: Document) -> Entry:
        folded = {text.name: fold(document.texts.get(text.name, "")) for text in self._schema.texts}
        return Entry(document, folded, {name: self._analyser.terms(text) for name, text in folded.items()})

    def _score(self, entry: Entry, plan: Plan) -> float:
        return sum(
            text.weight * weight * entry.terms[text.name][term] / (entry.terms[text.name][term] + 1)
            for text in self._schema.texts
            for term, weight in plan.weights.items()
        )

    def _ranked(self, scores: Mapping[str, float], order: str) -> list[str]:
        ids = sorted(scores)
        if order == "relevance":
            return sorted(ids, key=lambda id: -scores[id])
        name = order.removeprefix("-")
        value = {id: self._all()[id].document.sorts.get(name, "") for id in ids}
        ordered = sorted(ids, key=value.__getitem__, reverse=order.startswith("-"))
        return sorted(ordered, key=lambda id: not value[id])


def _is_allowed(entry: Entry, plan: Plan) -> bool:
    return all(map(entry.has_literal, plan.literals)) and not any(map(entry.has_literal, plan.excluded))


def _is_in(entry: Entry, filters: Mapping[str, tuple[str, ...]]) -> bool:
    return all(set(values) & set(entry.document.facets.get(group, ())) for group, values in filters.items())


Matcher = Callable[[Entry], bool]
Step = tuple[Relaxation | None, Matcher]


def _first_matching_step(plan: Plan, entries: list[Entry]) -> Step:
    """The first step of relaxation that any of the entries meets; the strictest if none does."""
    steps = _steps(plan)
    return next((step for step in steps if any(map(step[1], entries))), steps[0])


def _steps(plan: Plan) -> list[Step]:
    if not plan.words:
        return [(None, lambda entry: True)]
    if plan.is_long:
        return [(None, lambda entry: any(map(entry.has_term, plan.weights)))]
    ngrams: Step = (Relaxation.NGRAMS, lambda entry: any(map(entry.has_term, plan.ngrams)))
    if plan.is_sentence:
        unquoted: Step = (None, lambda entry: any(map(entry.has_word, plan.words)))
        if not plan.quotes:
            return [unquoted, ngrams]
        quoted: Step = (None, lambda entry: unquoted[1](entry) and all(map(entry.has_literal, plan.quotes)))
        return [quoted, (Relaxation.UNQUOTED, unquoted[1]), ngrams]
    return [
        (None, lambda entry: all(map(entry.has_word, plan.words))),
        (Relaxation.MOST_WORDS, lambda entry: sum(map(entry.has_word, plan.words)) >= plan.most),
        ngrams,
    ]


def _counts(group: str, request: Request, entries: Iterable[Entry]) -> dict[str, int]:
    """Values of a group, most frequent first, under all filters but its own."""
    others = {name: values for name, values in request.filters.items() if name != group}
    values = Counter(v for e in entries if _is_in(e, others) for v in set(e.document.facets.get(group, ())))
    return dict(sorted(values.items(), key=lambda item: (-item[1], item[0])))
