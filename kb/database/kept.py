"""The kept database on SQLite: opened, brought up to this program's revision, refused when it is newer or damaged."""

import sqlite3
from contextlib import closing
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from kb.database.faults import NewerDatabase, damaged, explain
from kb.database.kept_tables import HEAD

NAME = "kept.sqlite3"
WAIT_MS = 10_000
"""How long a writer waits for another one."""
BEGIN = "begin"
"""Execution option of an engine or connection: the statement its transactions begin with."""


def open_kept(path: Path) -> Engine:
    """An engine on the file, made or migrated as needed; raises NewerDatabase, DamagedDatabase, NotReady."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = _engine(path, "BEGIN")
        with engine.connect() as connection:
            found = _revision(connection)
        if found != HEAD:
            _bring_up(path)
        return engine
    except (DatabaseError, OSError) as error:
        raise explain(error, path) from error


def _bring_up(path: Path) -> None:
    # One transaction that writes from its first word on: of two programs that start at once the second waits, then
    # finds the work done; a stop half way leaves the old revision.
    with _engine(path, "BEGIN IMMEDIATE").connect() as connection:
        found = _revision(connection)
        _refuse_newer(found, path)
        if found and found != HEAD:
            _copy_aside(path)
        _migrate(connection)


def revision_of(path: Path) -> str:
    """The revision of a file after a look through the whole of it; raises DamagedDatabase, NewerDatabase, NotReady."""
    try:
        with _engine(path, "BEGIN").connect() as connection:
            is_whole = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok"
            found = _revision(connection) if is_whole else ""
    except (DatabaseError, OSError) as error:
        raise explain(error, path) from error
    if not is_whole:
        raise damaged(path)
    _refuse_newer(found, path)
    return found


def copy_kept(path: Path) -> bytes:
    """The file as it is in one moment, writers or not; b"" when there is none."""
    if not path.exists():
        return b""
    try:
        with (
            closing(sqlite3.connect(path, timeout=WAIT_MS / 1000)) as source,
            closing(sqlite3.connect(":memory:")) as copy,
        ):
            source.backup(copy)
            return copy.serialize()
    except sqlite3.Error as error:
        raise explain(error, path) from error


def _engine(path: Path, begin: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True)  # errors are logged
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", lambda one: one.exec_driver_sql(one.get_execution_options().get(BEGIN, begin)))
    return engine


def _configure(connection: Any, _: object) -> None:
    # The driver's own transactions end before each CREATE TABLE: a migration would not be all or nothing.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout = {WAIT_MS}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _revision(connection: Connection) -> str:
    tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    if "alembic_version" not in tables:
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _refuse_newer(found: str, path: Path) -> None:
    if found > HEAD:
        words = f"{path} 是更新的程序留下的（第 {found} 版，本程序到第 {HEAD} 版），没有动它。"
        raise NewerDatabase(words, advice="装回新版程序；或用旧版时做的备份恢复（kb restore）。")


def _copy_aside(path: Path) -> None:
    """The state before a migration, kept until the next one."""
    aside = path.with_name(f"{path.name}.before-{HEAD}")
    beside = aside.with_name(f".{aside.name}.tmp")
    beside.write_bytes(copy_kept(path))
    beside.replace(aside)


def _migrate(connection: Connection) -> None:
    from alembic import command  # a third of a second, needed once per upgrade
    from alembic.config import Config

    with as_file(files("kb.database") / "migrations") as scripts:
        config = Config()
        config.set_main_option("script_location", str(scripts).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    connection.commit()
