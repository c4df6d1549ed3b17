"""Whoosh's codec with posting lists of our own; columns, stored fields, lengths and the table of terms stay Whoosh's.

Whoosh's searcher reads these lists too, through a plain list matcher: that is how tests hold our scores against its own.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from struct import Struct
from typing import Any
from zlib import crc32

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.matching import ListMatcher
from whoosh.reading import SegmentReader
from whoosh.system import pack_ushort

from search.engines.whoosh.fields import encoded
from search.engines.whoosh.postings import FieldPostings, Postings, packed, starts_of, unpacked

CRC32 = 1
_LENGTHS = Struct("!ii")  # of key and value
_SLOT = Struct("!Iq")  # hash of a key, and where it stands
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
        offset, length = terminfo.extent()
        (length,) = length if isinstance(length, tuple) else (length,)  # read back, Whoosh leaves the length packed
        documents, frequencies = unpacked(dbfile.get(offset, length))
        found = documents.tolist(), frequencies.tolist(), [b""] * len(documents)
        return ListMatcher(*found, format_, scorer=scorer, term=term, terminfo=terminfo)


class TermTable(OrderedHashWriter):  # type: ignore[misc]
    """Whoosh's table of terms, the same bytes written in great pieces.

    Asking a file for its position, which Whoosh does twice a term, took longer than all else; so did MD5.
    """

    def __init__(self, file: Any) -> None:
        super().__init__(file)
        file.seek(0)
        HashWriter.__init__(self, file, hashtype=CRC32)

    def add_all(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Keys must ascend, also from one call to the next."""
        place, rows = self.dbfile.tell(), []
        for key, value in items:
            hashed = crc32(key)
            self.buckets[hashed & 255].append((hashed, place))
            self.index.append(place)
            rows.append(_LENGTHS.pack(len(key), len(value)) + key + value)
            place += len(rows[-1])
        self.dbfile.write(b"".join(rows))

    def _write_hashes(self) -> None:
        place, tables = self.dbfile.tell(), []
        for entries in self.buckets:
            count = 2 * len(entries)
            slots = dict[int, tuple[int, int]]()
            for hashed, position in entries:
                slot = (hashed >> 8) % count
                while slot in slots:
                    slot = (slot + 1) % count
                slots[slot] = (hashed, position)
            table = bytearray(count * _SLOT.size)
            for slot, entry in slots.items():
                _SLOT.pack_into(table, slot * _SLOT.size, *entry)
            self.directory.append((place, count))
            tables.append(table)
            place += len(table)
        self.dbfile.write(b"".join(tables))


class ArrayFieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Takes whole fields instead of one posting at a time."""

    def __init__(self, codec: ArrayCodec, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        self._tindex: TermTable = TermTable(self._tindex.dbfile)
        self._fieldmap: dict[str, int] = {}
        self._tindex.extras["fieldmap"] = self._fieldmap

    def add_postings(self, schema: Any, lengths: object, fields: Iterable[tuple[str, FieldPostings]]) -> None:
        for name, found in fields:
            self.start_field(name, schema[name])
            lists = list(packed(found))
            self._tindex.add_all(self._table_rows(found, lists))
            self._postfile.write(b"".join(lists))
            self.finish_field()

    def _table_rows(self, found: FieldPostings, lists: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
        prefix, offset = pack_ushort(self._fieldid), self._postfile.tell()
        for term, row, data in zip(found.terms, _term_rows(found), lists, strict=True):
            yield prefix + encoded(term), _TERM_INFO.pack(*row, offset, len(data))
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


class PostingReader:
    """Posting lists of one segment. It keeps no position, so any number of threads may ask it at once."""

    def __init__(self, reader: SegmentReader) -> None:
        terms = reader._terms
        self._fields: dict[str, bytes] = {name: pack_ushort(number) for name, number in terms._fieldmap.items()}
        self._directory: list[tuple[int, int]] = terms._tindex.tables
        self._keys_end: int = terms._tindex.endofdata
        self._closest = terms._tindex.closest_key_pos
        self._table, self._lists = (whole(file) for file in (terms._dbfile, terms._postfile))

    def find(self, field: str, term: bytes) -> memoryview | None:
        """The packed postings of a term, deleted documents included; None where the segment lacks it."""
        if field not in self._fields:
            return None
        place = self._place(self._fields[field] + term)
        return None if place is None else self._list(place)

    def items(self, field: str) -> Iterator[tuple[bytes, Postings]]:
        """All terms of a field, in order."""
        if field not in self._fields:
            return
        prefix = self._fields[field]
        place: int | None = self._closest(prefix)
        while place is not None and place < self._keys_end:
            key_size, value_size = _LENGTHS.unpack_from(self._table, place)
            place += _LENGTHS.size
            key = bytes(self._table[place : place + key_size])
            if not key.startswith(prefix):
                return
            yield key.removeprefix(prefix), unpacked(self._list(place + key_size))
            place += key_size + value_size

    def _place(self, key: bytes) -> int | None:
        """Where the value of a key stands: what Whoosh's own look-up finds, in a tenth of its time."""
        hashed = crc32(key)
        start, count = self._directory[hashed & 255]
        slot = (hashed >> 8) % count if count else 0
        for _ in range(count):
            found, place = _SLOT.unpack_from(self._table, start + slot * _SLOT.size)
            if not place:
                return None
            value = int(place) + _LENGTHS.size + len(key)
            is_long_enough = found == hashed and _LENGTHS.unpack_from(self._table, place)[0] == len(key)
            if is_long_enough and self._table[value - len(key) : value] == key:
                return value
            slot = (slot + 1) % count
        return None

    def _list(self, place: int) -> memoryview:
        *_, offset, length = _TERM_INFO.unpack_from(self._table, place)
        return self._lists[offset : offset + length]


def whole(file: Any) -> memoryview:
    """The bytes of an opened part of a segment. Whoosh copies them into memory; the mapped file is enough."""
    mapped: memoryview | None = getattr(file, "_buf", None)
    if mapped is None:
        return memoryview(file.file.read())
    file.file = BytesIO()
    return mapped
