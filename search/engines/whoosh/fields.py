"""Which Whoosh field carries what.

    t:<text>    terms of one text (characters, bigrams, longer words in one bag), with frequencies and field length
    f:<facet>   one term a value; no frequencies, no length
    s:<sort>    column of the value
    id          column of the id
    folded      column of all folded texts, to check literals without unpacking documents
    stored      the original texts

One bag holds words and n-grams because a two-character word *is* its bigram: a field of their own would write each
posting twice and found nothing more (docs/decisions). Positions are not kept; literals are checked on the text.
"""

from collections.abc import Mapping
from typing import NamedTuple

from whoosh import columns, fields, formats

from search.analysis import Analyser, fold
from search.model import Document, Schema

LAYOUT = 2  # raise with every change of what is written
ID, FOLDED, STORED = "id", "folded", "stored"
BREAK = "\x00"  # between the texts of a document; folding leaves none inside
BYTES = columns.VarBytesColumn()


class TermsField(fields.FieldType):  # type: ignore[misc]
    """A field whose terms come counted; Whoosh's own analysers stay out of it."""

    def __init__(self, scorable: bool) -> None:
        super().__init__(formats.Existence(), None, scorable=scorable)


class Parts(NamedTuple):
    """A document as it is written: counted terms and bytes of columns, by field, and what is handed back."""

    terms: dict[str, Mapping[str, int]]
    columns: dict[str, bytes]
    stored: dict[str, str]


def text_field(name: str) -> str:
    return f"t:{name}"


def facet_field(name: str) -> str:
    return f"f:{name}"


def sort_field(name: str) -> str:
    return f"s:{name}"


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes | memoryview) -> str:
    return str(data, "utf-8", "surrogatepass")


def whoosh_schema(schema: Schema) -> fields.Schema:
    made = fields.Schema(**{ID: fields.COLUMN(BYTES), FOLDED: fields.COLUMN(BYTES), STORED: fields.STORED()})
    for text in schema.texts:
        made.add(text_field(text.name), TermsField(scorable=True))
    for facet in schema.facets:
        made.add(facet_field(facet), TermsField(scorable=False))
    for sort in schema.sorts:
        made.add(sort_field(sort), fields.COLUMN(BYTES))
    return made


def layout(schema: Schema) -> str:
    """What must be equal for an index to be readable with this schema; weights may change without a rebuild."""
    names = ([text.name for text in schema.texts], schema.facets, schema.sorts)
    return f"{LAYOUT} {names!r}"


def parts_of(document: Document, schema: Schema, analyser: Analyser) -> Parts:
    folded = {text.name: fold(document.texts.get(text.name, "")) for text in schema.texts}
    texts: dict[str, Mapping[str, int]] = {text_field(name): analyser.terms(text) for name, text in folded.items()}
    facets = {facet_field(name): dict.fromkeys(document.facets.get(name, ()), 1) for name in schema.facets}
    sorts = {sort_field(name): encoded(document.sorts.get(name, "")) for name in schema.sorts}
    own = {ID: encoded(document.id), FOLDED: encoded(BREAK.join(folded.values()))}
    return Parts({**texts, **facets}, {**own, **sorts}, dict(document.texts))
