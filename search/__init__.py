"""Full-text search for Chinese documents: text, fields and facets. It knows nothing of what the documents are about.

        text ──► query_language ──► Query ─┐                          ┌─► marking: highlight, snippet
                                           ▼                          │
    Request ───────────────────────────► plan ──► engine ──► Results ─┤
                                           ▲        ▲                 └─► reasons: why a hit is a hit
                     analysis: Analyser ───┘        │
    Document ───────────────────────────────────────┘

    query_language   what a reader may write, as a tree, both ways
    analysis         folding, segmentation, terms; the only import of jieba and OpenCC
    plan             what a query demands, how it is relaxed, what is scored: the same for every engine
    engine           the promises; `engines.memory` is their meaning, `engines.whoosh` the one that lasts
    likeness         how much of their wording texts share
    model, errors    what goes in and out, and whose fault it is

An engine is picked by whoever starts the program, from `search.engines`; nobody else imports one.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.analysis import Analyser
    from search.engine import Engine, Searcher
    from search.errors import (
        IndexBusy,
        IndexDamaged,
        IndexFault,
        IndexMissing,
        IndexStale,
        IndexUnavailable,
        QueryError,
        SearchError,
    )
    from search.marking import Segment, highlight, snippet
    from search.model import Document, Hit, Reason, Relaxation, Request, Results, Schema, TextField
    from search.query_language import Exclude, Literal, Query, Words, parse, unparse
else:
    _HOMES = {
        "Analyser": "analysis",
        "Document": "model",
        "Engine": "engine",
        "Exclude": "query_language",
        "Hit": "model",
        "IndexBusy": "errors",
        "IndexDamaged": "errors",
        "IndexFault": "errors",
        "IndexMissing": "errors",
        "IndexStale": "errors",
        "IndexUnavailable": "errors",
        "Literal": "query_language",
        "Query": "query_language",
        "QueryError": "errors",
        "Reason": "model",
        "Relaxation": "model",
        "Request": "model",
        "Results": "model",
        "Schema": "model",
        "SearchError": "errors",
        "Searcher": "engine",
        "Segment": "marking",
        "TextField": "model",
        "Words": "query_language",
        "highlight": "marking",
        "parse": "query_language",
        "snippet": "marking",
        "unparse": "query_language",
    }

    def __getattr__(name: str) -> object:
        """Only the part that is asked for is loaded: who catches an IndexFault needs neither NumPy nor jieba (0.2 s)."""
        if name not in _HOMES:
            raise AttributeError(f"{__name__} has no {name}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = [
    "Analyser",
    "Document",
    "Engine",
    "Exclude",
    "Hit",
    "IndexBusy",
    "IndexDamaged",
    "IndexFault",
    "IndexMissing",
    "IndexStale",
    "IndexUnavailable",
    "Literal",
    "Query",
    "QueryError",
    "Reason",
    "Relaxation",
    "Request",
    "Results",
    "Schema",
    "SearchError",
    "Searcher",
    "Segment",
    "TextField",
    "Words",
    "highlight",
    "parse",
    "snippet",
    "unparse",
]
