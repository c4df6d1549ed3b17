"""Several processes that answer on the same listening sockets: kept running, ended in order.

    parent   binds, keeps the resident indexer, gives the first set-up link; answers nothing itself
      └ child × n   `kb serve --inherited FD… --spread …`: a fresh interpreter with a library, a database and caches of its own

A child says by lines of its output that it is READY, that the index needs a REPAIR, or why it CANNOT start. The end of its
input is the end of the parent: it answers what it accepted and ends too.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Condition, Lock

from kb.bootstrap.background_sync import child_environment
from kb.bootstrap.kept_child import KeptChild, spawn
from kb.bootstrap.spreading import Place, Spread, open_lines
from kb.config import Settings

READY, REPAIR, CANNOT = b"ready", b"repair", b"cannot"
DRAIN_SECONDS = 15.0
"""What the children get to answer what they accepted (`kb.web.draining` takes ten at most) before they are killed."""
LOOK = 0.05
_log = logging.getLogger(__name__)


class PageProcess(KeptChild):
    """One of them, at its place (from 0). `tell` is given its words as they come, and an empty one when it has ended."""

    def __init__(
        self,
        place: int,
        settings: Settings,
        sockets: Sequence[socket.socket],
        spread: Place | None,
        tell: Callable[[bytes], None],
    ) -> None:
        """spread: its place among those that spread connections, where they do."""
        super().__init__(f"page process {place + 1}")
        self._settings = settings
        self._sockets = sockets
        self._spread = spread
        self._connections = Spread(spread) if spread else None
        self._tell = tell

    def send_signal(self, number: int) -> None:
        """To the child, if one lives; after `begin_end` no other follows."""
        with self._lock:
            child = self._child
        if child is not None:
            child.send_signal(number)

    def begin_end(self) -> None:
        """From now on no child that ends is replaced."""
        self._closing.set()

    def is_alive(self) -> bool:
        """Whether a child lives or another is to follow."""
        return self._keeper is not None and self._keeper.is_alive()

    def _spawn(self) -> subprocess.Popen[bytes]:
        numbers = [one.fileno() for one in self._sockets]
        spread = ("--spread", *map(str, self._spread)) if self._spread else ()
        command = [sys.executable, "-m", "kb", "serve", *(f"--inherited={number}" for number in numbers), *spread]
        return spawn(
            command,
            child_environment(self._settings),
            pass_fds=[*numbers, self._spread.file] if self._spread else numbers,
        )

    def _hear(self, line: bytes) -> None:
        self._tell(line)

    def _lose(self) -> None:
        if self._connections is not None:
            self._connections.leave()
        self._tell(b"")


class PageProcesses:
    """As many page processes as the settings say. `repair` is given what a child found wrong with the index."""

    def __init__(self, settings: Settings, sockets: Sequence[socket.socket], repair: Callable[[str], object]) -> None:
        self._repair = repair
        self._changed = Condition()
        self._is_ready = False
        self._failed = 0
        self._reasons: list[str] = []
        self._lines = open_lines(settings.processes)
        self._processes = [
            PageProcess(
                place,
                settings,
                sockets,
                Place(self._lines.fileno(), settings.processes, place) if self._lines else None,
                self._listen,
            )
            for place in range(settings.processes)
        ]

    def start(self, is_given_up: Callable[[], bool] = lambda: False) -> str:
        """Starts them and waits until one answers, or `is_given_up` says so.

        Returns "" then, or why none can when each has ended once.
        """
        for process in self._processes:
            process.start()
        with self._changed:
            while not (self._is_ready or is_given_up()):
                if self._failed >= len(self._processes):
                    return "\n".join(self._reasons) or "应答的进程起不来，原因见上面的英文说明。"
                self._changed.wait(LOOK)
            return ""

    def drain(self, is_hurried: Callable[[], bool] = lambda: False) -> None:
        """Has each answer what it accepted and end; kills those that do not come to an end, or all when hurried."""
        for process in self._processes:
            process.begin_end()
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + DRAIN_SECONDS
        while any(process.is_alive() for process in self._processes):
            if is_hurried() or time.monotonic() > deadline:
                self.kill()
                return
            time.sleep(LOOK)
        self._close()

    def kill(self) -> None:
        """Ends them at once; what they accepted is not answered."""
        for process in self._processes:
            process.begin_end()
            process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        self._close()

    def _close(self) -> None:
        if self._lines is not None:
            self._lines.close()

    def _listen(self, line: bytes) -> None:
        word, _, rest = line.partition(b" ")
        words = rest.decode("utf-8", "replace")
        if word == REPAIR:
            self._repair(words)
            return
        with self._changed:
            if word == CANNOT and words not in self._reasons:  # it is tried again and again, and told once
                self._reasons.append(words)
                _log.error("a page process cannot start: %s", words)
            self._is_ready = self._is_ready or word == READY
            self._failed += not word
            self._changed.notify_all()


class Parent:
    """The parent as a child speaks to it; safe to use from many threads."""

    def __init__(self, *, pause: float = 5.0) -> None:
        self._pause = pause
        self._asked_at = -pause
        self._turn = Lock()

    def ready(self) -> None:
        self._say(READY, "")

    def cannot(self, reason: str) -> None:
        self._say(CANNOT, reason)

    def ask_for_repair(self, reason: str) -> None:
        """Once in a few seconds: each search asks while the index is at fault."""
        if time.monotonic() - self._asked_at >= self._pause:
            self._asked_at = time.monotonic()
            self._say(REPAIR, reason)

    def wait_for_end(self) -> None:
        """Returns when the parent is no more, or wants no more of this process."""
        with suppress(OSError):
            while os.read(sys.stdin.fileno(), 1024):  # not through sys.stdin, whose lock would be held at the end
                pass

    def _say(self, word: bytes, reason: str) -> None:
        line = b" ".join([word, " ".join(reason.split()).encode("utf-8", "backslashreplace")])
        with self._turn, suppress(OSError, ValueError):
            sys.stdout.buffer.write(line + b"\n")
            sys.stdout.buffer.flush()
