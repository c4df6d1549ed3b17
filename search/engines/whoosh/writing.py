"""Our documents through Whoosh's writer.

The writer leaves every file of the last commit in place: which files count is the manifest's to say, and a process
killed in mid-commit must not have taken away what readers still use.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.writing import SegmentWriter

from search.analysis import Analyser
from search.engines.whoosh.fields import whoosh_document, whoosh_schema
from search.model import Document, Schema

INDEX_NAME = "MAIN"
MEMORY_MB = 256  # postings held before they are spilled to disk
BLOCK = 1024  # postings a block: ours are read whole, so fewer and larger blocks than Whoosh's 128


class UnrankedBlocks(W3Codec):  # type: ignore[misc]
    """Whoosh's codec without the shortest and longest length a block: a quarter of the writing, for a use we have not."""

    length_stats = False


class KeepingWriter(SegmentWriter):  # type: ignore[misc]
    """A segment writer that writes the new table of contents and deletes nothing."""

    def _commit_toc(self, segments: list[Any]) -> None:
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        self.toc, self.final_segments = self.generation, segments


class Writer:
    """One commit into a folder. Use as a context: leaving it commits, an exception cancels."""

    def __init__(self, folder: Path, schema: Schema, analyser: Analyser) -> None:
        self._schema = schema
        self._analyser = analyser
        storage = FileStorage(str(folder))
        made = whoosh_schema(schema)
        exists = any(folder.glob(f"_{INDEX_NAME}_*.toc"))
        index = FileIndex(storage, made) if exists else FileIndex.create(storage, made)
        # _lk: the store holds a lock of its own around this writer and the manifest.
        self._writer = KeepingWriter(
            index, _lk=False, limitmb=MEMORY_MB, codec=UnrankedBlocks(blocklimit=BLOCK, compression=1)
        )

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if kind is None:
            self._writer.commit()
        else:
            self._writer.cancel()

    def add(self, document: Document) -> None:
        self._writer.add_document(**whoosh_document(document, self._schema, self._analyser))

    def delete(self, numbers: Iterable[int]) -> None:
        """Forget documents by their number in the last commit."""
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
