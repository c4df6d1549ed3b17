"""Threat row 13: what is too large is refused early by the real server, whose memory stays flat."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.web.listening import LARGEST_BODY
from tests.free_port import free_port
from tests.made_up import ROOT
from tests.web.made_up_folder import write_folder

EARLY = 5.0
"""Seconds, on a machine that has other work."""
FLAT = 60_000
"""kB the server's peak memory may grow by."""


class Server:
    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def peak(self) -> int:
        """kB of memory at most so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0])

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = write_folder(tmp_path_factory.mktemp("made-up"))
    env = {
        **os.environ,
        "KB_CONTENT": str(settings.content_folder), "KB_DATA": str(settings.data_folder),
        "KB_TEMPLATES": str(settings.templates_folder), "PYTHONPATH": str(ROOT),
        "KB_PROCESSES": "1",  # the one whose memory is looked at
    }  # fmt: skip
    with free_port() as port:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "kb", "serve"],
            env={**env, "PORT": str(port)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
        )  # fmt: skip
        found = Server(process, port)
        try:
            for _ in range(600):
                try:
                    found.connect().close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield found
        finally:
            process.terminate()
            process.wait(60)


def status(connection: socket.socket) -> str:
    try:
        return connection.recv(4096).split(b"\r\n")[0].decode()
    except ConnectionResetError:
        return "reset"


def test_two_gigabytes_are_refused_before_they_are_sent(server: Server) -> None:
    with server.connect() as connection:
        began = time.monotonic()
        head = "POST /describe HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2147483648\r\n"
        connection.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())
        assert status(connection) == "HTTP/1.1 413 Request Entity Too Large"
        assert time.monotonic() - began < EARLY


def test_chunks_without_a_length_end_at_the_bound_and_memory_stays_flat(server: Server) -> None:
    before = server.peak()
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    sent = 0
    with server.connect() as connection:
        head = "POST /describe HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
        connection.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())
        try:
            while sent < 4 * LARGEST_BODY:
                connection.sendall(chunk)
                sent += 0x100000
        except OSError:
            pass
        assert status(connection) in ("HTTP/1.1 413 Request Entity Too Large", "reset")
    assert sent < 2 * LARGEST_BODY
    assert server.peak() - before < FLAT


@pytest.mark.parametrize("fields", [100_000, 60_000])
def test_a_hundred_thousand_form_fields_keep_nobody_waiting(server: Server, fields: int) -> None:
    """Those within the bound of bytes are read, and quickly."""
    before, began = server.peak(), time.monotonic()
    body = b"&".join([b"a=1"] * fields)
    with server.connect() as connection:
        head = f"POST /describe HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        connection.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + body)
        answer = status(connection)
    assert re.fullmatch(r"HTTP/1.1 (413|400|200) .*", answer), answer
    assert (answer == "HTTP/1.1 413 REQUEST ENTITY TOO LARGE") is (len(body) > 256 * 1024)
    assert time.monotonic() - began < EARLY
    assert server.peak() - before < FLAT
