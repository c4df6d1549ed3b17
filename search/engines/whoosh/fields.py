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

from collections.abc import Iterator, Mapping
from itertools import chain

from whoosh import columns, fields, formats
from whoosh.util.numeric import byte_to_length, length_to_byte

from search.analysis import Analyser, fold
from search.model import Document, Schema

LAYOUT = 1  # raise with every change of what is written
ID, FOLDED, STORED = "id", "folded", "stored"
BREAK = "\x00"  # between the texts of a document; folding leaves none inside
BYTES = columns.VarBytesColumn()


class TermsField(fields.FieldType):  # type: ignore[misc]
    """A field that is handed its terms counted; Whoosh's own analysers stay out of it."""

    def __init__(self, scorable: bool) -> None:
        super().__init__(formats.Existence(), None, scorable=scorable)

    def index(self, value: Mapping[str, int], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Items of term, share of the field length, weight, and no payload.

        Whoosh keeps a length as one byte but sums the exact ones. Giving it the rounded length from the start makes
        averages the same before and after a merge; the first item carries the difference.
        """
        length = sum(value.values())
        surplus = byte_to_length(length_to_byte(length)) - length
        for term, count in value.items():
            yield encoded(term), count + surplus, float(count), b""
            surplus = 0


def text_field(name: str) -> str:
    return f"t:{name}"


def facet_field(name: str) -> str:
    return f"f:{name}"


def sort_field(name: str) -> str:
    return f"s:{name}"


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


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


def whoosh_document(document: Document, schema: Schema, analyser: Analyser) -> dict[str, object]:
    folded = {text.name: fold(document.texts.get(text.name, "")) for text in schema.texts}
    texts = ((text_field(name), analyser.terms(text)) for name, text in folded.items())
    facets = ((facet_field(name), dict.fromkeys(document.facets.get(name, ()), 1)) for name in schema.facets)
    sorts = ((sort_field(name), encoded(document.sorts.get(name, ""))) for name in schema.sorts)
    whole = {ID: encoded(document.id), FOLDED: encoded(BREAK.join(folded.values())), STORED: dict(document.texts)}
    return {**whole, **dict(chain(texts, facets, sorts))}
