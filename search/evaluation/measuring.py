"""Asking an engine every query of a collection, and what comes of it."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from search.engine import Engine
from search.evaluation.collection import Collection, EvaluationQuery
from search.evaluation.intervals import bootstrap_intervals
from search.evaluation.metrics import average_precision, hit_at, ndcg_at, recall_at, reciprocal_rank_at
from search.model import Document, Request, Schema, TextField
from search.query_language import parse

DEPTH = 1_000  # documents ranked for the figures, as in trec_eval
PAGE = 10  # what a reader gets, and what is timed
BODY, ID = "body", "id"

MEASURES = {
    "hit@1": lambda ranking, grades: hit_at(1, ranking, grades),
    "hit@5": lambda ranking, grades: hit_at(5, ranking, grades),
    "hit@10": lambda ranking, grades: hit_at(10, ranking, grades),
    "recall@100": lambda ranking, grades: recall_at(100, ranking, grades),
    "mrr@10": lambda ranking, grades: reciprocal_rank_at(10, ranking, grades),
    "ndcg@10": lambda ranking, grades: ndcg_at(10, ranking, grades),
    "ndcg@30": lambda ranking, grades: ndcg_at(30, ranking, grades),
    "map": average_precision,
}


@dataclass(frozen=True)
class Report:
    """Mean and 95 % interval of every measure by its name; milliseconds of one page of answers; how much was asked, and left out."""

    means: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    p50_ms: float
    p95_ms: float
    queries: int
    documents: int
    wordless_queries: int = 0
    wordless_documents: int = 0


def schema_of(collection: Collection) -> Schema:
    """One text; ids as a facet where a query brings the pool it is to be answered from."""
    has_pool = any(query.pool is not None for query in collection.queries)
    return Schema((TextField(BODY),), facets=(ID,) if has_pool else ())


def measure(engine: Engine, collection: Collection) -> Report:
    """Fills the engine (its schema must be `schema_of` the collection) and asks every query. Raises IndexFault, OSError."""
    engine.rebuild(_documents(collection), stamp="evaluation")
    engine.search(Request(parse("党"), limit=1))  # opening the index is not what is timed
    values: dict[str, list[float]] = {name: [] for name in MEASURES}
    took = []
    for query in collection.queries:
        started = time.perf_counter()
        engine.search(_request(query, limit=PAGE))
        took.append((time.perf_counter() - started) * 1000)
        ranking = rank(engine, query)
        for name, measured in MEASURES.items():
            values[name].append(measured(ranking, query.grades))
    return Report(
        means={name: sum(found) / len(found) for name, found in values.items()},
        intervals=bootstrap_intervals(values),
        p50_ms=float(np.percentile(took, 50)),
        p95_ms=float(np.percentile(took, 95)),
        queries=len(collection.queries),
        documents=len(collection.documents),
        wordless_queries=collection.wordless_queries,
        wordless_documents=collection.wordless_documents,
    )


def rank(engine: Engine, query: EvaluationQuery) -> list[str]:
    """Ids best first. Documents of the pool that do not match come last, in the order of the pool."""
    results = engine.search(_request(query, limit=DEPTH, is_bare=True))
    ranking = [hit.id for hit in results.hits]
    ranking += _missing(query.pool or (), ranking)
    return [id for id in ranking if id not in query.excluded]


def _missing(pool: Sequence[str], ranking: Iterable[str]) -> Iterator[str]:
    ranked = set(ranking)
    return (id for id in pool if id not in ranked)


def _request(query: EvaluationQuery, *, limit: int, is_bare: bool = False) -> Request:
    # An id nobody has keeps an empty pool from meaning "no filter".
    filters = {} if query.pool is None else {ID: query.pool or ("",)}
    return Request(parse(query.text), filters=filters, limit=limit + len(query.excluded), is_bare=is_bare)


def _documents(collection: Collection) -> Iterator[Document]:
    for id, text in collection.documents.items():
        yield Document(id, {BODY: text}, {ID: (id,)})
