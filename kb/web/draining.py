"""The end of a server: what was accepted is answered, nothing new is taken, and then it stops."""

import _thread
import selectors
import signal
import time
from collections.abc import Mapping
from threading import Thread
from types import FrameType
from typing import Any

from waitress.server import BaseWSGIServer

DRAIN_SECONDS = 10.0
"""After which what is still unanswered is given up."""
GRACE = 1.0
"""Seconds in which a request that has come half may come whole."""
BACKLOG, MOST_BACKLOG = 0.1, 1.0
"""Seconds in which connections that the system has taken already are taken from it: on a busy machine until none waits."""
LOOK = 0.02


class Drain:
    """The handler of SIGTERM and SIGINT for all that a waitress server keeps open, on one address or several.

    A second signal ends it at once, unless it `is_patient`: one of several processes may be told twice, by its parent
    and by what ends the whole service.
    """

    def __init__(self, opened: Mapping[int, Any], *, seconds: float = DRAIN_SECONDS, is_patient: bool = False) -> None:
        self._servers = servers_of(opened)
        self._seconds = seconds
        self._is_patient = is_patient
        self._has_begun = self._is_over = False

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        if self._is_over or (self._has_begun and not self._is_patient):
            raise SystemExit(0)
        if not self._has_begun:
            self._has_begun = True
            Thread(target=self._drain, name="drain", daemon=True).start()

    def _drain(self) -> None:
        told = time.monotonic()
        time.sleep(BACKLOG)
        while self._has_waiting() and time.monotonic() - told < MOST_BACKLOG:
            time.sleep(LOOK)
        for server in self._servers:
            server.accepting = False
        began = time.monotonic()
        while (channels := self._channels()) and time.monotonic() - began < self._seconds:
            is_late = time.monotonic() - began > GRACE
            for channel in channels:
                _close_if_idle(channel, is_late=is_late)
            for server in self._servers:
                server.pull_trigger()
            time.sleep(LOOK)
        self._is_over = True
        _thread.interrupt_main(signal.SIGTERM)

    def _has_waiting(self) -> bool:
        """Whether a connection stands at the door that no process has taken."""
        with selectors.DefaultSelector() as door:
            for server in self._servers:
                door.register(server.socket, selectors.EVENT_READ)
            return bool(door.select(0))

    def _channels(self) -> list[Any]:
        return [channel for server in self._servers for channel in list(server.active_channels.values())]


def servers_of(opened: Mapping[int, Any]) -> list[Any]:
    """The servers among all that waitress keeps open, one for each address."""
    return [one for one in opened.values() if isinstance(one, BaseWSGIServer)]


def _close_if_idle(channel: Any, *, is_late: bool) -> None:
    with channel.requests_lock:  # under which the server takes requests in, and takes none on a closing connection
        is_waiting = channel.requests or channel.total_outbufs_len
        if not is_waiting and (channel.request is None or is_late):
            channel.will_close = True
