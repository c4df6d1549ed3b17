"""kb doctor names each planted fault, and its advice, taken literally, mends it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.bootstrap import open_library
from kb.bootstrap.backups import back_up, back_up_dated, try_restore
from kb.bootstrap.examination import gather_facts
from kb.config import load_settings
from kb.services.examine_library import Facts, HeldLock, Trouble, examine
from kb.services.operations import BackupRun, RestoreTrial
from tests.cli.own_library import call_kb, environment, make_own_library


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synced, backed up, a restore tried."""
    folder = make_own_library(tmp_path_factory.mktemp("doctor") / "own")
    settings = load_settings({"KB_LIBRARY": str(folder)})
    library = open_library(settings)
    library.sync(lambda *_: None)
    library.close()  # and what is in its write-ahead file goes into the catalogue
    back_up(settings, folder / "first.zip")  # from here on there is a kept database
    target, _ = back_up_dated(settings, folder / "backups", 3)
    try_restore(settings, target, lambda *_: None)
    return folder


@pytest.fixture
def folder(healthy: Path, tmp_path: Path) -> Path:
    return shutil.copytree(healthy, tmp_path / "own")


def look(folder: Path) -> dict[str, Trouble]:
    facts = gather_facts(load_settings({"KB_LIBRARY": str(folder)}))
    return {trouble.name: trouble for trouble in examine(facts) if trouble.name != "没有中文字体"}


def follow(trouble: Trouble, folder: Path) -> None:
    assert trouble.commands
    for command in trouble.commands:
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment(), capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, (command, done.stderr)


def a_case_changed_by_hand(folder: Path) -> None:
    with (folder / "content/cases/000000-2020-01.md").open("a", encoding="utf-8") as file:
        file.write("\n再加一段。\n")


def a_flipped_bit_in_the_index(folder: Path) -> None:
    path = max((folder / "data/index").glob("g-*/*.seg"), key=lambda path: path.stat().st_size)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(bytes(data))


def a_scribbled_catalogue(folder: Path) -> None:
    (folder / "data/catalogue.sqlite3").write_bytes(b"not a database" * 999)


def a_catalogue_of_another_version(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "data/catalogue.sqlite3")) as connection:
        connection.execute("PRAGMA user_version = 9999")


def a_draft_left_by_a_crash(folder: Path) -> None:
    (folder / "content/cases/.000000-2020-03.md.tmp").write_text("半个")


def a_restore_that_was_killed(folder: Path) -> None:
    (folder.parent / ".own.restore-0a1b2c3d/content").mkdir(parents=True)


def no_backup_ever(folder: Path) -> None:
    (folder / "data/kept.sqlite3").unlink()


def an_old_backup(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "data/kept.sqlite3")) as connection, connection:
        connection.execute("UPDATE backup_run SET ended_at = '2020-01-01T00:00:00+00:00'")


def a_restore_never_tried(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "data/kept.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM restore_trial")


def a_damaged_kept_database(folder: Path) -> None:
    (folder / "data/kept.sqlite3").write_bytes(b"not a database" * 999)


def data_open_to_all(folder: Path) -> None:
    (folder / "data").chmod(0o777)


def a_file_from_the_future(folder: Path) -> None:
    ahead = time.time() + 400 * 86400
    os.utime(folder / "content/lexicon/terms.txt", (ahead, ahead))


def an_import_that_was_killed(folder: Path) -> None:
    stage = folder / "content/.import-0a1b2c3d"
    stage.mkdir()
    for number in (1, 2):
        text = f"---\nid: 000000-2026-000{number}\nstatus: 草稿\n---\n"
        (stage / f"000000-2026-000{number}.md").write_text(text, encoding="utf-8")
    os.link(stage / "000000-2026-0001.md", folder / "content/cases/000000-2026-0001.md")


FAULTS = {
    an_import_that_was_killed: "导入没有完成",
    a_case_changed_by_hand: "目录落后于内容", a_flipped_bit_in_the_index: "索引不能用",
    a_scribbled_catalogue: "目录不能用", a_catalogue_of_another_version: "目录不能用",
    a_draft_left_by_a_crash: "有残留的临时文件", a_restore_that_was_killed: "有残留的临时文件",
    no_backup_ever: "没有备份", an_old_backup: "备份太旧", a_restore_never_tried: "恢复没有试过",
    a_damaged_kept_database: "留存的数据损坏", data_open_to_all: "权限太宽", a_file_from_the_future: "时钟或文件时间不对",
}  # fmt: skip


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_named_and_its_advice_mends_it(folder: Path, plant: Callable[[Path], None]) -> None:
    plant(folder)
    found = look(folder)
    assert next(iter(found)) == FAULTS[plant] and (len(found) == 1 or plant is an_import_that_was_killed)
    follow(found[FAULTS[plant]], folder)
    assert FAULTS[plant] not in look(folder)


def test_a_healthy_library_has_no_trouble_and_nothing_is_changed_by_looking(folder: Path) -> None:
    def state() -> dict[str, int]:
        return {str(path): path.stat().st_size for path in sorted(folder.rglob("*")) if path.suffix != ".lock"}

    before = state()
    assert look(folder) == {}
    assert state() == before


HOLD = """
import sys, time
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(100)
"""


def test_a_stuck_sync_is_named_with_its_process(folder: Path) -> None:
    lock = folder / "data/sync.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        long_ago = time.time() - 7200
        os.utime(lock, (long_ago, long_ago))
        found = look(folder)["同步卡住"]
        assert found.commands[0] == f"kill {holder.pid}"
        subprocess.run(["bash", "-c", found.commands[0]], check=True)
        holder.wait(10)
        follow(found._replace(commands=found.commands[1:]), folder)
        assert look(folder) == {}
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()  # type: ignore[union-attr]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting needs root")
def test_a_read_only_disk_is_named_and_mounted_anew(folder: Path) -> None:
    content = folder / "content"
    kept = shutil.copytree(content, folder.parent / "kept")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(content)], check=True)
    try:
        shutil.copytree(kept, content, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", str(content)], check=True)
        found = look(folder)
        assert list(found) == ["磁盘只读"]
        follow(found["磁盘只读"], folder)
        assert look(folder) == {}
    finally:
        subprocess.run(["umount", str(content)], check=True)


def test_what_no_command_can_mend_is_said_in_words() -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    fine = Facts(
        now, "kb", Path("/l/content"), Path("/l/data"), {},
        backup=BackupRun(now.isoformat(), "/b/a.zip", 1, 1), trial=RestoreTrial(now.isoformat(), "/b/a.zip", "", 1, 1),
    )  # fmt: skip
    assert examine(fine) == []
    from dataclasses import replace

    for change, name, words in (
        ({"free": 3_000_000}, "磁盘快满了", "只剩 3 MB"),
        ({"has_fonts": False}, "没有中文字体", "apt-get install -y fonts-noto-cjk"),
        ({"errors": ("cases/a.md",)}, "有文件没有收入", "cases/a.md"),
        ({"passed_over": ("cases/b.md",)}, "有文件没有读取", "cases/b.md"),
        ({"content_fault": "units.yaml 第 1 行：写法不对。"}, "内容读不了", "units.yaml"),
        ({"kept_fault": "是更新的程序留下的。"}, "留存的数据不能用", "更新的程序"),
        ({"unwritable": {Path("/l/data"): "没有权限"}}, "不能写入", "chmod -R u+rwX /l/data"),
        ({"now": now + timedelta(days=3)}, "备份太旧", "上次备份在 2026-11-25"),
        ({"now": now - timedelta(days=3)}, "备份太旧", "上次备份在 2026-11-25"),
    ):
        (trouble,) = examine(replace(fine, **change))  # type: ignore[arg-type]
        assert trouble.name == name and words in " ".join([trouble.message, *trouble.commands])
    busy = replace(fine, lock=HeldLock(60.0, 1))
    assert examine(busy) == []  # a sync that just works


def test_the_command_prints_names_steps_and_ends_with_its_status(folder: Path) -> None:
    a_case_changed_by_hand(folder)
    done = call_kb(folder, "doctor")
    assert done.returncode == 1
    assert "错误〔目录落后于内容〕1 个文件改动后没有同步。同步一次。\n    " in done.stdout
    assert f"--library {folder} sync" in done.stdout
