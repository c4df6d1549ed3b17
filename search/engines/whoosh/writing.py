"""Our documents through Whoosh's writer.

The writer leaves every file of the last commit in place: which files count is the manifest's to say, and a process
killed in mid-commit must not have taken away what readers still use.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.util.numeric import byte_to_length, length_to_byte
from whoosh.writing import MERGE_SMALL, SegmentWriter

from search.analysis import Analyser
from search.engines.whoosh.codec import ArrayCodec, PostingReader
from search.engines.whoosh.fields import STORED, Parts, decoded, parts_of, whoosh_schema
from search.engines.whoosh.pool import PostingPool
from search.engines.whoosh.postings import Postings
from search.model import Document, Schema

INDEX_NAME = "MAIN"
MOST_POSTINGS = 12_000_000  # held before they are written as a segment: about 12,000 documents, 400 MB at the peak


class ArrayWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's segment writer with our pool. It writes the new table of contents and deletes nothing."""

    def __init__(self, index: FileIndex) -> None:
        # _lk: the store holds a lock of its own around this writer and the manifest.
        super().__init__(index, _lk=False, codec=ArrayCodec())
        self.pool = PostingPool()

    def add(self, parts: Parts) -> None:
        document = self.perdocwriter
        document.start_doc(self.docnum)
        for name, counts in parts.terms.items():
            self.pool.add(name, self.docnum, counts)
            if self.schema[name].scorable:
                document.add_field(name, self.schema[name], None, _rounded(sum(counts.values())))
        for name, value in parts.columns.items():
            document.add_column_value(name, self.schema[name].column_type, value)
        document.add_field(STORED, self.schema[STORED], parts.stored, 0)
        document.finish_doc()
        self._added = True
        self.docnum += 1

    def add_postings_to_pool(self, reader: SegmentReader, startdoc: int, docmap: dict[int, int] | None) -> None:
        """Take over the postings of a segment that is merged into this one."""
        places = np.full(reader.doc_count_all(), -1, dtype=np.int32)
        if docmap is None:
            places[:] = np.arange(startdoc, startdoc + len(places))
        else:
            places[list(docmap)] = list(docmap.values())
        postings = PostingReader(reader)
        for name in reader.indexed_field_names():
            for term, (documents, frequencies) in postings.items(name):
                moved = places[documents]
                kept = moved >= 0
                if kept.any():
                    self.pool.add_term(name, decoded(term), Postings(moved[kept], frequencies[kept]))

    def _commit_toc(self, segments: list[Any]) -> None:
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        self.toc, self.final_segments = self.generation, segments


def _rounded(length: int) -> int:
    """Whoosh keeps a length as one byte but sums the exact ones; rounded from the start, averages survive a merge."""
    rounded: int = byte_to_length(length_to_byte(length))
    return rounded


def _merged(writer: ArrayWriter, segments: list[Any]) -> list[Any]:
    """The segments that stay: small ones are merged as Whoosh would, and those without a living document go.

    Whoosh keeps these, and each term was looked up in them: after all cases were taken in anew an index was twice its size.
    """
    kept: list[Any] = MERGE_SMALL(writer, [segment for segment in segments if segment.doc_count()])
    return kept


class Writer:
    """One change of a folder. Use as a context: leaving it commits, an exception cancels.

    A great change is several commits, a segment each, so that memory stays bounded; the last is the one that counts.
    """

    def __init__(self, folder: Path, schema: Schema, analyser: Analyser) -> None:
        self._schema = schema
        self._analyser = analyser
        storage = FileStorage(str(folder))
        made = whoosh_schema(schema)
        exists = any(folder.glob(f"_{INDEX_NAME}_*.toc"))
        self._index = FileIndex(storage, made) if exists else FileIndex.create(storage, made)
        self._writer = ArrayWriter(self._index)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if kind is None:
            self._writer.commit(mergetype=_merged)
        else:
            self._writer.cancel()

    def add(self, document: Document) -> None:
        if len(self._writer.pool) >= MOST_POSTINGS:
            self._writer.commit(merge=False)
            self._writer = ArrayWriter(self._index)
        self._writer.add(parts_of(document, self._schema, self._analyser))

    def delete(self, numbers: Iterable[int]) -> None:
        """Forget documents by their number in the last commit. Call it before anything is added."""
        for number in numbers:
            self._writer.delete_document(number)

    @property
    def toc(self) -> int:
        return int(self._writer.toc)

    @property
    def files(self) -> list[str]:
        """Names of the files that make up the index after the commit."""
        segments = [segment.make_filename(segment.COMPOUND_EXT) for segment in self._writer.final_segments]
        return [f"_{INDEX_NAME}_{self.toc}.toc", *segments]
