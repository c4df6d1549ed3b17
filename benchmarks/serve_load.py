"""The real server under load: 查案例 with 3,000 made-up cases, answered over 1 to 500 connections.

    python benchmarks/serve_load.py --json

Each level runs for a few seconds on a server of its own kind: with the cache of pages (a hundred queries repeat, each
asked once before the clock starts) and without (every query is another). `cpu_ms` is the processor time a request of the
server with all its processes, which a busy machine changes less than it changes times; `processes` how many of them answer
(`KB_PROCESSES` sets it). While fifty connections load it, a case is written and asked for until it is found.
Client and server share the machine, so the figures are those of a small installation at its worst. Only 127.0.0.1.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
from corpus import SEED, read_sentences

ROOT = Path(__file__).resolve().parents[1]
LEVELS = (1, 50, 200, 500)
POOL = 100  # queries that repeat where the cache is measured
PATIENCE = 60.0  # seconds after which a request counts as an error
NEW_CASE = ("000000-2025-0001", "量子海绵城市结对")


class Asked(NamedTuple):
    """One request: how long it took, and whether the answer was a page."""

    ms: float
    is_error: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=3_000)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each level runs")
    parser.add_argument("--port", type=int, default=8931)
    parser.add_argument("--json", action="store_true", help="the whole report as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="serve-load-") as folder:
        report = _measure(Path(folder), options)
    print(json.dumps(report, ensure_ascii=False, indent=1) if options.json else _table(report))


def _measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    draw = random.Random(SEED)
    sentences = [sentence for sentence in read_sentences() if _is_plain(sentence)]
    write_library(folder / "content", options.cases, sentences, draw)
    environment = _environment(folder, options.port)
    started = time.perf_counter()
    _sync(environment)
    report: dict[str, Any] = {"cases": options.cases, "first_sync_s": round(time.perf_counter() - started, 1)}
    for name, cache in (("cache_on", "1"), ("cache_off", "0")):
        with _server({**environment, "KB_RESULT_CACHE": cache}, options.port) as server:
            report["start_s"] = round(server.started_s, 1)
            report["processes"] = len(server.processes())
            report[name] = {
                str(level): _load(level, options, server, sentences, draw, cache == "1") for level in LEVELS
            }
            report.setdefault("memory_mb_a_process", {})[name] = round(server.memory_mb(), 1)
            if cache == "0":
                report["new_case"] = asyncio.run(_publish(folder, options, _queries(sentences, draw)))
    return report


# The library


def write_library(content: Path, cases: int, sentences: list[str], draw: random.Random) -> None:
    """A content folder of made-up cases, all valid; the text of each is drawn from the sentences."""
    sys.path.insert(0, str(ROOT))
    from tests.web.made_up_folder import FILES

    for name, text in FILES.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    template = FILES["cases/000000-2020-01.md"]
    for number in range(2, cases):
        case_id = f"000000-{2000 + number % 20}-{1000 + number}"
        path = content / "cases" / f"{case_id}.md"
        path.write_text(_case(template, case_id, sentences, draw), encoding="utf-8")


def _case(template: str, case_id: str, sentences: list[str], draw: random.Random, title: str = "") -> str:
    made = template.replace("id: 000000-2020-01", f"id: {case_id}")
    title = title or draw.choice([sentence for sentence in draw.sample(sentences, 40) if len(sentence) < 36] or [""])
    made = made.replace("title: 虚构镇用结对办法", f"title: {title.rstrip('。！？')}用结对办法")
    text = "".join(draw.choice(sentences) for _ in range(14))
    return made.replace("镇党委先摸底，", f"{text}镇党委先摸底，")


def _is_plain(sentence: str) -> bool:
    """No figure or document that a case would have to prove, and no sign that Markdown or YAML would read."""
    plain = unicodedata.normalize("NFKC", sentence)
    return not any(sign in plain for sign in "0123456789《》〔〕[]<>|*_`#:：%\"'“”‘’&{}!·、")


def _queries(sentences: list[str], draw: random.Random) -> Iterator[str]:
    """Parts of sentences, two words' worth up to a pasted description, each with a number that makes it another."""

    def made() -> str:
        text = draw.choice(sentences) + draw.choice(sentences)
        start = draw.randint(0, max(0, len(text) - 10))
        return text[start : start + draw.choice((4, 8, 12, 20, 40, 60))]

    return (f"{made()} {number}" for number in count())


# The server


def _environment(folder: Path, port: int) -> dict[str, str]:
    own = {"KB_CONTENT": str(folder / "content"), "KB_DATA": str(folder / "data"), "PORT": str(port)}
    return {**os.environ, **own, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}


def _sync(environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-m", "kb", "sync"], env=environment, check=True, stderr=subprocess.DEVNULL)


class Server(NamedTuple):
    """A server that answers: the seconds it took to start, and its first process."""

    started_s: float
    process: int

    def processes(self) -> list[int]:
        """Those that answer pages: its own, or its children that inherited the socket."""
        children = [pid for pid, parent, told in _running() if parent == self.process and "--inherited" in told]
        return children or [self.process]

    def cpu_s(self) -> float:
        """Processor time it and all its children have used; nothing where the system does not tell."""
        parents = {pid: parent for pid, parent, _ in _running()}
        own = [pid for pid in parents if self.process in _line(pid, parents)]
        return sum(map(_cpu_s, own)) if own else float("nan")

    def memory_mb(self) -> float:
        """Of the processes that answer, each with its share of what several have in common."""
        return sum(map(_pss_mb, self.processes())) / len(self.processes())


def _running() -> list[tuple[int, int, str]]:
    """Number, parent and command line of every process; none where the system does not tell."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            found.append((int(folder.name), parent, (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()))
        except OSError:
            continue
    return found


def _line(pid: int, parents: dict[int, int]) -> set[int]:
    line = {pid}
    while (pid := parents.get(pid, 0)) and pid not in line:
        line.add(pid)
    return line


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _pss_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def _server(environment: dict[str, str], port: int) -> Iterator[Server]:
    started = time.perf_counter()
    log = (Path(environment["KB_DATA"]) / "serve.log").open("ab")
    server = subprocess.Popen([sys.executable, "-m", "kb", "serve"], env=environment, stdout=log, stderr=log)
    try:
        while not _answers(port):
            if server.poll() is not None or time.perf_counter() - started > 300:
                raise SystemExit(Path(log.name).read_text()[-2_000:])
            time.sleep(0.1)
        yield Server(time.perf_counter() - started, server.pid)
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/find", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


# The load


def _load(
    level: int,
    options: argparse.Namespace,
    server: Server,
    sentences: list[str],
    draw: random.Random,
    is_cached: bool,
) -> dict[str, float]:
    print(f"{level} connections", file=sys.stderr, flush=True)
    queries = _queries(sentences, draw)
    if is_cached:
        pool = [next(queries) for _ in range(POOL)]
        times = len(server.processes()) * 4  # over connections of their own, so that each process has met the query
        for query in pool * (times if times > 4 else 1):
            asyncio.run(_page(options.port, _address(query)))
        queries = (draw.choice(pool) for _ in count())
    before = server.cpu_s()
    report = asyncio.run(_level(level, options, queries))
    return {**report, "cpu_ms": round((server.cpu_s() - before) * 1000 / report["requests"], 2)}


def _address(query: str) -> str:
    return f"/find?q={quote(query)}"


async def _level(connections: int, options: argparse.Namespace, queries: Iterator[str]) -> dict[str, float]:
    started = time.perf_counter()
    end = started + options.seconds
    asked = await asyncio.gather(*(_client(options.port, queries, end) for _ in range(connections)))
    return _summary([one for of_client in asked for one in of_client], time.perf_counter() - started)


async def _client(port: int, queries: Iterator[str], end: float) -> list[Asked]:
    """One connection, kept open, one request after the other until the time is up."""
    asked: list[Asked] = []
    reader = writer = None
    while time.perf_counter() < end:
        started, is_error = time.perf_counter(), False
        try:
            if writer is None or reader is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            status, _ = await asyncio.wait_for(_get(reader, writer, _address(next(queries))), PATIENCE)
            is_error = status != 200
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
            is_error, writer = True, None
        asked.append(Asked((time.perf_counter() - started) * 1000, is_error))
    if writer is not None:
        writer.close()
    return asked


async def _get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> tuple[int, bytes]:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lengths = [line.split(":", 1)[1] for line in head.split("\r\n") if line.lower().startswith("content-length:")]
    if not lengths:
        raise ValueError("an answer without a length")
    return int(head.split(" ", 2)[1]), await reader.readexactly(int(lengths[0]))


async def _page(port: int, path: str) -> bytes:
    """A page over a connection of its own; nothing if the server did not give it."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        _, page = await _get(reader, writer, path)
        writer.close()
    except (OSError, ValueError, asyncio.IncompleteReadError) as error:
        print(f"{path}: {error!r}", file=sys.stderr)
        return b""
    return page


def _summary(asked: list[Asked], seconds: float) -> dict[str, float]:
    times = [one.ms for one in asked]
    shares = {f"p{share}_ms": round(float(np.percentile(times, share)), 1) for share in (50, 95, 99)}
    errors = sum(one.is_error for one in asked)
    return {"requests": len(asked), "errors": errors, "req_per_s": round(len(asked) / seconds, 1), **shares}


async def _publish(folder: Path, options: argparse.Namespace, queries: Iterator[str]) -> dict[str, float]:
    """Seconds from writing a case until it is found, while fifty connections load the server, which syncs by itself."""
    end = time.perf_counter() + 60
    done = asyncio.Event()

    async def load() -> list[Asked]:
        asked: list[Asked] = []
        while not done.is_set() and time.perf_counter() < end:
            asked += await _client(options.port, queries, time.perf_counter() + 0.5)
        return asked

    loading = [asyncio.create_task(load()) for _ in range(50)]
    await asyncio.sleep(2)
    started = time.perf_counter()
    case_id, words = NEW_CASE
    sys.path.insert(0, str(ROOT))
    from tests.web.made_up_folder import FILES

    text = _case(FILES["cases/000000-2020-01.md"], case_id, ["先摸底，再结对。"], random.Random(1), words)
    (folder / "content/cases" / f"{case_id}.md").write_text(text, encoding="utf-8")
    found = -1.0
    while time.perf_counter() < end:
        if case_id.encode() in await _page(options.port, _address(words)):
            found = time.perf_counter() - started
            break
        await asyncio.sleep(0.05)
    done.set()
    asked = [one for of_client in await asyncio.gather(*loading) for one in of_client]
    return {"findable_s": round(found, 2), "errors": sum(one.is_error for one in asked), "requests": len(asked)}


def _table(report: dict[str, Any]) -> str:
    lines = [f"{report['cases']} cases, first sync {report['first_sync_s']} s, start {report['start_s']} s"]
    lines += [f"{report['processes']} processes of {report['memory_mb_a_process']} MB each"]
    for name in ("cache_on", "cache_off"):
        lines += [f"{name} {level:>4} connections {found}" for level, found in report[name].items()]
    return "\n".join([*lines, f"new case {report['new_case']}"])


if __name__ == "__main__":
    main()
