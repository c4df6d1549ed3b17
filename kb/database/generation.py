"""Numbers of the state of catalogue and ledger, read so cheaply (some 20 µs each) that every request can afford it."""

import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any

from kb.database.catalogue import file_identity

_CATALOGUE = "SELECT key, value FROM stamp WHERE key IN ('content', 'generation') ORDER BY key"
_PROMOTION = "SELECT generation FROM promotion_state"


class _RowReader:
    """One connection of its own, opened again when another file stands in the place; for any number of threads."""

    def __init__(self, path: Path, query: str) -> None:
        self.path = path
        self._query = query
        self._lock = Lock()
        self._file: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None

    def rows(self) -> tuple[Any, ...] | None:
        """As last committed; None when they cannot be read."""
        with self._lock:
            try:
                return tuple(self._opened().execute(self._query).fetchall())
            except (sqlite3.Error, OSError):
                self._close()
                return None

    def close(self) -> None:
        with self._lock:
            self._close()

    def _opened(self) -> sqlite3.Connection:
        file = file_identity(self.path)
        if self._connection is None or file != self._file:
            self._close()
            address = f"{self.path.resolve().as_uri()}?mode=rw"  # never makes the file
            self._connection = sqlite3.connect(address, uri=True, check_same_thread=False, timeout=1.0)
            self._file = file
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class GenerationReader:
    """The state of the catalogue."""

    def __init__(self, path: Path) -> None:
        self._reader = _RowReader(path, _CATALOGUE)

    def read(self) -> tuple[tuple[str, str], ...] | None:
        """Stamp and generation as last committed; None when there are none or they cannot be read."""
        found = self._reader.rows()
        return found if found is not None and len(found) == 2 else None

    def close(self) -> None:
        self._reader.close()


NOTHING_KEPT: tuple[Any, ...] = ()
"""The state of adoptions and plans where nothing was kept so far."""


class PromotionReader:
    """The state of adoptions, plans, wanted problems, themes and revisions, which grows by triggers of their tables."""

    def __init__(self, path: Path) -> None:
        self._reader = _RowReader(path, _PROMOTION)

    def read(self) -> tuple[Any, ...] | None:
        """The file and its number as last committed; NOTHING_KEPT where there is no file, None when it cannot be read."""
        file = file_identity(self._reader.path)
        if file is None:
            return NOTHING_KEPT
        found = self._reader.rows()
        return None if found is None else (file, found)

    def close(self) -> None:
        self._reader.close()
