"""Parts of one commit of the index, opened: their posting lists, columns and living documents."""

import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import SegmentReader
from whoosh.util.numeric import byte_to_length

from search.engines.whoosh.codec import PostingReader, whole
from search.engines.whoosh.fields import BYTES, FOLDED, decoded, whoosh_schema
from search.engines.whoosh.writing import INDEX_NAME
from search.model import Schema

LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float32)


class MappedTexts:
    """Texts of a column, cut out of the mapped file when asked for; any number of threads may ask.

    Whoosh's own reader copies the bytes first and looks for them through four calls: a page asks for sixty.
    """

    def __init__(self, reader: Any) -> None:
        self._bytes = whole(reader._dbfile)
        self._base: int = reader._basepos
        self._offsets: Sequence[int] = reader._offsets
        self._lengths: Sequence[int] = reader._lengths

    def read(self, number: int, most_bytes: int = sys.maxsize) -> str:
        """The text, or its beginning of so many bytes without a character that is cut."""
        start, length = self._base + self._offsets[number], self._lengths[number]
        if length > most_bytes:
            return str(self._bytes[start : start + most_bytes], "utf-8", "ignore")
        return decoded(self._bytes[start : start + length])


class Segment:
    """A part of the index: its reader, the number of its first document, and which of its documents live."""

    def __init__(self, reader: SegmentReader, base: int) -> None:
        self.reader = reader
        self.lists = PostingReader(reader)
        self.base = base
        self.size: int = reader.doc_count_all()
        self.live = np.ones(self.size, dtype=np.bool_)
        self.live[list(reader.segment().deleted_docs())] = False

    @cached_property
    def folded(self) -> "MappedTexts":
        """The folded texts of each document, one after the other."""
        return MappedTexts(self.reader._perdoc.column_reader(FOLDED, BYTES))

    def column(self, name: str) -> list[bytes]:
        perdoc = self.reader._perdoc
        return list(perdoc.column_reader(name, BYTES)) if perdoc.has_column(name) else [b""] * self.size

    def lengths(self, field: str) -> NDArray[np.float32]:
        """Field length of each document, as Whoosh keeps it: rounded to one byte."""
        perdoc, name = self.reader._perdoc, f"_{field}_len"
        found = np.zeros(self.size, dtype=np.uint8)
        if perdoc.has_column(name):
            file, offset, length = perdoc._get_column_file(name)
            found[:length] = np.frombuffer(file.get(offset, length), dtype=np.uint8)
        return LENGTHS[found]


def open_segments(folder: Path, toc: int, schema: Schema) -> list[Segment]:
    storage = FileStorage(str(folder))
    # The table of contents is named: a later one may lie beside it, left by a writer that was killed.
    contents = TOC.read(storage, INDEX_NAME, gen=toc, schema=whoosh_schema(schema))
    segments: list[Segment] = []
    base = 0
    for part in contents.segments:
        segments.append(Segment(SegmentReader(storage, contents.schema, part), base))
        base += segments[-1].size
    return segments
