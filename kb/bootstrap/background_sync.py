"""`kb sync` in a child process: what goes wrong there (a full disk, a crash) ends with the child and frees its locks."""

import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock

from kb.config import Settings

PAUSE = 30.0
"""Seconds after one sync began before another is started in the background."""
_log = logging.getLogger(__name__)


def sync_command() -> list[str]:
    """The command line of a sync by this interpreter."""
    return [sys.executable, "-m", "kb", "sync"]


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
    """At most one child at a time, and none sooner than PAUSE after the last began."""

    def __init__(self, settings: Settings, *, pause: float = PAUSE) -> None:
        self._settings = settings
        self._pause = pause
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._began = -pause

    def ask(self, reason: str) -> bool:
        """Starts a sync unless one runs or just ran; says whether it did."""
        with self._lock:
            if self._child is not None and self._child.poll() is None:
                return False
            if time.monotonic() - self._began < self._pause:
                return False
            _log.warning("index unusable, rebuilding in the background: %s", reason)
            self._began = time.monotonic()
            self._child = subprocess.Popen(
                sync_command(), env=sync_environment(self._settings), stdin=subprocess.DEVNULL
            )
            return True

    def wait(self) -> None:
        """Waits for the child of the last ask, if any."""
        if self._child is not None:
            self._child.wait()
