"""Connections go to the process that has fewest of those that still take any."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from errno import ENOSPC

import pytest

from kb.bootstrap.spreading import RECENT, Place, Spread, open_lines


@dataclass
class Server:
    """Stands for a waitress server: what it has open, and whether it takes connections."""

    active_channels: dict[int, object] = field(default_factory=dict)
    accepting: bool = True

    def readable(self) -> bool:
        return self.accepting

    def take(self) -> None:
        self.active_channels[len(self.active_channels)] = object()


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def shared_lines() -> Iterator[int]:
    file = open_lines(2)
    assert file is not None
    with file:
        yield file.fileno()


Pair = tuple[Server, Server, Clock]


@pytest.fixture
def pair() -> Iterator[Pair]:
    servers, clock = (Server(), Server()), Clock()
    with shared_lines() as lines:
        for place, server in enumerate(servers):
            Spread(Place(lines, 2, place), clock).join([server])
        yield (*servers, clock)


def test_one_that_has_more_leaves_the_next_to_the_other(pair: Pair) -> None:
    first, second, _ = pair
    assert second.readable()
    taken = 0
    while first.readable():
        first.take()
        taken += 1
    assert taken == 2
    assert second.readable()
    second.take()
    assert second.readable()
    assert first.readable()


def test_one_that_is_stuck_is_not_waited_for(pair: Pair) -> None:
    first, second, clock = pair
    second.readable()
    for _ in range(5):
        first.take()
    assert not first.readable()
    clock.now += RECENT
    assert first.readable()


def test_one_that_takes_none_is_not_waited_for(pair: Pair) -> None:
    first, second, _ = pair
    second.readable()
    for _ in range(5):
        first.take()
    assert not first.readable()
    second.accepting = False
    assert not second.readable()
    assert first.readable()


def test_connections_of_all_addresses_count_together() -> None:
    by_name, by_number, other = Server(), Server(), Server()
    with shared_lines() as lines:
        Spread(Place(lines, 2, 0), Clock()).join([by_name, by_number])
        Spread(Place(lines, 2, 1), Clock()).join([other])
        other.readable()
        by_name.take()
        assert by_number.readable()
        by_number.take()
        assert not by_name.readable()


def test_the_parent_clears_the_line_of_one_that_has_ended() -> None:
    first, second = Server(), Server()
    with shared_lines() as lines:
        Spread(Place(lines, 2, 0), Clock()).join([first])
        Spread(Place(lines, 2, 1), Clock()).join([second])
        second.readable()
        for _ in range(5):
            first.take()
        assert not first.readable()
        Spread(Place(lines, 2, 1)).leave()
        assert first.readable()


def test_where_the_disk_takes_nothing_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError(ENOSPC, "full")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    assert open_lines(2) is None
