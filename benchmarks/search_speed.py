"""How fast our scoring is beside other engines: same documents, same tokens, same queries, in one run.

    python benchmarks/search_speed.py --docs 10000 --peers --json

Every engine is built in one process and asked in another, so memory is its own. Times are of one query from tokens in
to the ten best documents with scores out. `first_touch` is the first time a query is asked after opening. The warm
rounds take turns between the engines, so that whatever else the machine does meets all of them; a query's time is the
median of its rounds, and the percentiles are over the queries. `full_path` is another matter: the product's whole field
set, text in, a page of hits with reasons, snippets and facets out.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from contestants import CONTESTANTS, Answer
from corpus import Corpus, make_documents, read_sentences, write_corpus

from search import Analyser

ROUNDS = 5
# Whoosh itself takes up to seconds a query: from so many documents on it is asked fewer queries, and one warm round.
SLOW_QUERIES = ((50_000, 10), (5_000, 50))
MEGABYTE = 1e6
FULL_PATH = "full_path"


def main() -> None:
    options = _options()
    if options.child:
        _run_child(options.child, options.act, options.folder, options.docs)
        return
    with tempfile.TemporaryDirectory(prefix="search-speed-", dir=options.folder) as folder:
        report = _measure(Path(folder), options.docs, with_peers=options.peers)
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print_table(report)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", type=int, default=1_000, help="number of documents")
    parser.add_argument("--peers", action="store_true", help="the other engines too (pip install '.[bench]')")
    parser.add_argument("--json", action="store_true", help="the whole report as JSON")
    parser.add_argument("--folder", type=Path, default=None, help="where to put the indexes while it runs")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--act", help=argparse.SUPPRESS)
    return parser.parse_args()


# The parent: builds one after the other, then asks in turns.


def _measure(folder: Path, docs: int, *, with_peers: bool) -> dict[str, Any]:
    _say(f"making {docs} documents")
    write_corpus(folder, docs, Analyser())
    names = list(CONTESTANTS) if with_peers else ["ours"]
    figures: dict[str, dict[str, Any]] = {}
    for name in [*names, FULL_PATH]:
        (folder / name).mkdir()
        _say(f"building {name}")
        with _Child(name, "build", folder, docs) as child:
            built = child.read()["build_s"]
        size = sum(path.stat().st_size for path in (folder / name).rglob("*") if path.is_file())
        if not size:  # it searches the index of another
            figures[name] = dict.fromkeys(("build_s", "docs_per_s", "disk_mb"))
            continue
        figures[name] = {
            "build_s": round(built, 3),
            "docs_per_s": round(docs / built, 1),
            "disk_mb": round(size / MEGABYTE, 2),
        }
    answers = _ask_all(folder, names, docs, figures)
    full = _ask_full(folder, docs, figures.pop(FULL_PATH))
    report = {"docs": docs, "engines": figures, "ratios": _ratios(figures), FULL_PATH: full}
    report["notes"] = [*_notes(docs, names), *_same_answers(answers)]
    return report


def _ask_all(folder: Path, names: list[str], docs: int, figures: dict[str, Any]) -> dict[str, list[Answer]]:
    children = {name: _Child(name, "serve", folder, docs) for name in names}
    warm: dict[str, list[list[float]]] = {name: [] for name in names}
    answers = {}
    for name, child in children.items():
        first = child.read()
        answers[name] = first["answers"]
        figures[name]["first_touch_p95_ms"] = _percentile(first["ms"], 95)
    for turn in range(ROUNDS):
        for name, child in children.items():
            if turn and _cap(name, docs):
                continue
            child.write("round")
            warm[name].append(child.read()["ms"])
    for name, child in children.items():
        child.write("memory")
        figures[name] |= {"rss_mb": child.read()["rss_mb"], **_percentiles(warm[name])}
        child.close()
    return answers


def _ask_full(folder: Path, docs: int, built: dict[str, float]) -> dict[str, float]:
    with _Child(FULL_PATH, "serve", folder, docs) as child:
        hard, first = child.read()["ms"], child.read()["ms"]
        warm = []
        for _ in range(ROUNDS):
            child.write("round")
            warm.append(child.read()["ms"])
        child.write("memory")
        memory = child.read()["rss_mb"]
    return {**built, "rss_mb": memory, **_percentiles(warm), "first_touch_p95_ms": _percentile(first, 95),
            "slowest_ms": round(max(first), 3), "slowest_hard_ms": round(max(hard), 3)}  # fmt: skip


def _percentiles(rounds: list[list[float]]) -> dict[str, float]:
    times = [statistics.median(of_query) for of_query in zip(*rounds, strict=True)]
    return {f"p{share}_ms": _percentile(times, share) for share in (50, 95, 99)}


def _percentile(times: list[float], share: int) -> float:
    return round(float(np.percentile(times, share)), 4)


def _ratios(figures: dict[str, dict[str, float]]) -> dict[str, float]:
    """Warm p95 of ours over that of each other engine: below one, ours is faster."""
    ours = figures["ours"]["p95_ms"]
    return {f"ours/{name}": round(ours / found["p95_ms"], 3) for name, found in figures.items() if name != "ours"}


def _cap(name: str, docs: int) -> int | None:
    """How many queries an engine is asked; all if it is quick."""
    return next((queries for least, queries in SLOW_QUERIES if docs >= least), None) if name == "whoosh" else None


def _notes(docs: int, names: list[str]) -> list[str]:
    notes = ["ratios are of warm p95; p99 of 200 queries is the second slowest"]
    if "whoosh" in names and (cap := _cap("whoosh", docs)):
        notes.append(f"whoosh was asked the first {cap} queries only, once after its first touch")
    if "whoosh" in names and docs >= CONTESTANTS["whoosh"].BORROWED:
        notes.append("whoosh searched the index of ours; it built none of its own")
    return notes


def _same_answers(answers: dict[str, list[Answer]]) -> list[str]:
    """How many of our ten documents others have too; each rounds lengths and idf in its own way."""
    notes = []
    for name in ("whoosh", "sqlite_fts5", "bm25s"):
        pairs = list(zip(answers["ours"], answers.get(name, []), strict=False))
        ours = [{document for document, _ in one} for one, _ in pairs]
        shared = sum(
            len(one & {document for document, _ in other}) for one, (_, other) in zip(ours, pairs, strict=True)
        )
        if pairs:
            notes.append(f"of our top ten, {name} has {shared / max(1, sum(map(len, ours))):.1%} in its own")
    return notes


class _Child:
    """An engine in a process of its own, spoken to in lines of JSON."""

    def __init__(self, name: str, act: str, folder: Path, docs: int) -> None:
        words = ["--child", name, "--act", act, "--folder", str(folder), "--docs", str(docs)]
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", __file__, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{' '.join(map(str, self._process.args[3:]))} ended without an answer")  # type: ignore[index]
        answer: dict[str, Any] = json.loads(line)
        return answer

    def write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        self._process.communicate()

    def __enter__(self) -> "_Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


# The child: builds, or answers rounds of queries until its input ends.


def _run_child(name: str, act: str, folder: Path, docs: int) -> None:
    corpus = Corpus(folder)
    if act == "build":
        started = time.perf_counter()
        if name == FULL_PATH:
            from full_path import build_full

            build_full(folder / name, make_documents(docs, read_sentences()))
        else:
            CONTESTANTS[name](folder / name).build(corpus)
        _answer({"build_s": time.perf_counter() - started})
        return
    queries = corpus.queries()[: _cap(name, docs)]
    if name == FULL_PATH:
        from full_path import HARD, USUAL, open_full

        ask_text = open_full(folder / name)
        rounds = _rounds([partial(ask_text, query.text) for query in queries])
        ask_text(USUAL)
        _answer(next(_rounds([partial(ask_text, text) for text in HARD])))
    else:
        ask = CONTESTANTS[name](folder / name).open()
        rounds = _rounds([partial(ask, query.tokens) for query in queries])
    _answer(next(rounds))
    for line in sys.stdin:
        if line.strip() == "memory":
            _answer({"rss_mb": _resident_mb()})
        else:
            _answer({"ms": next(rounds)["ms"]})


def _rounds(questions: list[Callable[[], Answer]]) -> Iterator[dict[str, Any]]:
    while True:
        times, answers = [], []
        for ask in questions:
            started = time.perf_counter()
            answers.append(ask())
            times.append((time.perf_counter() - started) * 1000)
        yield {"ms": times, "answers": answers}


def _resident_mb() -> float:
    """Memory held now, shared file pages included."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / MEGABYTE, 1)


def _answer(content: dict[str, Any]) -> None:
    print(json.dumps(content), flush=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _print_table(report: dict[str, Any]) -> None:
    columns = ["p50_ms", "p95_ms", "p99_ms", "first_touch_p95_ms", "build_s", "docs_per_s", "disk_mb", "rss_mb"]
    print(f"{report['docs']} documents")
    print("".ljust(12), *(column.rjust(18) for column in columns))
    for name, found in [*report["engines"].items(), (FULL_PATH, report[FULL_PATH])]:
        print(
            name.ljust(12),
            *(f"{found[column]:18.3f}" if found[column] is not None else " " * 17 + "-" for column in columns),
        )
    for line in (*(f"{name} = {ratio}" for name, ratio in report["ratios"].items()), *report["notes"]):
        print(line)


if __name__ == "__main__":
    main()
