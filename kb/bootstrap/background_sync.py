"""The resident indexer as a child process: what goes wrong there (a full disk, a crash) ends with it and frees its locks."""

import logging
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread

from kb.config import Settings

PAUSE = 30.0
"""Seconds after a repair was asked for before another is."""
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a child that died is replaced: doubled each time, from the shortest again after a long life."""
LONG_LIFE = 60.0
END_SECONDS = 20.0
"""What a child gets to finish its sync before it is killed, which loses nothing."""
_log = logging.getLogger(__name__)


def watch_command() -> list[str]:
    """The command line of the resident indexer by this interpreter."""
    return [sys.executable, "-m", "kb", "sync", "--watch"]


def sync_environment(settings: Settings) -> dict[str, str]:
    """The environment in which that command works on this library."""
    package_parent = str(Path(__file__).resolve().parents[2])
    return {
        **os.environ,
        "KB_CONTENT": str(settings.content_folder),
        "KB_DATA": str(settings.data_folder),
        "KB_TEMPLATES": str(settings.templates_folder),
        "PYTHONPATH": os.pathsep.join(filter(None, (package_parent, os.environ.get("PYTHONPATH")))),
    }


class BackgroundSync:
    """Keeps one child running from the first `start` or `ask` on; it says a word on its output after every sync.

    A line on the child's input asks for a sync that verifies everything; the end of its input ends the child, so none
    outlives this process.
    """

    def __init__(self, settings: Settings, *, pause: float = PAUSE) -> None:
        self._settings = settings
        self._pause = pause
        self._lock = Lock()
        self._asked_at = -pause
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper: Thread | None = None
        self._closing = Event()
        self._first = Event()
        self.has_synced = False

    def start(self) -> None:
        """Starts the child unless it runs; it syncs at once and whenever the content folder changes."""
        with self._lock:
            if self._keeper is None and not self._closing.is_set():
                keeper = Thread(target=self._keep, name="indexer-keeper", daemon=True)
                keeper.start()
                self._keeper = keeper

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

    def close(self) -> None:
        """Ends the child, after the sync it is at."""
        self._closing.set()
        with self._lock:
            child, keeper = self._child, self._keeper
        if child is not None:
            _end(child)
        if keeper is not None:
            keeper.join()

    def _spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            watch_command(), env=sync_environment(self._settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def _keep(self) -> None:
        pause = 0.0
        while (started := self._start_child(pause)) is not None:
            pause = started
            child, born = self._child, time.monotonic()
            assert child is not None and child.stdout is not None
            with child.stdout as words:
                for word in words:
                    self.has_synced = self.has_synced or word.strip() == b"synced"
                    self._first.set()
            status = child.wait()
            assert child.stdin is not None
            with suppress(OSError):
                child.stdin.close()
            self._first.set()
            if not self._closing.is_set():
                pause = SHORTEST_PAUSE if time.monotonic() - born > LONG_LIFE else pause
                _log.error("indexer ended with status %s, another starts in %.0f s", status, pause)

    def _start_child(self, pause: float) -> float | None:
        """Starts a child after a pause, and tries again where the machine has no room for one.

        Returns the pause before the next, None when this is closing.
        """
        while not self._closing.wait(pause):
            pause = min(max(2 * pause, SHORTEST_PAUSE), LONGEST_PAUSE)
            with self._lock:
                if self._closing.is_set():
                    return None
                try:
                    self._child = self._spawn()
                    return pause
                except OSError as error:
                    _log.error("no indexer could be started (%s), tried again in %.0f s", error, pause)
                    self._first.set()
        return None


def _end(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    with suppress(OSError):
        child.stdin.close()
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
