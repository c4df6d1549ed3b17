"""Whoosh's codec with posting lists of our own; columns, stored fields, lengths and the table of terms stay Whoosh's.

Whoosh's searcher reads these lists too, through a plain list matcher: that is how tests hold our scores against its own.
"""

from collections.abc import Iterable, Iterator
from struct import Struct
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.filedb.filetables import HashWriter
from whoosh.matching import ListMatcher
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.system import pack_ushort

from search.engines.whoosh.postings import FieldPostings, Postings, packed, starts_of, unpacked

CRC32 = 1
_TERM_INFO = Struct(W3TermInfo._struct.format + "qi")  # and where the posting list is


class ArrayCodec(W3Codec):  # type: ignore[misc]
    length_stats = (
        False  # the shortest and longest length of a list are a quarter of the writing, for a use we have not
    )

    def field_writer(self, storage: Any, segment: Any) -> "ArrayFieldWriter":
        return ArrayFieldWriter(self, storage, segment)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: object = None, scorer: object = None
    ) -> ListMatcher:
        documents, frequencies = _read(dbfile, terminfo)
        found = documents.tolist(), frequencies.tolist(), [b""] * len(documents)
        return ListMatcher(*found, format_, scorer=scorer, term=term, terminfo=terminfo)


class ArrayFieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Takes whole fields instead of one posting at a time."""

    def __init__(self, codec: ArrayCodec, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        # MD5, Whoosh's choice for its table of terms, took a third of writing a term and half of finding one.
        self._tindex.dbfile.seek(0)
        HashWriter.__init__(self._tindex, self._tindex.dbfile, hashtype=CRC32)
        self._fieldmap: dict[str, int] = {}
        self._tindex.extras["fieldmap"] = self._fieldmap

    def add_postings(self, schema: Any, lengths: object, fields: Iterable[tuple[str, FieldPostings]]) -> None:
        for name, found in fields:
            self.start_field(name, schema[name])
            self._add_field(found)
            self.finish_field()

    def _add_field(self, found: FieldPostings) -> None:
        prefix, offset = pack_ushort(self._fieldid), self._postfile.tell()
        for term, row, data in zip(found.terms, _term_rows(found), packed(found), strict=True):
            info = _TERM_INFO.pack(*row, offset, len(data))
            self._tindex.add(prefix + term.encode("utf-8", "surrogatepass"), info)
            self._postfile.write(data)
            offset += len(data)


def _term_rows(found: FieldPostings) -> Iterator[tuple[int | float, ...]]:
    """What Whoosh wants to know of each term: flags, weight, documents, lengths, largest weight, first and last one."""
    starts = starts_of(found.ends)
    weights = np.add.reduceat(found.frequencies, starts).tolist()
    largest = np.maximum.reduceat(found.frequencies, starts).tolist()
    counts, first, last = (
        (found.ends - starts).tolist(),
        found.documents[starts].tolist(),
        found.documents[found.ends - 1].tolist(),
    )
    for weight, count, most, one, other in zip(weights, counts, largest, first, last, strict=True):
        yield 0, weight, count, 0, 0, most, one, other


def read_postings(reader: SegmentReader, field: str, term: bytes) -> Postings | None:
    """Postings of a term in one segment, deleted documents included; None where the segment lacks it."""
    terms = reader._terms
    if field not in terms._fieldmap:
        return None
    try:
        return _read(terms._postfile, terms.term_info(field, term))
    except TermNotFound:
        return None


def iter_terms(reader: SegmentReader, field: str) -> Iterator[tuple[bytes, Postings]]:
    """All terms of a field of one segment, in order."""
    terms = reader._terms
    if field not in terms._fieldmap:
        return
    for (name, term), info in terms.items_from(field, b""):
        if name != field:
            break
        yield term, _read(terms._postfile, info)


def _read(file: Any, info: Any) -> Postings:
    offset, length = info.extent()
    (length,) = length if isinstance(length, tuple) else (length,)  # read back, Whoosh leaves the length packed
    return unpacked(file.get(offset, length))
