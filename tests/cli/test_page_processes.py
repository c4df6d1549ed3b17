"""`kb serve` in two processes: both answer, a killed one is replaced, the parent mends the index, nothing outlives it."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from waitress.server import BaseWSGIServer

from kb.bootstrap import kept_child, open_library
from kb.bootstrap.page_processes import PageProcess, PageProcesses
from kb.config import Settings, as_environment, load_settings
from kb.errors import AskedWrongly
from kb.web.draining import Drain
from kb.web.listening import build_server
from tests.cli.own_library import environment, kb_command, make_own_library, run_kb
from tests.cli.test_index_heals import cut
from tests.free_port import free_port

SECONDS = 240
HIT = "虚构镇用结对办法"


class Server:
    """A running `kb serve` of two processes on a library folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = make_own_library(folder), port
        env = environment(PORT=str(self.port), KB_PROCESSES="2")
        self.parent = subprocess.Popen(kb_command("serve"), cwd=folder, env=env, stderr=subprocess.DEVNULL)

    def get(self, path: str) -> tuple[int, str]:
        """Over a connection of its own; status 0 when no byte of an answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except http.client.IncompleteRead:
            raise
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def children(self) -> dict[int, str]:
        """Command lines of the children that live, by process."""
        return {pid: told for pid, told in processes().items() if parent_of(pid) == self.parent.pid}

    def pages(self) -> set[int]:
        """The processes that answer."""
        return {pid for pid, told in self.children().items() if "--inherited" in told}

    def log(self) -> list[dict[str, object]]:
        text = (self.folder / "data/logs/kb.log").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


def processes() -> dict[int, str]:
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
    return {pid: told for pid, told in found.items() if told}  # those that have ended have none


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def becomes(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)
    return is_so()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with free_port() as port:
        server = Server(tmp_path_factory.mktemp("processes") / "own", port)
        try:
            assert becomes(lambda: server.get("/find")[0] == 200)
            yield server
        finally:
            server.parent.kill()
            server.parent.wait()


def test_both_processes_answer_and_the_parent_does_not(server: Server) -> None:
    asked = iter(range(1_000))

    def answered() -> set[object]:
        server.get(f"/find?q={next(asked)}")
        return {row["process"] for row in server.log() if row["logger"] == "kb.requests"}

    assert becomes(lambda: answered() == server.pages() and len(server.pages()) == 2)


def test_a_killed_process_is_replaced_while_the_other_answers(server: Server) -> None:
    first, second = sorted(server.pages())
    statuses: Counter[int] = Counter()
    stop = threading.Event()

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        while not stop.is_set():
            try:
                connection.request("GET", f"/find?q={random.random()}")
                answer = connection.getresponse()
                answer.read()
                statuses[answer.status] += 1
            except (OSError, http.client.HTTPException):  # the connection was the killed one's
                statuses[0] += 1
                connection.close()
        connection.close()

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    time.sleep(0.5)
    os.kill(first, signal.SIGKILL)
    is_replaced = becomes(lambda: len(server.pages() - {first}) == 2)
    stop.set()
    for reader in readers:
        reader.join()
    assert is_replaced and second in server.pages()
    assert set(statuses) <= {0, 200} and statuses[0] <= len(readers) < statuses[200]


def test_what_a_process_finds_wrong_with_the_index_the_parent_mends(server: Server) -> None:
    indexers = set(server.children()) - server.pages()
    for path in (server.folder / "data/index").glob("g-*/*.seg"):
        cut(path)
    os.kill(min(server.pages()), signal.SIGKILL)  # the next one opens what lies there now

    def asked() -> list[object]:
        server.get(f"/find?q={quote(HIT)}")
        return [row["process"] for row in server.log() if str(row["message"]).startswith("index unusable")]

    assert becomes(lambda: asked() != [])
    library = open_library(load_settings({"KB_LIBRARY": str(server.folder)}))
    assert becomes(lambda: library.verify_index() == [])
    library.close()
    assert set(asked()) == {server.parent.pid}
    assert set(server.children()) - server.pages() == indexers


def test_nothing_outlives_a_killed_parent(server: Server) -> None:
    children = set(server.children())
    assert len(children) == 3
    server.parent.kill()
    server.parent.wait()
    assert becomes(lambda: not children & set(processes()))
    assert server.get("/")[0] == 0


def test_processes_that_cannot_start_say_why_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(kept_child, "SHORTEST_PAUSE", 0.01)
    tries: list[int] = []

    def spawn_failing(_: PageProcess) -> subprocess.Popen[bytes]:
        tries.append(1)
        return kept_child.spawn([sys.executable, "-c", "print('cannot made up'); raise SystemExit(2)"], environment())

    monkeypatch.setattr(PageProcess, "_spawn", spawn_failing)
    settings = replace(load_settings({"KB_DATA": str(tmp_path)}), processes=2)
    processes = PageProcesses(settings, [], repair=lambda _: None)
    assert processes.start() == "made up"
    assert becomes(lambda: len(tries) > 3)
    processes.drain()
    assert [row.message for row in caplog.records if "cannot" in row.message] == [
        "a page process cannot start: made up"
    ]


def test_who_ends_it_while_no_process_answers_yet_does_not_wait_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(PageProcess, "_spawn", lambda _: kept_child.spawn(command, environment()))
    settings = replace(load_settings({"KB_DATA": str(tmp_path)}), processes=2)
    processes = PageProcesses(settings, [], repair=lambda _: None)
    told: list[str] = []
    asked = iter([False, False, True])
    starter = threading.Thread(target=lambda: told.append(processes.start(lambda: next(asked, True))), daemon=True)
    starter.start()
    starter.join(60)
    assert told == [""]
    processes.drain()


def test_a_port_that_is_taken_is_said_before_anything_is_done(tmp_path: Path) -> None:
    folder = make_own_library(tmp_path / "own")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = run_kb(folder, "serve", PORT=str(port))
    assert (told.returncode, f"不能在 127.0.0.1:{port} 上提供服务" in told.stderr) == (2, True)
    assert not (folder / "data/catalogue.sqlite3").exists()


def test_a_server_on_two_addresses_is_drained_on_both() -> None:
    """HOST=localhost stands for one of each family."""
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    try:
        sockets = [socket.create_server(("127.0.0.1", 0)) for _ in "12"]
        server, opened = build_server(Flask("made_up"), Settings(Path(), Path(), Path()), sockets)
        Drain(opened, seconds=1)(signal.SIGTERM, None)
        assert becomes(lambda: told == [signal.SIGTERM])
        assert [one.accepting for one in opened.values() if isinstance(one, BaseWSGIServer)] == [False, False]
        server.close()
    finally:
        signal.signal(signal.SIGTERM, before)


def test_children_work_by_the_settings_of_their_parent(tmp_path: Path) -> None:
    folder = make_own_library(tmp_path / "own")
    file = folder / "library.toml"
    lines = (
        'address = "https://anli.example.cn"', 'proxy = "127.0.0.1"', "processes = 3", "git = true", 'faces = "open"',
        'embed = ["https://a.example.cn", "https://*.b.example.cn"]', 'smtp = "smtps://a:b%40c@mail.example.cn"',
        'mail_from = "kb@example.cn"', 'host = "127.0.0.2"', "password_days = 90", "proof_megabytes = 300",
    )  # fmt: skip
    file.write_text("\n".join(lines), "utf-8")
    settings = load_settings({"KB_LIBRARY": str(folder), "PORT": "8123", "KB_RESULT_CACHE": "0"})
    usual = Settings(Path(), Path(), Path())
    assert [
        field.name for field in fields(Settings) if getattr(settings, field.name) == getattr(usual, field.name)
    ] == []
    file.write_text('port = "1"\npassword_days = 30\n', "utf-8")
    assert load_settings(as_environment(settings)) == settings


@pytest.mark.parametrize("text", ["", "19", "1000001", "much", "-1", "1.5"])
def test_a_room_for_proofs_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(AskedWrongly, match="KB_PROOF_MEGABYTES"):
        load_settings({"KB_PROOF_MEGABYTES": text})


@pytest.mark.parametrize("text", ["0", "33", "many", "-1"])
def test_a_number_of_processes_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(AskedWrongly, match="KB_PROCESSES"):
        load_settings({"KB_PROCESSES": text})
