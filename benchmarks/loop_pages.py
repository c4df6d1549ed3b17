"""How long a page of the loop takes: 10,000 cases, 500 units, 50,000 adoptions, all made up, rendered in process.

    python -m benchmarks.loop_pages [--runs N] [--json]

Rows are put straight into the tables of a library in a temporary folder; each page is asked for by a test client,
by a guest and by somebody signed in, whole and narrowed down. Milliseconds a page, on the wall and of the processor (SQLite
works in the same process), so that a busy machine shows. No page is kept between two requests; what is counted by is, until
catalogue or ledger change, and the first page after a change is timed apart.
"""

import argparse
import json
import random
import shutil
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from kb.bootstrap import Library
from kb.config import Settings
from kb.domain.accounts import Role
from kb.web.loop.downloads import CHARTS
from kb.web.loop.pages import TABS
from kb.web.warming import warm
from tests.made_up import ROOT
from tests.services.loop_rows import (
    History,
    MadeAdoption,
    MadeCase,
    MadeMechanism,
    MadePlan,
    MadeWanted,
    put_catalogue,
    put_ledger,
)
from tests.web.signed_in import open_app, signed_in

LEVELS = {"county": "区县", "town": "镇街", "village": "村社区", "organisation": "单位"}
FIELDS = ("rural", "community", "government", "state_firm", "private_firm", "school", "other")
NARROWED = ("", "?year=2025", "?level=town", "?field=rural", "?problem=P5", "?year=2025&level=town&problem=P2")


class Size(NamedTuple):
    """How much of each there is."""

    cases: int = 10_000
    units: int = 500
    mechanisms: int = 600
    adoptions: int = 50_000
    plans: int = 60
    wanted: int = 2_000


def open_made(folder: Path, size: Size, seed: int = 7) -> Library:
    """A library with the shipped taxonomy and made-up units, cases, mechanisms and adoptions."""
    shutil.copytree(ROOT / "content", folder / "content", ignore=shutil.ignore_patterns("*.md"))
    units = [f"虚构第{number}单位" for number in range(size.units)]
    level_of = {unit: list(LEVELS)[number % len(LEVELS)] for number, unit in enumerate(units)}
    rows = [f'  - {{label: {unit}, region: "000000", level: {LEVELS[level_of[unit]]}}}' for unit in units]
    (folder / "content/taxonomy/units.yaml").write_text("\n".join(["units:", *rows, ""]), encoding="utf-8")
    library = Library(Settings(folder / "content", folder / "data", ROOT / "templates"))
    library.sync(lambda *_: None)
    types = [one.id for one in library.reference_data().references.taxonomy.problems.values() if one.parent]
    history = make_history(size, units, level_of, types, random.Random(seed))
    with Session(create_engine(f"sqlite:///{folder / 'data/catalogue.sqlite3'}")) as session, session.begin():
        put_catalogue(session, history)
    with library.desk.writing() as session:
        put_ledger(session, history)
    return library


def make_history(
    size: Size, units: list[str], level_of: dict[str, str], types: list[str], chance: random.Random
) -> History:
    """Rows in which few units do much, few mechanisms are much taken up, and some of all is left undone."""

    def some(values: list[str]) -> str:
        return values[int(len(values) * chance.random() ** 1.7)]

    codes = ["1U", "1D", "2U", "2D", "3U", "3D", "4U", "4D"]
    mechanisms = [
        MadeMechanism(f"m-{number}", (some(types),), tuple(chance.sample(codes, chance.randint(0, 4))))
        for number in range(size.mechanisms)
    ]
    names = [one.id for one in mechanisms]
    cases = []
    for number in range(size.cases):
        unit = some(units)
        cases.append(
            MadeCase(
                f"000000-{2010 + number % 16}-{number}",
                kind="lesson" if chance.random() < 0.1 else "experience",
                unit=unit,
                level=level_of[unit],
                field=some(list(FIELDS)),
                year=str(chance.randint(2012, 2026)),
                seen_by="internal" if chance.random() < 0.2 else "public",
                mechanism=some(names),
                problems=tuple(dict.fromkeys((some(types), some(types)))),
                indicators=(f"I0{chance.randint(1, 6)}",) if chance.random() < 0.5 else (),
            )
        )
    of_mechanism: dict[str, list[MadeCase]] = {}
    for one in cases:
        of_mechanism.setdefault(one.mechanism, []).append(one)
    adoptions = []
    for _ in range(size.adoptions):
        mechanism, day = some(names), f"{chance.randint(2022, 2026)}-{chance.randint(1, 12):02}-15"
        stage = chance.choice(["draft", "intended", "trial", "trial", "landed", "landed", "stopped"])
        is_confirmed = stage == "landed" and chance.random() < 0.6
        known = of_mechanism.get(mechanism)
        adoptions.append(
            MadeAdoption(
                some(units),
                mechanism,
                chance.choice(known).id if known else "",
                stage,
                day,
                day if stage != "intended" else "",
                day if stage == "landed" else "",
                "虚构的第三方" if is_confirmed else "",
                day if is_confirmed else "",
            )
        )
    plans = tuple(
        MadePlan(chance.choice(names[:80]), levels=(chance.choice(list(LEVELS)),), target_on=f"{2025 + n % 3}-12-31")
        for n in range(size.plans)
    )
    wanted = tuple(
        MadeWanted(some(types), chance.choice([*LEVELS, ""]), some(list(FIELDS)), some(units))
        for _ in range(size.wanted)
    )
    return History(tuple(cases), tuple(mechanisms), tuple(adoptions), plans, wanted)


class Timing(NamedTuple):
    """Milliseconds; `cpu` those of the processor."""

    page: str
    p50: float
    p95: float
    most: float
    cpu_p50: float
    cpu_p95: float


def time_page(client: FlaskClient, name: str, address: str, runs: int) -> Timing:
    took, used = [], []
    for _ in range(runs):
        for narrowed in NARROWED:
            more = f"{address}{narrowed}" if "?" not in address else f"{address}&{narrowed[1:]}"
            begun, at_work = time.perf_counter(), time.process_time()
            answer = client.get(more)
            took.append((time.perf_counter() - begun) * 1000)
            used.append((time.process_time() - at_work) * 1000)
            assert answer.status_code == 200, (more, answer.status_code)
    return _timing(name, took, used)


def _timing(name: str, took: list[float], used: list[float]) -> Timing:
    took, used = sorted(took), sorted(used)
    late = int(len(took) * 0.95)
    return Timing(name, statistics.median(took), took[late], took[-1], statistics.median(used), used[late])


def time_after_changes(library: Library, client: FlaskClient, name: str, address: str, changes: int) -> Timing:
    """The first page after one more adoption, for which the whole ledger is read again."""
    took, used = [], []
    for number in range(changes):
        with library.desk.writing() as session:
            put_ledger(session, History(adoptions=(MadeAdoption(f"虚构第{number}单位", "m-1"),)))
        begun, at_work = time.perf_counter(), time.process_time()
        assert client.get(address).status_code == 200
        took.append((time.perf_counter() - begun) * 1000)
        used.append((time.process_time() - at_work) * 1000)
    return _timing(name, took, used)


def addresses() -> dict[str, str]:
    """Every page by name; the analysis by each of its dimensions counts as a page."""
    views = {"show": "", **{view: f"/{view.removeprefix('show_')}" for view in TABS if view != "show"}}
    pages = {view: f"/loop{path}" for view, path in views.items()}
    by = {f"show_analysis by {name}": f"/loop/analysis?by={name}" for name in ("field", "year", "unit")}
    return {**pages, **by, "show_cell": "/loop/cell?level=village"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=8, help="times each page is asked for, in each of six slices")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = open_made(Path(folder), Size())
        library.settings = replace(library.settings, keeps_results=False)  # no page is kept: each is made anew
        app = open_app(library)
        warm(library, app)
        clients = {"signed in": signed_in(library, "reader", Role.READER, app=app), "guest": app.test_client()}
        found = []
        for who, client in clients.items():
            for name, address in addresses().items():
                if who == "signed in" or name not in ("show_ranking", "show_analysis by unit"):
                    found.append(_told(time_page(client, f"{name}, {who}", address, asked.runs), is_quiet=asked.json))
        for name in ("show", "show_funnel"):
            address = addresses()[name]
            timing = time_after_changes(library, clients["signed in"], f"{name}, first after a change", address, 20)
            found.append(_told(timing, is_quiet=asked.json))
        for chart in CHARTS:
            timing = time_page(clients["signed in"], f"{chart}.xlsx", f"/loop/{chart}.xlsx", 1)
            found.append(_told(timing, is_quiet=asked.json))
        library.close()
    if asked.json:
        print(json.dumps([one._asdict() for one in found], ensure_ascii=False, indent=1))


def _told(one: Timing, *, is_quiet: bool) -> Timing:
    if not is_quiet:
        wall = f"p50 {one.p50:6.0f}  p95 {one.p95:6.0f}  most {one.most:6.0f} ms"
        print(f"{one.page:36} {wall}   of the processor p50 {one.cpu_p50:5.0f}  p95 {one.cpu_p95:5.0f} ms", flush=True)
    return one


if __name__ == "__main__":
    main()
