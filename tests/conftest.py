"""Quick tests first: those that drive a browser come last, so that a plain fault is said early."""

import gc
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from functools import cache, wraps
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.engine import Connection

from kb.bootstrap import Holdings
from kb.config import Settings
from kb.database import kept
from tests.made_up import ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_collection_finish() -> None:
    """What is imported and collected stays; to look for garbage in all of it takes 0.25 s each time."""
    gc.collect()
    gc.freeze()


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


@pytest.fixture(scope="session")
def shipped_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the shipped library after a sync from nothing (ten seconds); copy it to write to it."""
    folder = tmp_path_factory.mktemp("shipped-data")
    holdings = Holdings(Settings(ROOT / "content", folder, ROOT / "templates"), today=lambda: date(2026, 11, 23))
    holdings.sync(lambda *_: None)
    holdings.close()
    return folder


@pytest.fixture(scope="session", autouse=True)
def templates_are_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every application compiles the pages it shows, 30 ms each; these take what the one before has compiled."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "compiled"  # one for both workers
    folder.mkdir(exist_ok=True)
    compiled = FileSystemBytecodeCache(str(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": compiled})
        yield


def _statements(path: Path) -> tuple[str, ...]:
    with closing(sqlite3.connect(path)) as connection:
        return tuple(line for line in connection.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;"))
