"""Bytes of uploaded files, each once, under their SHA-256."""

import hashlib
import os
import re
import stat
from collections.abc import Set
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from kb.errors import NotFound
from kb.repository.durable import replace_file, writing

LOCK_WAIT = 10.0
"""Seconds one who keeps a file waits for one who takes another away, which takes a moment."""
_OURS = re.compile(r"[0-9a-f]{64}|\.[0-9a-f]{64}\.[0-9a-f]{8}\.tmp")
"""A kept file, and one that was being written when the machine stopped."""


class Forgotten(NamedTuple):
    """How many files were removed, and their bytes."""

    files: int
    size: int


class UploadFolder:
    """`<folder>/<first two figures>/<SHA-256>`; a file is wholly there or not at all.

    Bytes are kept before the transaction that notes them: one that fails leaves them behind, and `forget` takes away what
    nobody has noted for long. A file that is kept again, or about to lose its note, counts as new.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256 in hex; raises NotReady when the disk does not take them."""
        sha256 = hashlib.sha256(data).hexdigest()
        with writing("上传的文件"):
            if not self._renew(sha256):
                replace_file(self._path(sha256), data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Raises NotFound when the file is gone or is no longer what was kept."""
        try:
            data = self._path(sha256).read_bytes()
        except OSError as error:
            raise NotFound("这个文件不在了。", advice="请管理员从备份恢复 uploads 文件夹。") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise NotFound("这个文件已损坏。", advice="请管理员从备份恢复 uploads 文件夹。")
        return data

    def renew(self, sha256: str) -> None:
        """Before its note is taken away: whoever copies notes and files, a backup, still finds it. Raises NotReady."""
        with writing("上传的文件"):
            self._renew(sha256)

    def forget(self, noted: Set[str], before: float) -> Forgotten:
        """Removes files of none of these SHA-256 that nobody kept since that moment (seconds since 1970); raises OSError."""
        sizes = [
            self._forget(path, before)
            for path in sorted(self._folder.glob("[0-9a-f][0-9a-f]/*"))
            if path.name not in noted and _OURS.fullmatch(path.name)
        ]
        return Forgotten(sum(size is not None for size in sizes), sum(size or 0 for size in sizes))

    def _forget(self, path: Path, before: float) -> int | None:
        # Looked at and removed under the lock: who keeps the same bytes meanwhile finds them there and new, or not there.
        with self._lock(), suppress(FileNotFoundError):
            found = path.lstat()
            if stat.S_ISREG(found.st_mode) and found.st_mtime < before:
                path.unlink()
                return found.st_size
        return None

    def _renew(self, sha256: str) -> bool:
        """Whether the file is there."""
        path = self._path(sha256)
        if path.exists():
            with self._lock(), suppress(FileNotFoundError):
                os.utime(path)
                return True
        return False

    def _lock(self) -> FileLock:
        return FileLock(self._folder.with_name(f"{self._folder.name}.lock"), timeout=LOCK_WAIT)

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256
