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
from search.likeness import likeness
from search.marking import Segment, highlight, snippet
from search.model import Document, Hit, Reason, Relaxation, Request, Results, Schema, TextField
from search.query_language import Exclude, Literal, Query, Words, parse, unparse

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
    "likeness",
    "parse",
    "snippet",
    "unparse",
]
