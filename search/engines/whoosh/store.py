"""Generations of the index on disk.

<folder>/CURRENT       the manifest of the generation in use, replaced atomically
<folder>/WRITING       lock of the one writer
<folder>/g-<name>/     files of one generation; files that the manifest does not name do not exist for us
"""

import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from whoosh.util.filelock import FileLock, try_for

from search.analysis import Analyser
from search.engines.whoosh.fields import layout
from search.engines.whoosh.manifest import (
    FileRecord,
    Manifest,
    find_faults,
    read_manifest,
    record_files,
    write_manifest,
)
from search.engines.whoosh.writing import Writer
from search.errors import IndexBusy, IndexDamaged, IndexFault, IndexStale
from search.model import Document, Schema

LOCK_SECONDS = 60.0


class Version(NamedTuple):
    """Changes whenever the manifest is replaced."""

    modified_ns: int
    inode: int


class Store:
    """Reads and replaces generations. Remembers which files it has verified, as files never change once written."""

    def __init__(self, folder: Path, schema: Schema, analyser: Analyser) -> None:
        self._folder = folder
        self._schema = schema
        self._analyser = analyser
        self._verified: set[tuple[Path, FileRecord]] = set()

    @property
    def current(self) -> Path:
        return self._folder / "CURRENT"

    def version(self) -> Version | None:
        try:
            status = self.current.stat()
        except OSError:
            return None
        return Version(status.st_mtime_ns, status.st_ino)

    def files(self, manifest: Manifest) -> Path:
        return self._folder / manifest.folder

    def read(self) -> Manifest:
        """The current manifest, its files verified as far as not done before.

        Raises IndexMissing, IndexDamaged.
        """
        manifest = read_manifest(self.current)
        folder = self.files(manifest)
        fresh = {
            name: record for name, record in manifest.files.items() if (folder / name, record) not in self._verified
        }
        if faults := find_faults(folder, fresh):
            raise IndexDamaged(*faults)
        self._verified = {(folder / name, record) for name, record in manifest.files.items()}
        return manifest

    def check_readable(self, manifest: Manifest) -> None:
        if manifest.layout != layout(self._schema):
            raise IndexStale("索引的栏目与现在的设置不同，需要重建")

    def check_writable(self, manifest: Manifest) -> None:
        self.check_readable(manifest)
        if manifest.analysis != self._analyser.digest:
            raise IndexStale("索引所用的词典与现在的词典不同，需要重建")

    def rebuild(self, documents: Iterable[Document], stamp: str) -> None:
        """A new generation beside the old one, which goes only when the new one is whole."""
        with self._writing():
            folder = self._folder / f"g-{secrets.token_hex(6)}"
            folder.mkdir()
            try:
                with Writer(folder, self._schema, self._analyser) as writer:
                    count = sum(1 for _ in map(writer.add, documents))
                self._publish(writer, folder, stamp, count, {})
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            self._sweep()

    def update(self, manifest: Manifest, upserts: list[Document], outdated: list[int], stamp: str) -> None:
        """Commit into the generation of this manifest; call it inside `changing`."""
        folder = self.files(manifest)
        count = manifest.documents - len(outdated) + len(upserts)
        with Writer(folder, self._schema, self._analyser) as writer:
            writer.delete(outdated)
            for document in upserts:
                writer.add(document)
        self._publish(writer, folder, stamp, count, manifest.files)
        self._sweep()

    @contextmanager
    def changing(self) -> Iterator[Manifest]:
        """The verified manifest, while nobody else may write and nothing a killed writer left lies about."""
        with self._writing():
            manifest = self.read()
            self.check_writable(manifest)
            self._sweep()
            yield manifest

    def verify(self) -> list[str]:
        """Faults of the current generation after reading every byte of it."""
        try:
            manifest = read_manifest(self.current)
            faults = find_faults(self.files(manifest), manifest.files)
            self.check_writable(manifest)
        except IndexStale as stale:
            return [*faults, *stale.faults]
        except IndexFault as fault:
            return list(fault.faults)
        except OSError as error:
            return [f"索引读不出来：{error.strerror}"]
        return faults

    def _publish(self, writer: Writer, folder: Path, stamp: str, count: int, known: Mapping[str, FileRecord]) -> None:
        records = record_files(folder, writer.files, known)
        written = (folder.name, writer.toc, layout(self._schema), self._analyser.digest, stamp, count, records)
        write_manifest(self.current, Manifest(*written))
        self._verified.update((folder / name, record) for name, record in records.items())

    def _sweep(self) -> None:
        """Take away whatever the manifest does not name. Open readers keep their mapped files."""
        manifest = read_manifest(self.current)
        for path in self._folder.iterdir():
            if path.is_dir() and path.name.startswith("g-") and path.name != manifest.folder:
                shutil.rmtree(path, ignore_errors=True)
        for path in self.files(manifest).iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name not in manifest.files:
                path.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self._folder / "WRITING"))
        if not try_for(lock.acquire, timeout=LOCK_SECONDS, delay=0.02):
            raise IndexBusy("另一个进程正在写索引，请稍后再试")
        try:
            yield
        finally:
            lock.release()
