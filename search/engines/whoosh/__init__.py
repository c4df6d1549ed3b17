"""The engine that lasts: Whoosh writes, merges and commits the index; we read it as arrays and score it ourselves.

    engine      the promises of `search.engine`
    ├─ store       generations on disk: CURRENT (a manifest), one writer, verify before anything is opened
    │  ├─ manifest    sizes and hashes of every file
    │  └─ writing     our documents through Whoosh's writer
    │     ├─ fields      which Whoosh field carries what
    │     ├─ pool        postings gathered, sorted once
    │     └─ codec       Whoosh's codec with posting lists of ours, and the way to find them again
    │        └─ postings    a list as packed arrays
    └─ snapshot    one generation opened: live documents, lengths, columns, texts
       ├─ impacts     what a term is worth in each document, kept in a byte-bounded cache
       ├─ scoring     BM25F of one term over all fields, sums of terms, the best of them
       ├─ ranking     scores by which people are best served
       │  ├─ coverage    how much of the query a document has
       │  └─ feedback    what the best documents share
       ├─ matching    a plan as sets of documents, step by step
       └─ facets      values of a group as small integers

Whoosh's own query parser, matchers, highlights and grouping are not used; `docs/decisions` says why.
"""

from search.engines.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
