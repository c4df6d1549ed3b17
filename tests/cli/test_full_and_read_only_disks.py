"""A full disk, a failing one, a read-only one: a clear message, reading goes on, and it heals by itself (rows 34 to 36)."""

import gc
import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kb.bootstrap import Library, open_library
from kb.bootstrap.backups import back_up
from kb.bootstrap.event_log import build_file_handler
from kb.bootstrap.imports import import_files
from kb.config import Settings, load_settings
from kb.database.operations_log import SqlOperationsLog
from kb.errors import NotReady
from kb.services.find_cases import Question
from kb.services.operations import BackupRun
from kb.web import create_app
from search import IndexFault
from tests.cli.own_library import environment, make_own_library
from tests.disks import fill, read_only, small_disk
from tests.made_up import ROOT

READ_ONLY = "只读：磁盘现在不能写入。"


def quiet(*_: object) -> None:
    pass


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"KB_LIBRARY": str(make_own_library(tmp_path / "own"))})


@pytest.fixture
def library(settings: Settings) -> Library:
    library = open_library(settings)
    library.sync(quiet)
    return library


def found(library: Library) -> list[str]:
    with library.reading() as reading:
        hits = reading.finder.find(Question("支部不开会")).hits
        return [card.id for hit in hits for card in (hit.card, *hit.twins)]


def add_a_case(settings: Settings, number: int) -> None:
    text = (settings.content_folder / "cases/000000-2020-01.md").read_text(encoding="utf-8")
    name = f"000000-2020-0{number}"
    (settings.content_folder / f"cases/{name}.md").write_text(text.replace("000000-2020-01", name), encoding="utf-8")


def test_a_full_content_disk(settings: Settings, library: Library, tmp_path: Path) -> None:
    kept = shutil.copytree(settings.content_folder, tmp_path / "kept")
    (tmp_path / "from").mkdir()
    (tmp_path / "from/a.md").write_text("正文" * 9000, encoding="utf-8")
    with small_disk(settings.content_folder) as ballast:
        shutil.copytree(kept, settings.content_folder, dirs_exist_ok=True)
        before = sorted(path for path in settings.content_folder.rglob("*"))
        fill(ballast)
        with pytest.raises(NotReady, match="没有写成：磁盘满了"):
            library.start_case("110113", 2026)
        with pytest.raises(NotReady, match="一个也没有收进来"):
            import_files(settings, tmp_path / "from", "000000", 2026, dry_run=False, progress=lambda *_: None)
        assert found(library) == ["000000-2020-01"]
        ballast.unlink()
        assert sorted(path for path in settings.content_folder.rglob("*")) == before
        assert library.start_case("110113", 2026).id == "110113-2026-01"


def test_a_full_data_disk(settings: Settings, tmp_path: Path) -> None:
    with small_disk(settings.data_folder, "3m") as ballast:
        library = open_library(settings)
        library.sync(quiet)
        log = SqlOperationsLog(settings.data_folder)
        log.note_backup(BackupRun("2026-11-25T10:00:00+00:00", "a.zip", 1, 1))
        run = BackupRun("2026-11-25T11:00:00+00:00", "b.zip" * 50_000, 1, 1)
        add_a_case(settings, 2)
        with library.reading() as reading:  # as some thread of a server always has
            assert reading.updated_on
            fill(ballast)
            for task in (lambda: library.sync(quiet), lambda: log.note_backup(run)):
                with pytest.raises(NotReady, match="磁盘满了") as caught:
                    task()
                assert "腾出空间" in caught.value.advice
            assert found(library) == ["000000-2020-01"]
        ballast.unlink()
        library.sync(quiet)
        assert found(library) == ["000000-2020-01", "000000-2020-02"]
        last = log.last_backup()
        assert last is not None and last.file in ("a.zip",)


# Whoosh leaves the files of a broken write to the collector; here it is asked for them at once.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_full_index_disk(settings: Settings) -> None:
    with small_disk(settings.data_folder / "index", "2m") as ballast:
        library = open_library(settings)
        library.sync(quiet)
        add_a_case(settings, 2)
        fill(ballast)
        with pytest.raises((NotReady, IndexFault)) as caught:
            library.sync(quiet)
        assert "满" in str(caught.value) or "No space" in str(caught.value)
        del caught
        gc.collect()
        assert found(library) == ["000000-2020-01"]
        ballast.unlink()
        library.sync(quiet)  # in the same process: no lock was left behind
        assert (found(library), library.verify_index()) == (["000000-2020-01", "000000-2020-02"], [])


def test_a_full_log_disk(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with small_disk(tmp_path / "logs") as ballast:
        handler = build_file_handler(tmp_path / "logs/kb.log")
        log = logging.Logger("kb.test")
        log.addHandler(handler)
        log.info("before")
        fill(ballast)
        for number in range(2000):
            log.info("while full %s", number)
        ballast.unlink()
        log.info("after")
        log.info("and after")
        handler.close()
        rows = [json.loads(line) for line in (tmp_path / "logs/kb.log").read_text(encoding="utf-8").splitlines()]
    words = [row["message"] for row in rows]
    assert words[0] == "before" and words[-1] == "and after"
    assert capfd.readouterr().err.count("日志写不进") == 1


def test_a_flush_that_fails_is_never_a_success(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 35: the n-th flush fails, for every n until the task needs no more."""
    (tmp_path / "from").mkdir()
    for number in range(3):
        (tmp_path / f"from/{number}.md").write_text("正文", encoding="utf-8")
    library = open_library(settings)
    tasks = {
        "new": (lambda: library.start_case("110113", 2026), lambda: list(settings.content_folder.glob("cases/1101*"))),
        "import": (
            lambda: import_files(settings, tmp_path / "from", "000000", 2026, dry_run=False, progress=lambda *_: None),
            lambda: list(settings.content_folder.glob("cases/000000-2026*")),
        ),
        "backup": (lambda: back_up(settings, tmp_path / "b.zip"), lambda: list(tmp_path.glob("*.zip"))),
    }
    real = os.fsync
    for name, (task, results) in tasks.items():
        for stop in range(1, 30):
            calls = 0

            def fail(file: int, stop: int = stop) -> None:
                nonlocal calls
                calls += 1
                if calls == stop:
                    raise OSError(5, "Input/output error")
                real(file)

            with monkeypatch.context() as patch:
                patch.setattr(os, "fsync", fail)
                try:
                    task()
                except NotReady as refusal:
                    assert "磁盘读写出错" in refusal.message
                    is_after_the_rename = name == "backup" and stop > 1
                    assert results() == [] or is_after_the_rename, (name, stop)
                    if is_after_the_rename:
                        (tmp_path / "b.zip").unlink()
                    continue
            assert results() != [] and calls < stop
            break
        else:
            raise AssertionError(f"{name} never ended")


LIMITED = """
import resource, signal, sys
from pathlib import Path
from kb.database.operations_log import SqlOperationsLog
from kb.errors import NotReady
from kb.services.operations import BackupRun
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = Path(sys.argv[1])
SqlOperationsLog(folder).note_backup(BackupRun("2026", "first", 0, 0))
kept, failed = ["first"], 0
for limit in range(0, 120_000, 3_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        SqlOperationsLog(folder).note_backup(BackupRun("2026", str(limit), 0, 0))
        kept.append(str(limit))
    except NotReady:
        failed += 1
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
SqlOperationsLog(folder).note_backup(BackupRun("2026", "last", 0, 0))
print(failed, *kept, "last")
"""


def test_no_acknowledged_row_is_lost_wherever_a_write_fails(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=240
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    failed, *kept = done.stdout.split()
    with closing(sqlite3.connect(tmp_path / "kept.sqlite3")) as connection:
        assert [row[0] for row in connection.execute("SELECT file FROM backup_run ORDER BY number")] == kept
    assert int(failed) > 3 and len(kept) > 3


@pytest.mark.parametrize("place", ["content", "data", "data/index"])
def test_a_read_only_disk_still_serves_and_says_so(settings: Settings, library: Library, place: str) -> None:
    library.close()
    assert settings.library_folder
    with read_only(settings.library_folder / place):
        opened = open_library(settings)
        client = create_app(opened).test_client()
        for address in ("/", "/find?q=支部不开会", "/cases/000000-2020-01", "/status", "/healthz"):
            assert client.get(address).status_code == 200, address
        assert "000000-2020-01" in client.get("/find?q=支部不开会").text
        if place != "data/index":
            assert READ_ONLY in client.get("/").text
        if place == "content":
            with pytest.raises(NotReady, match="磁盘是只读的"):
                opened.start_case("110113", 2026)
        else:
            add_a_case(settings, 2)
            with pytest.raises((NotReady, IndexFault)):
                opened.sync(quiet)
        opened.close()
    again = open_library(settings)
    again.sync(quiet)
    assert READ_ONLY not in create_app(again).test_client().get("/").text
    again.close()
