"""The end of a server: what was accepted is answered, nothing new is taken, and then it stops."""

import _thread
import signal
import time
from threading import Thread
from types import FrameType
from typing import Any

DRAIN_SECONDS = 10.0
"""After which what is still unanswered is given up."""
GRACE = 1.0
"""Seconds in which a request that has come half may come whole."""
BACKLOG = 0.1
"""Seconds in which connections that the system has taken already are taken from it."""
LOOK = 0.02


class Drain:
    """The handler of SIGTERM for a waitress server; a second signal ends it at once."""

    def __init__(self, server: Any, *, seconds: float = DRAIN_SECONDS) -> None:
        self._server = server
        self._seconds = seconds
        self._has_begun = False

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        if self._has_begun:
            raise SystemExit(0)
        self._has_begun = True
        Thread(target=self._drain, name="drain", daemon=True).start()

    def _drain(self) -> None:
        time.sleep(BACKLOG)
        self._server.accepting = False
        began = time.monotonic()
        while self._server.active_channels and time.monotonic() - began < self._seconds:
            is_late = time.monotonic() - began > GRACE
            for channel in list(self._server.active_channels.values()):
                _close_if_idle(channel, is_late=is_late)
            self._server.pull_trigger()
            time.sleep(LOOK)
        _thread.interrupt_main(signal.SIGTERM)


def _close_if_idle(channel: Any, *, is_late: bool) -> None:
    with channel.requests_lock:  # under which the server takes requests in, and takes none on a closing connection
        is_waiting = channel.requests or channel.total_outbufs_len
        if not is_waiting and (channel.request is None or is_late):
            channel.will_close = True
