"""One generation of the index, opened: nothing in it changes, so any number of threads may ask it."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from search.analysis.runs import ngrams_of
from search.engines.whoosh.facets import FacetColumn
from search.engines.whoosh.fields import (
    BREAK,
    ID,
    STORED,
    decoded,
    encoded,
    facet_field,
    sort_field,
    text_field,
)
from search.engines.whoosh.impacts import Impact, ImpactCache, Numbers
from search.engines.whoosh.postings import Postings, unpacked_all
from search.engines.whoosh.scoring import Fields, Found, impacts_of, norms, total
from search.engines.whoosh.segments import Segment, open_segments
from search.model import Schema

Lengths = NDArray[np.float32]
MOST_PROOF = 32  # n-grams of a literal; the text itself is looked at after them
NOT_FOUND = Found(Postings(np.empty(0, np.int32), np.empty(0, np.float32)), np.empty(0, np.intp))
LEAST_WEIGHT = 1e-20  # so that what stands in a field of no weight still matches


class Snapshot:
    """Readers, columns and statistics of one commit. Close it when no thread uses it any more."""

    def __init__(self, folder: Path, toc: int, schema: Schema, cache_bytes: int) -> None:
        self._schema = schema
        self._lock = RLock()  # Whoosh's readers keep positions and caches of their own
        self._cache = ImpactCache(cache_bytes)
        self._facets: dict[str, FacetColumn] = {}
        self._orders: dict[str, Numbers] = {}
        self._segments = open_segments(folder, toc, schema)
        self.size = sum(segment.size for segment in self._segments)
        self.live = np.concatenate([np.empty(0, np.bool_), *(segment.live for segment in self._segments)])
        self.count = int(self.live.sum())
        ids = self._column(ID)
        self.ids = [decoded(value) for value in ids]
        self.id_ranks = _ranks(ids)  # bytes of UTF-8 sort as the characters do
        lengths = {text: self._lengths(text.name) for text in schema.texts}
        self._fields = Fields(
            names=[text_field(text.name) for text in schema.texts],
            weights=[max(text.weight, LEAST_WEIGHT) for text in schema.texts],
            norms=np.stack([norms(self._over_average(lengths[text])) for text in schema.texts]),
        )
        # Length of the whole document over the average one.
        self.lengths = self._over_average(sum(lengths.values(), np.zeros(self.size, dtype=np.float32)))

    def close(self) -> None:
        for segment in self._segments:
            segment.reader.close()

    def numbers(self) -> dict[str, int]:
        """Number of every living document by its id."""
        return {self.ids[number]: int(number) for number in np.flatnonzero(self.live)}

    def impacts(self, terms: Iterable[str]) -> list[Impact]:
        """What each term is worth in each document."""
        return self._cache.get_all(terms, self._impacts)

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """Score of every document for these weighted terms; zero for deleted ones."""
        return total(self.impacts(weights), weights.values(), self.size)

    def literal(self, literal: str) -> Numbers:
        """Documents in whose text this folded text stands."""
        return self._cache.get(("literal", literal), lambda: self._literal(literal)).documents

    def texts(self, number: int) -> dict[str, str]:
        segment = self._segment(number)
        with self._lock:
            stored: dict[str, str] = segment.reader.stored_fields(number - segment.base)[STORED]
        return stored

    def facet(self, name: str) -> FacetColumn:
        with self._lock:
            if name not in self._facets:
                self._facets[name] = FacetColumn(self.size, self._documents_by_value(facet_field(name)))
            return self._facets[name]

    def order(self, name: str) -> Numbers:
        """Rank of each document by a sort value, ascending; equal values share a rank, and -1 stands for no value."""
        with self._lock:
            if name not in self._orders:
                values = self._column(sort_field(name))
                self._orders[name] = np.where([bool(value) for value in values], _ranks(values), -1).astype(np.int32)
            return self._orders[name]

    def _impacts(self, terms: list[str]) -> list[Impact]:
        return impacts_of(self._find(self._fields.names, terms), len(terms), self._fields, self.count)

    def _find(self, fields: Sequence[str], terms: Iterable[str]) -> Found:
        """Postings of the terms in the fields among the living, in numbers of the whole index."""
        lists, rows, bases = [], [], []
        names = [encoded(term) for term in terms]
        for row, (term, field) in enumerate(product(names, fields)):
            for segment in self._segments:
                if found := segment.lists.find(field, term):
                    lists.append(found)
                    rows.append(row)
                    bases.append(segment.base)
        if not lists:
            return NOT_FOUND
        (documents, frequencies), ends = unpacked_all(lists)
        counts = np.diff(ends, prepend=0)
        documents += np.repeat(np.array(bases, dtype=np.int32), counts)
        of_rows = np.repeat(np.array(rows, dtype=np.intp), counts)
        if self.count < self.size:
            kept = self.live[documents]
            documents, frequencies, of_rows = documents[kept], frequencies[kept], of_rows[kept]
        return Found(Postings(documents, frequencies), of_rows)

    def _literal(self, literal: str) -> Impact:
        ngrams = ngrams_of(literal)
        proof = sorted(ngrams, key=lambda ngram: (-len(ngram), ngram))[:MOST_PROOF]
        rarest, *others = sorted(self.impacts(proof), key=lambda impact: impact.count)
        candidates = rarest.documents
        for other in others:
            candidates = other.among(candidates)
        if literal not in ngrams:  # a character or bigram is its own proof
            candidates = candidates[[literal in self.folded(number) for number in candidates.tolist()]]
        return Impact(candidates, np.empty(0, dtype=np.float32))

    def folded(self, number: int, most_bytes: int = sys.maxsize) -> str:
        """The folded texts of a document, one after the other, or their beginning of so many bytes."""
        segment = self._segment(number)
        return segment.folded.read(number - segment.base, most_bytes)

    def folded_texts(self, number: int) -> dict[str, str]:
        """The folded texts of a document by name."""
        return dict(zip((text.name for text in self._schema.texts), self.folded(number).split(BREAK), strict=True))

    def _segment(self, number: int) -> Segment:
        return next(segment for segment in reversed(self._segments) if segment.base <= number)

    def _lengths(self, name: str) -> Lengths:
        return np.concatenate(
            [np.empty(0, np.float32), *(segment.lengths(text_field(name)) for segment in self._segments)]
        )

    def _over_average(self, lengths: Lengths) -> Lengths:
        average = float(lengths[self.live].sum(dtype=np.float64)) / max(self.count, 1)
        return (lengths / (average or 1)).astype(np.float32)

    def _documents_by_value(self, field: str) -> dict[str, Numbers]:
        terms = sorted({decoded(term) for segment in self._segments for term, _ in segment.lists.items(field)})
        found = self._find([field], terms)
        ends = np.searchsorted(found.rows, np.arange(1, len(terms)))
        parts = np.split(found.postings.documents, ends)
        return {term: documents for term, documents in zip(terms, parts, strict=False) if len(documents)}

    def _column(self, name: str) -> list[bytes]:
        return [value for segment in self._segments for value in segment.column(name)]


def _ranks(values: list[bytes]) -> Numbers:
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)))}
    return np.array([ranks[value] for value in values], dtype=np.int32)
