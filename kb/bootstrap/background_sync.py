"""The resident indexer as a child process: what goes wrong there (a full disk, a crash) ends with it and frees its locks."""

import logging
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event

from kb.bootstrap.kept_child import KeptChild, spawn
from kb.config import Settings, as_environment

PAUSE = 30.0
"""Seconds after a repair was asked for before another is."""
_log = logging.getLogger(__name__)


def watch_command() -> list[str]:
    """The command line of the resident indexer by this interpreter."""
    return [sys.executable, "-m", "kb", "sync", "--watch"]


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment in which a command works on this library, by these settings and no others."""
    package_parent = str(Path(__file__).resolve().parents[2])
    return {
        **os.environ,
        **as_environment(settings),
        "PYTHONPATH": os.pathsep.join(filter(None, (package_parent, os.environ.get("PYTHONPATH")))),
    }


class BackgroundSync(KeptChild):
    """Keeps the indexer running from the first `start` or `ask` on; it syncs at once and whenever the content folder
    changes, and says a word on its output after every sync. A line on its input asks for a sync that verifies everything.
    """

    def __init__(self, settings: Settings, *, pause: float = PAUSE) -> None:
        super().__init__("indexer")
        self._settings = settings
        self._pause = pause
        self._asked_at = -pause
        self._first = Event()
        self.has_synced = False

    def wait_for_first(self) -> bool:
        """Waits until the first sync is over; says whether it was done."""
        self._first.wait()
        return self.has_synced

    def ask(self, reason: str) -> bool:
        """Asks for a sync that verifies the index, unless one was just asked for; says whether it did."""
        with self._lock:
            if time.monotonic() - self._asked_at < self._pause:
                return False
            self._asked_at = time.monotonic()
            child = self._child
        _log.warning("index unusable, rebuilding in the background: %s", reason)
        if child is None:
            self.start()
            return True
        assert child.stdin is not None
        with suppress(
            OSError, ValueError
        ):  # it has just died; the next one begins with a sync that verifies everything
            child.stdin.write(b"\n")
            child.stdin.flush()
        return True

    def _spawn(self) -> subprocess.Popen[bytes]:
        return spawn(watch_command(), child_environment(self._settings))

    def _hear(self, line: bytes) -> None:
        self.has_synced = self.has_synced or line == b"synced"
        self._first.set()

    def _lose(self) -> None:
        self._first.set()
