"""The real server against clients that are slow, many, or cut off by its end (threat rows 14 and 45)."""

import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from kb.bootstrap import open_library
from kb.config import load_settings
from tests.cli.own_library import environment, kb_command, make_own_library
from tests.free_port import free_port

SLOW = 60
"""Clients of each slow kind."""


class Served:
    """A running `kb serve` of one or several processes, and its port."""

    def __init__(self, folder: Path, processes: int, port: int) -> None:
        self.port = port
        env = environment(PORT=str(self.port), KB_PROCESSES=str(processes))
        self.process = subprocess.Popen(kb_command("serve"), cwd=folder, env=env, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not self._answers() and time.monotonic() < deadline:
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            return self.status("/") == 200
        except OSError:
            return False

    def status(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            answer.read()
            return int(answer.status)

    def connect(self, text: str) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sendall(text.encode())
        return connection


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that has been synced: a server over it starts in half the time."""
    folder = make_own_library(tmp_path_factory.mktemp("serve") / "own")
    library = open_library(load_settings({"KB_LIBRARY": str(folder)}))
    library.sync(lambda *_: None)
    library.close()
    return folder


@pytest.fixture(params=[1, 2])
def served(folder: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    with free_port() as port:
        served = Served(folder, request.param, port)
        yield served
        served.process.kill()
        served.process.wait()


@pytest.mark.parametrize("served", [1], indirect=True)
def test_slow_clients_keep_nobody_waiting(served: Served) -> None:
    host = "Host: 127.0.0.1\r\n"
    kinds = (
        f"GET /find HTTP/1.1\r\n{host}X-Slow: ",
        f"POST /describe HTTP/1.1\r\n{host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n\r\na",
        f"GET /about HTTP/1.1\r\n{host}\r\n" * 20,  # and none of the answers is read
    )
    with ExitStack() as stack:
        for kind in kinds:
            for _ in range(SLOW):
                stack.enter_context(served.connect(kind))
        time.sleep(2)
        times = []
        for number in range(5):
            began = time.monotonic()
            assert served.status(f"/find?q={number}") == 200
            times.append(time.monotonic() - began)
    assert sorted(times)[2] < 1.0


def test_what_was_accepted_before_the_end_is_answered(served: Served) -> None:
    asked = [
        served.connect(f"GET /find?q={quote('支部开会')}{number} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        for number in range(60)
    ]
    idle = served.connect("")
    time.sleep(0.4)
    served.process.send_signal(signal.SIGTERM)

    def answer(connection: socket.socket) -> bytes:
        with connection:
            return connection.recv(65536)[:15]

    with ThreadPoolExecutor(24) as pool:
        assert set(pool.map(answer, asked)) == {b"HTTP/1.1 200 OK"}
    assert idle.recv(1) == b""
    idle.close()
    assert served.process.wait(40) == 0
