"""Quick tests first: those that drive a browser come last, so that a plain fault is said early.

Of these the longest begin first, so that no process is left alone with one at the end.
"""

import gc
import os
import pickle
import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import closing
from datetime import date
from functools import cache, wraps
from pathlib import Path

import pytest
from filelock import FileLock
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.engine import Connection
from werkzeug.routing import Rule

from kb.bootstrap import Holdings, content, holdings, open_library, reviewing
from kb.config import Settings
from kb.database import kept
from kb.rendering import RenderWorker
from tests.made_up import ROOT
from tests.questions.kept import Answers, answers

LONGEST = ("test_desk_looks", "test_looks", "test_safety", "test_word_to_reader", "test_reachable_pages", "test_print")
"""Browser tests of more than 40 s each on two cores."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(
        key=lambda item: (item.get_closest_marker("browser") is not None, places.get(item.path.stem, len(LONGEST)))
    )


def pytest_collection_finish() -> None:
    """What is imported and collected stays; to look for garbage in all of it takes 0.25 s each time.

    Looked for as seldom as this it takes 1% of the time instead of 12%: applications and libraries are much that lives on.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(scope="session", autouse=True)
def new_kept_databases_are_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """All migrations of an empty file take 0.6 s, the same statements at once some milliseconds.

    `tests/database/test_kept.py` runs the migrations themselves (`kept._migrate.__wrapped__`).
    """
    migrate = kept._migrate

    @cache
    def statements() -> tuple[str, ...]:
        path = tmp_path_factory.mktemp("kept") / kept.NAME
        with kept._engine(path, "BEGIN IMMEDIATE").connect() as connection:
            migrate(connection)
        return _statements(path)

    @wraps(migrate)
    def copy(connection: Connection) -> None:
        if kept._revision(connection):
            migrate(connection)
            return
        for statement in statements():
            connection.exec_driver_sql(statement)
        connection.commit()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "_migrate", copy)
        yield


@pytest.fixture(scope="session", autouse=True)
def syncs_share_a_rendering_child() -> Iterator[None]:
    """Each sync starts a child that renders and kills it at its end, 0.25 s; here the next sync of the thread takes it over.

    `tests/rendering` and every process of its own start and kill theirs.
    """
    mine = threading.local()

    class Shared(RenderWorker):
        def __enter__(self) -> RenderWorker:
            if not hasattr(mine, "worker"):
                mine.worker = RenderWorker()
            worker: RenderWorker = mine.worker
            return worker

    with pytest.MonkeyPatch.context() as patch:
        for module in (content, holdings, reviewing):
            patch.setattr(module, "RenderWorker", Shared)
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes of the tests."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def shipped_data(shared_folder: Path) -> Path:
    """The data folder of the shipped library after a sync from nothing (ten seconds); copy it to write to it.

    The process that asks first makes it for all.
    """
    folder, made = shared_folder / "shipped-data", shared_folder / "shipped-data.made"
    with FileLock(shared_folder / "shipped-data.lock"):
        if not made.exists():
            settings = Settings(ROOT / "content", folder, ROOT / "templates")
            library = Holdings(settings, today=lambda: date(2026, 11, 23))
            library.sync(lambda *_: None)
            library.close()
            made.touch()
    return folder


@pytest.fixture(scope="session")
def shipped_answers(shipped_data: Path, shared_folder: Path) -> Answers:
    """What it answers to the kept questions then: five seconds, once for all processes too."""
    file = shared_folder / "shipped-answers.pickle"
    with FileLock(shared_folder / "shipped-answers.lock"):
        if not file.exists():
            library = open_library(Settings(ROOT / "content", shipped_data, ROOT / "templates"))
            file.write_bytes(pickle.dumps(answers(library)))
            library.close()
    found: Answers = pickle.loads(file.read_bytes())
    assert any(found.values())
    return found


@pytest.fixture(scope="session", autouse=True)
def templates_are_compiled_once(shared_folder: Path) -> Iterator[None]:
    """Every application compiles the pages it shows, 30 ms each; these take what the one before has compiled."""
    folder = shared_folder / "compiled"
    folder.mkdir(exist_ok=True)
    compiled = FileSystemBytecodeCache(str(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": compiled})
        yield


@pytest.fixture(scope="session", autouse=True)
def addresses_are_compiled_once() -> Iterator[None]:
    """Every application compiles how its 250 routes are written as addresses, 0.1 s; the same rule is written the same way."""
    compile_builder = Rule._compile_builder
    compiled: dict[Hashable, Callable[..., tuple[str, str]]] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (*rule._trace, *sorted((rule.defaults or {}).items()), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


def _statements(path: Path) -> tuple[str, ...]:
    with closing(sqlite3.connect(path)) as connection:
        return tuple(line for line in connection.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;"))
