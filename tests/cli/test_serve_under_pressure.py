"""The real server short of files, short of memory, told to stop under load (rows 44 and 45)."""

import http.client
import random
import resource
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from kb.bootstrap import Library, open_library
from kb.config import load_settings
from kb.web import create_app, home
from tests.cli.own_library import environment, kb_command, make_own_library
from tests.free_port import free_port
from tests.web.conftest import open_synced


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_own_library(tmp_path_factory.mktemp("pressure") / "own")
    library = open_library(load_settings({"KB_LIBRARY": str(folder)}))
    library.sync(lambda *_: None)
    library.close()
    return folder


def answer(port: int, path: str = "/cases/000000-2020-01") -> int:
    """The status, 0 when no byte of an answer came; raises IncompleteRead for half an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status
    except http.client.IncompleteRead:
        raise
    except (OSError, http.client.RemoteDisconnected):
        return 0
    finally:
        connection.close()


@contextmanager
def serving(
    folder: Path, limit: Callable[[], None] | None = None, processes: int = 1
) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    with free_port() as port:
        server = subprocess.Popen(
            kb_command("serve"), cwd=folder, env=environment(PORT=str(port), KB_PROCESSES=str(processes)),
            stderr=subprocess.DEVNULL, text=True, preexec_fn=limit,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 180
            while answer(port) != 200:
                assert server.poll() is None and time.monotonic() < deadline, "the server did not start"
                time.sleep(0.2)
            yield port, server
        finally:
            server.terminate()
            server.wait(60)


@pytest.mark.slow
def test_a_server_with_64_files_recovers_when_the_crowd_has_gone(folder: Path) -> None:
    with serving(folder, lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))) as (port, server):
        crowd = []
        for _ in range(100):
            crowd.append(socket.create_connection(("127.0.0.1", port), timeout=30))
        time.sleep(1)
        for connection in crowd:
            connection.close()
        deadline = time.monotonic() + 20
        while answer(port) != 200 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert [answer(port) for _ in range(5)] == [200] * 5
        assert server.poll() is None
    log = (folder / "data/logs/kb.log").read_text(encoding="utf-8")
    assert len(log) < 200_000  # a server that cannot accept says so, but not as fast as it tries


@pytest.mark.slow
def test_a_server_with_512_megabytes_serves_through_a_press_of_long_searches(folder: Path) -> None:
    limit = (512_000_000, 512_000_000)
    with serving(folder, lambda: resource.setrlimit(resource.RLIMIT_DATA, limit)) as (port, server):
        pressed = ask_at_once(port, 40)
        assert [answer(port) for _ in range(5)] == [200] * 5
        assert server.poll() is None
    assert set(pressed) <= {200, 503}


def ask_at_once(port: int, count: int) -> Counter[int]:
    """The statuses of so many searches with as many different long texts, eight at a time."""
    draw = random.Random(count)
    texts = ["".join(chr(draw.randrange(0x4E00, 0x9FA5)) for _ in range(400)) for _ in range(count)]
    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(lambda text: answer(port, f"/find?q={quote(text)}"), texts))


@pytest.mark.slow
def test_no_answer_is_lost_or_an_error_when_the_server_is_told_to_stop(folder: Path) -> None:
    with serving(folder, processes=2) as (port, server):
        statuses: Counter[int] = Counter()
        halves: list[Exception] = []
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                try:
                    statuses[answer(port, f"/find?q={random.random()}")] += 1
                except http.client.IncompleteRead as error:
                    halves.append(error)

        readers = [threading.Thread(target=read) for _ in range(8)]
        for reader in readers:
            reader.start()
        time.sleep(2)
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
        stop.set()
        for reader in readers:
            reader.join()
    assert (halves, {status for status in statuses if status >= 400}) == ([], set())
    assert statuses[200] > 0


@pytest.mark.parametrize(
    "fault",
    [MemoryError(), OSError(24, "Too many open files"), OSError(12, "Cannot allocate memory"), RuntimeError("can't start new thread")],
    ids=["memory", "files", "allocation", "threads"],
)  # fmt: skip
def test_what_runs_out_is_a_503_and_the_next_reader_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    library: Library = open_synced(tmp_path)
    client = create_app(library).test_client()

    def fail(*_: object) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(home, "show_home", fail)
        refused = client.get("/")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert "现在太忙" in refused.text
    assert client.get("/").status_code == 200
