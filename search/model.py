"""What goes in (schema, documents, requests) and what comes out (results, hits, reasons)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from search.query_language import Query


@dataclass(frozen=True)
class TextField:
    """A searched text. `weight` multiplies the score of everything found in it."""

    name: str
    weight: float = 1.0


@dataclass(frozen=True)
class Schema:
    """The shape of every document of one index."""

    texts: tuple[TextField, ...]
    facets: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """One thing to find. Texts outside the schema are kept and handed back, not searched."""

    id: str
    texts: Mapping[str, str]
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sorts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """One page of answers. Filters: any value inside a group, every group; `order`: "relevance", "name" or "-name".

    `is_description`: a short query is taken as a long one is: nothing demanded, everything ranked.
    `is_bare`: hits with id and score only, for whoever wants a thousand of them.
    """

    query: Query
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = "relevance"
    offset: int = 0
    limit: int = 10
    facets: tuple[str, ...] = ()
    is_bare: bool = False
    is_description: bool = False


class Relaxation(Enum):
    """How far the wish was loosened before anything matched; the value is the sentence to show."""

    MOST_WORDS = "没有同时包含全部词语的结果，以下结果包含其中至少一半"
    UNQUOTED = "没有一字不差地包含引号内文字的结果，以下结果包含其中的词语"
    NGRAMS = "没有包含这些词语的结果，以下结果仅有部分字词相符"


class Reason(NamedTuple):
    """Why a document is in the answer: `word` stands in `field`, found as an alias of `alias_of` if that is given."""

    word: str
    field: str
    alias_of: str | None = None


@dataclass(frozen=True)
class Hit:
    """`only_ngrams`: no word of the query stands in the texts, only pieces of words; `reasons` then name the pieces."""

    id: str
    score: float
    reasons: tuple[Reason, ...]
    texts: Mapping[str, str]
    only_ngrams: bool = False


@dataclass(frozen=True)
class Results:
    """`total` counts all matches, `hits` is the page asked for.

    `words` are those really used, as the asker spelled them, and `aliases` what they were widened to.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    relaxed: Relaxation | None
    words: tuple[str, ...]
    took_ms: float
    aliases: tuple[str, ...] = ()
