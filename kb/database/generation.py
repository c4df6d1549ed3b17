"""The number of the catalogue's state, read so cheaply (some 20 µs) that every request can afford it."""

import sqlite3
from pathlib import Path
from threading import Lock

from kb.database.catalogue import file_identity

_QUERY = "SELECT key, value FROM stamp WHERE key IN ('content', 'generation') ORDER BY key"


class GenerationReader:
    """One connection of its own, opened again when another file stands in the place; for any number of threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._file: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None

    def read(self) -> tuple[tuple[str, str], ...] | None:
        """Stamp and generation as last committed; None when there are none or they cannot be read."""
        with self._lock:
            try:
                found = tuple(self._opened().execute(_QUERY).fetchall())
            except (sqlite3.Error, OSError):
                self._close()
                return None
        return found if len(found) == 2 else None

    def close(self) -> None:
        with self._lock:
            self._close()

    def _opened(self) -> sqlite3.Connection:
        file = file_identity(self._path)
        if self._connection is None or file != self._file:
            self._close()
            address = f"{self._path.resolve().as_uri()}?mode=rw"  # never makes the file
            self._connection = sqlite3.connect(address, uri=True, check_same_thread=False, timeout=1.0)
            self._file = file
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
