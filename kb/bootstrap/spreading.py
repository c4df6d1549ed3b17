"""Connections spread over several processes that take them from one socket.

Whoever wakes first takes; of fifty connections made at once one process took up to forty-five, and a connection stays where
it was taken. In memory they share each says how many it has, and leaves the next one to others that have fewer.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from mmap import mmap
from struct import Struct
from typing import IO, Any, NamedTuple

_LINE = Struct("dq")
"""When a process last looked (seconds of the machine's monotonic clock; 0: it takes none), and its open connections."""
RECENT = 2.5
"""Seconds after which one that has not looked is not waited for; a server looks at least once a second."""
SLACK = 1
"""Connections more than another's with which one still takes: a little unevenness costs less than waiting for each other."""


class Place(NamedTuple):
    """The number of the file of `open_lines`, how many processes write in it, and which of them this is (from 0)."""

    file: int
    processes: int
    own: int


class Spread:
    """The lines of all processes; a line is written by its own process, and by the parent when that has ended."""

    def __init__(self, place: Place, clock: Callable[[], float] = time.monotonic) -> None:
        self._lines = mmap(place.file, place.processes * _LINE.size)
        self._own = place.own
        self._clock = clock

    def may_take(self, connections: int) -> bool:
        """Says how many this process has; whether no other that takes any has fewer by more than the slack."""
        now = self._clock()
        _LINE.pack_into(self._lines, self._own * _LINE.size, now, connections)
        return all(connections <= others + SLACK for looked, others in self._read() if now - looked < RECENT)

    def leave(self) -> None:
        """The process takes none."""
        _LINE.pack_into(self._lines, self._own * _LINE.size, 0.0, 0)

    def join(self, servers: Sequence[Any]) -> None:
        """Has waitress servers of this process ask before they take a connection."""
        for server in servers:
            server.readable = _asking(self, server.readable, servers)

    def _read(self) -> Iterator[tuple[float, int]]:
        return _LINE.iter_unpack(self._lines)


def _asking(spread: Spread, is_ready: Callable[[], bool], servers: Sequence[Any]) -> Callable[[], bool]:
    def readable() -> bool:
        if is_ready():
            return spread.may_take(sum(len(one.active_channels) for one in servers))
        spread.leave()
        return False

    return readable


def open_lines(processes: int) -> IO[bytes] | None:
    """A file for the lines of so many, open as long as one may be started; None where the disk takes nothing.

    It is written, not only made long: a page of it that had no place on a full disk would end whoever writes there.
    """
    try:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - see above
        file.write(bytes(processes * _LINE.size))
    except OSError:
        return None
    return file
