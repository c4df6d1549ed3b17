"""The kept database: migrated in one piece from every revision, refused when newer, named when damaged (rows 33, 38, 48)."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from kb.database import kept
from kb.database.faults import DamagedDatabase, NewerDatabase
from kb.database.kept import copy_kept, open_kept, revision_of
from kb.database.kept_tables import HEAD, Kept
from kb.database.operations_log import SqlOperationsLog
from kb.errors import NotReady
from kb.services.operations import BackupRun, RestoreTrial
from tests.made_up import ROOT

BACKUP = BackupRun("2026-11-25T10:00:00+00:00", "/backup/a.zip", 12, 3456)
TRIAL = RestoreTrial("2026-11-25T11:00:00+00:00", "/backup/a.zip", "2026-11-25T10:00:00+00:00", 12, 3)


@pytest.fixture(autouse=True)
def migrations_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations themselves, not the copy other tests begin with."""
    monkeypatch.setattr(kept, "_migrate", kept._migrate.__wrapped__)  # type: ignore[attr-defined]


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "kb/database/migrations"))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in sorted(names)}


def make_old(path: Path, revision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database as the program of `revision` left it, a row in every table."""
    from alembic import command

    with monkeypatch.context() as patch:
        patch.setattr(kept, "HEAD", revision)
        upgrade = command.upgrade
        patch.setattr(command, "upgrade", lambda config, _: upgrade(config, revision))
        open_kept(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        for name in tables(path):
            if name != "alembic_version":
                columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
                row = [n if kind == "INTEGER" else f"第 {n} 列" for n, (_, _, kind, *_) in enumerate(columns, start=1)]
                connection.execute(f"INSERT OR REPLACE INTO {name} VALUES ({', '.join('?' * len(row))})", row)


def test_the_newest_revision_makes_exactly_the_tables_of_the_models(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = open_kept(tmp_path / "kept.sqlite3")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Kept.metadata) == []
    assert revisions()[-1] == HEAD == revision_of(tmp_path / "kept.sqlite3")


@pytest.mark.parametrize("revision", revisions())
def test_rows_of_every_revision_are_there_after_the_upgrade(
    tmp_path: Path, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.sqlite3"
    make_old(path, revision, monkeypatch)
    before = tables(path)
    open_kept(path)
    after = tables(path)
    assert {name: rows for name, rows in after.items() if rows} == {**before, "alembic_version": [(HEAD,)]}
    if revision != HEAD:
        assert tables(path.with_name(f"kept.sqlite3.before-{HEAD}")) == before


def test_each_tagged_version_is_one_of_these_revisions() -> None:
    """A release ships a newest revision; a tag whose revision is not walked above would not be tested."""
    git = ["git", "-C", str(ROOT)]
    if subprocess.run([*git, "rev-parse", "--git-dir"], capture_output=True).returncode:
        return  # an unpacked copy without history has no tags to tell of
    tags = subprocess.run([*git, "tag", "--list", "v*"], capture_output=True, text=True, check=True).stdout.split()
    for tag in tags:
        files = subprocess.run(
            [*git, "ls-tree", "-r", "--name-only", tag, "kb/database/migrations/versions"], capture_output=True, text=True
        ).stdout.split()  # fmt: skip
        numbers = sorted(Path(name).name[1:5] for name in files if Path(name).name.startswith("r"))
        assert not numbers or set(numbers) <= set(revisions()), tag


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite3"
    open_kept(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = tables(path)
    for look in (open_kept, revision_of):
        with pytest.raises(NewerDatabase, match="是更新的程序留下的（第 9999 版"):
            look(path)
    assert tables(path) == before


CRASH = """
import os, signal, sys
from pathlib import Path
from alembic import op
from kb.database.kept import open_kept
real = op.create_table
for line in sys.stdin:
    path, table = line.split()
    child = os.fork()
    if not child:
        def stop(name, *rest, **more):
            real(name, *rest, **more)
            if name == table:
                os.kill(os.getpid(), signal.SIGKILL)
        op.create_table = stop
        open_kept(Path(path))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def migrations() -> Iterator[subprocess.Popen[str]]:
    """Makes a kept database at each path, in a process of its own that is killed when it has made a table; tells its end.

    Forked from one that has loaded everything: a process that loads it itself takes a second, and there is one a table.
    """
    command = [sys.executable, "-c", CRASH]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin
        process.stdin.close()


@pytest.mark.parametrize("table", sorted(Kept.metadata.tables))
def test_a_kill_in_the_migration_leaves_the_old_state(
    tmp_path: Path, migrations: subprocess.Popen[str], table: str
) -> None:
    path = tmp_path / "kept.sqlite3"
    assert migrations.stdin and migrations.stdout
    migrations.stdin.write(f"{path} {table}\n")
    migrations.stdin.flush()
    assert int(migrations.stdout.readline()) == -signal.SIGKILL
    assert tables(path) == {}
    open_kept(path)
    assert set(tables(path)) == {"alembic_version", *Kept.metadata.tables}


def test_notes_come_back_and_a_failed_backup_is_not_the_last_one(tmp_path: Path) -> None:
    log = SqlOperationsLog(tmp_path)
    assert (log.last_backup(), log.last_restore(), list(tmp_path.iterdir())) == (None, None, [])
    log.note_backup(BACKUP)
    log.note_backup(BACKUP._replace(ended_at="2026-11-26T10:00:00+00:00", problem="磁盘满了"))
    log.note_restore(TRIAL)
    assert (log.last_backup(), log.last_restore()) == (BACKUP, TRIAL)


def scribble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:8192] = b"\xa5" * 4096
    path.write_bytes(bytes(data))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def no_database(path: Path) -> None:
    path.write_bytes(b"not a database" * 600)


@pytest.mark.parametrize("damage", [scribble, cut, no_database])
def test_a_damaged_database_is_named_with_what_to_do(tmp_path: Path, damage) -> None:
    log = SqlOperationsLog(tmp_path)
    for _ in range(40):
        log.note_backup(BACKUP)
    path = tmp_path / "kept.sqlite3"
    damage(path)
    after_damage = path.read_bytes()
    with pytest.raises(DamagedDatabase, match="已损坏") as caught:
        revision_of(path)
    assert "kb doctor" in caught.value.advice
    assert path.read_bytes() == after_damage


def test_a_lost_write_ahead_file_loses_no_row_that_was_written_back(tmp_path: Path) -> None:
    log = SqlOperationsLog(tmp_path)
    log.note_backup(BACKUP)
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"kept.sqlite3{suffix}").unlink(missing_ok=True)
    assert (log.last_backup(), revision_of(tmp_path / "kept.sqlite3")) == (BACKUP, HEAD)


def test_a_locked_database_is_said_after_the_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "WAIT_MS", 200)
    log = SqlOperationsLog(tmp_path)
    log.note_backup(BACKUP)
    with closing(sqlite3.connect(tmp_path / "kept.sqlite3", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(NotReady, match="正被另一个程序占用"):
            log.note_backup(BACKUP)
        assert time.monotonic() - began < 5
        assert log.last_backup() == BACKUP  # reading goes on
    log.note_backup(BACKUP)


def test_a_copy_is_one_moment_and_opens(tmp_path: Path) -> None:
    log = SqlOperationsLog(tmp_path / "a")
    assert copy_kept(tmp_path / "a/kept.sqlite3") == b""
    log.note_backup(BACKUP)
    (tmp_path / "b").mkdir()
    (tmp_path / "b/kept.sqlite3").write_bytes(copy_kept(tmp_path / "a/kept.sqlite3"))
    assert SqlOperationsLog(tmp_path / "b").last_backup() == BACKUP
    shutil.rmtree(tmp_path / "a")
