"""A child process that is kept running: another follows when it ends, after a pause that grows while none lives long."""

import logging
import os
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any

SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a child that died is replaced: doubled each time, from the shortest again after a long life."""
LONG_LIFE = 60.0
END_SECONDS = 20.0
"""What a child gets to end before it is killed, which loses nothing that was promised."""
OF_ITS_OWN: Mapping[str, Any] = {"process_group": 0} if os.name == "posix" else {}
"""So that Ctrl+C reaches the parent alone, which ends its children in order."""
_log = logging.getLogger(__name__)


class KeptChild(ABC):
    """Keeps one child running from `start` on; the end of its input ends it, so that none outlives this process.

    name: what the log calls it. Whoever inherits says by which command it is started (`_spawn`), and listens to its
    lines of output (`_hear`) and to its end (`_lose`), all in one thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper: Thread | None = None
        self._closing = Event()

    def start(self) -> None:
        """Starts the child unless it runs."""
        with self._lock:
            if self._keeper is None and not self._closing.is_set():
                keeper = Thread(target=self._keep, name=f"{self._name}-keeper", daemon=True)
                keeper.start()
                self._keeper = keeper

    def close(self) -> None:
        """Ends the child, after what it is at, and waits for that; no other follows."""
        self._closing.set()
        with self._lock:
            child, keeper = self._child, self._keeper
        if child is not None:
            _end(child)
        if keeper is not None:
            keeper.join()

    @abstractmethod
    def _spawn(self) -> subprocess.Popen[bytes]: ...

    @abstractmethod
    def _hear(self, line: bytes) -> None: ...

    def _lose(self) -> None:  # noqa: B027 - one that keeps nothing of its child has nothing to lose
        """A child has ended, or none could be started."""

    def _keep(self) -> None:
        pause = 0.0
        while (started := self._start_child(pause)) is not None:
            pause = started
            child, born = self._child, time.monotonic()
            assert child is not None and child.stdout is not None
            with child.stdout as lines:
                for line in lines:
                    self._hear(line.strip())
            status = child.wait()
            assert child.stdin is not None
            with suppress(OSError):
                child.stdin.close()
            self._lose()
            if not self._closing.is_set():
                pause = SHORTEST_PAUSE if time.monotonic() - born > LONG_LIFE else pause
                _log.error("%s ended with status %s, another starts in %.0f s", self._name, status, pause)

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
                    _log.error("no %s could be started (%s), tried again in %.0f s", self._name, error, pause)
                    self._lose()
        return None


def spawn(command: Sequence[str], environment: Mapping[str, str], **more: Any) -> subprocess.Popen[bytes]:
    """A child that hears by lines of its input and speaks by lines of its output; raises OSError."""
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **OF_ITS_OWN, **more
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    with suppress(OSError):
        child.stdin.close()
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
