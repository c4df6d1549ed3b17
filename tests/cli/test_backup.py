"""Backup while in use, restore on an empty folder: the same files, hashes and answers (rows 33 and 46)."""

import errno
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kb.bootstrap import open_library
from kb.bootstrap.backups import back_up, back_up_dated, restore_backup, try_restore
from kb.bootstrap.desk import Desk
from kb.config import Settings, load_settings
from kb.database.operations_log import SqlOperationsLog
from kb.errors import AskedWrongly, NotReady
from kb.repository import backup_writing, durable
from kb.repository.backup_reading import check_backup, place_of
from kb.repository.library_folder import start_library
from kb.repository.uploads import UploadFolder
from tests.cli.own_library import call_kb, environment, make_own_library
from tests.questions.kept import Answers, answers


def quiet(*_: object) -> None:
    pass


def settings_of(folder: Path) -> Settings:
    return load_settings({"KB_LIBRARY": str(folder)})


def hashes(folder: Path) -> dict[str, str]:
    """By name, without what is made anew."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent != folder / "data" and (folder / "data/index") not in path.parents
    }


@contextmanager
def writing(content: Path) -> Iterator[list[str]]:
    """Meanwhile an editor keeps saving one draft in place, another program replaces a second one by renaming."""
    texts = [f"---\nid: 000000-2020-0{n}\n---\n\n## 一、问题\n\n{'甲乙丙丁'[n] * 20000}\n" for n in range(4)]
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            text = texts[number % 4]
            (content / "cases/000000-2020-08.md").write_text(text, encoding="utf-8")
            beside = content / "cases/.000000-2020-09.md.tmp"
            beside.write_text(text, encoding="utf-8")
            beside.rename(content / "cases/000000-2020-09.md")
            number += 1
            stop.wait(0.12)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield texts
    finally:
        stop.set()
        thread.join()


@pytest.mark.slow
def test_a_backup_made_during_writes_brings_back_files_hashes_and_answers(
    shipped_data: Path, shipped_answers: Answers, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    start_library(folder, with_shelf=True)
    settings = settings_of(folder)
    shutil.copytree(shipped_data, folder / "data", dirs_exist_ok=True)
    (folder / "data/uploads").mkdir()
    (folder / "data/uploads/scan.pdf").write_bytes(bytes(range(256)) * 900)
    library = open_library(settings)
    library.sync(quiet)
    still = hashes(folder)
    with writing(folder / "content") as texts:
        back_up(settings, tmp_path / "first.zip")
        written = back_up(settings, tmp_path / "second.zip")
    library.close()
    restored = restore_backup(settings, tmp_path / "second.zip", tmp_path / "back", quiet)
    found = hashes(tmp_path / "back")
    whole = {hashlib.sha256(text.encode()).hexdigest() for text in texts}
    assert {found.pop(f"content/cases/000000-2020-0{n}.md") for n in (8, 9)} <= whole
    assert (found, restored.rebuilt, written.left_out) == (still, "", ())
    again = open_library(settings_of(tmp_path / "back"))
    assert answers(again) == shipped_answers
    again.close()
    first = SqlOperationsLog(tmp_path / "back/data").last_backup()
    assert first is not None and first.file == str(tmp_path / "first.zip")  # the kept rows came along


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_own_library(tmp_path / "own")


def test_a_backup_made_uploads_that_nothing_notes_for_a_month_go_and_are_in_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(folder / "data")
    with desk.session():  # the kept database is there and notes neither
        old, new = desk.uploads.put(b"left behind"), desk.uploads.put(b"just sent")
    desk.close()
    path = folder / "data/uploads" / old[:2] / old
    os.utime(path, (1_000, 1_000))

    def refuse(*_: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as refusing:
        refusing.setattr(UploadFolder, "forget", refuse)
        stopped = call_kb(folder, "backup", tmp_path / "a.zip")
    assert (stopped.returncode, path.exists()) == (0, True)
    assert stopped.stderr.strip() == (
        "没有人用的上传文件没有清去：没有权限。备份不受影响；检查 uploads 文件夹的权限，下次备份时再清。"
    )
    done = call_kb(folder, "backup", tmp_path / "b.zip")
    assert (done.returncode, done.stderr, path.exists()) == (0, "", False)
    assert "清去了 30 天没有人用的上传文件 1 个，11 字节；这份备份里还有。" in done.stdout
    again = call_kb(folder, "backup", tmp_path / "c.zip")
    assert (again.returncode, "清去" in again.stdout) == (0, False)
    names = [{file.path for file in check_backup(tmp_path / name).files} for name in ("b.zip", "c.zip")]
    assert [f"uploads/{one[:2]}/{one}" in files for files in names for one in (old, new)] == [True, True, False, True]


def test_what_goes_in_and_where_it_comes_back(folder: Path, tmp_path: Path) -> None:
    settings = settings_of(folder)
    SqlOperationsLog(folder / "data").last_backup()
    open_library(settings).sync(quiet)
    (folder / "data/layouts").mkdir()
    (folder / "data/layouts/bulletin.docx").write_bytes(b"PK")
    back_up(settings, tmp_path / "a.zip")
    back_up(settings, tmp_path / "b.zip")
    manifest = check_backup(tmp_path / "b.zip")
    names = {file.path for file in manifest.files}
    assert names == {*(name.removeprefix("data/") for name in hashes(folder)), "kept.sqlite3"}
    assert "layouts/bulletin.docx" in names
    assert (manifest.cases, manifest.mechanisms, manifest.schema != "") == (1, 1, True)
    restore_backup(settings, tmp_path / "b.zip", tmp_path / "back", quiet)
    for file in manifest.files:
        if file.path != "kept.sqlite3":
            data = (tmp_path / "back" / place_of(file.path)).read_bytes()
            assert (len(data), hashlib.sha256(data).hexdigest()) == (file.size, file.sha256)
    for place in (folder, tmp_path / "back"):
        noted = SqlOperationsLog(place / "data").last_restore()
        assert noted is not None and (noted.cases, noted.problem) == (1, "")


def test_the_settings_of_the_restored_library_name_no_folder_of_the_old_machine(folder: Path, tmp_path: Path) -> None:
    (folder / "content").rename(tmp_path / "elsewhere")
    (folder / "library.toml").write_text(f'port = 9000\ncontent = "{tmp_path}/elsewhere"\n', encoding="utf-8")
    back_up(settings_of(folder), tmp_path / "a.zip")
    shutil.rmtree(tmp_path / "elsewhere")
    restored = restore_backup(settings_of(folder), tmp_path / "a.zip", tmp_path / "back", quiet)
    assert (restored.cases, settings_of(tmp_path / "back").port) == (1, 9000)
    assert settings_of(tmp_path / "back").content_folder == tmp_path / "back/content"


def test_names_that_cannot_be_restored_and_links_are_told(folder: Path, tmp_path: Path) -> None:
    (folder / "content/cases/甲:乙.md").write_text("x", encoding="utf-8")
    (folder / "content/cases/index.pickle").write_bytes(b"x")
    (folder / "content/cases/000000-2020-07.md").symlink_to("/etc/hosts")
    written = back_up(settings_of(folder), tmp_path / "a.zip")
    assert set(written.left_out) == {
        ("content/cases/甲:乙.md", "文件名会落到别处"),
        ("content/cases/index.pickle", "像是索引或目录的文件"),
        ("content/cases/000000-2020-07.md", "是一个链接"),
    }
    check_backup(tmp_path / "a.zip")


def test_a_file_that_never_rests_stops_the_backup(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_writing, "ATTEMPTS", 2)
    monkeypatch.setattr(backup_writing.time, "sleep", lambda _: (folder / "content/lexicon/terms.txt").touch())
    (folder / "content/lexicon/terms.txt").touch()
    with pytest.raises(NotReady, match="一直在变"):
        back_up(settings_of(folder), tmp_path / "a.zip")
    assert list(tmp_path.glob(".*")) == [] and not (tmp_path / "a.zip").exists()


def test_nothing_is_overwritten(folder: Path, tmp_path: Path) -> None:
    settings = settings_of(folder)
    (tmp_path / "a.zip").write_bytes(b"mine")
    with pytest.raises(AskedWrongly, match="没有覆盖它"):
        back_up(settings, tmp_path / "a.zip")
    with pytest.raises(AskedWrongly, match="不能放在"):
        back_up(settings, folder / "content/a.zip")
    back_up(settings, tmp_path / "b.zip")
    with pytest.raises(AskedWrongly, match="里已有东西，没有动它"):
        restore_backup(settings, tmp_path / "b.zip", folder, quiet)
    assert (tmp_path / "a.zip").read_bytes() == b"mine"


@pytest.mark.parametrize(("keep", "kept"), [(3, 2), (6, 4)])
def test_rotation_keeps_the_newest_and_touches_nothing_else(folder: Path, tmp_path: Path, keep: int, kept: int) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    old = [place / f"kb-backup-2020010{n}T000000Z.zip" for n in range(1, 5)]
    others = [place / "kb-backup-old.zip", place / "notes.txt", place / "kb-backup-20200101T000000Z.zip.sig"]
    for path in old + others:
        path.write_bytes(b"x")
    target, _ = back_up_dated(settings_of(folder), place, keep=keep)
    assert set(place.iterdir()) == {target, *old[len(old) - kept :], *others}


def test_a_broken_taxonomy_still_comes_back_and_is_told(folder: Path, tmp_path: Path) -> None:
    (folder / "content/taxonomy/units.yaml").write_text("units: [", encoding="utf-8")
    back_up(settings_of(folder), tmp_path / "a.zip")
    restored = restore_backup(settings_of(folder), tmp_path / "a.zip", tmp_path / "back", quiet)
    assert restored.rebuilt.startswith("units.yaml 第 1 行")
    assert hashes(tmp_path / "back") == hashes(folder)


def test_a_trial_leaves_nothing_but_its_note(folder: Path, tmp_path: Path) -> None:
    settings = settings_of(folder)
    back_up(settings, tmp_path / "a.zip")
    before = set(tmp_path.iterdir())
    try_restore(settings, tmp_path / "a.zip", quiet)
    noted = SqlOperationsLog(folder / "data").last_restore()
    assert set(tmp_path.iterdir()) == before
    assert noted is not None and (noted.file, noted.problem) == (str(tmp_path / "a.zip"), "")


def test_the_commands_say_what_they_did(folder: Path, tmp_path: Path) -> None:
    done = call_kb(folder, "backup", tmp_path / "a.zip")
    assert (done.returncode, done.stderr) == (0, "")
    assert "其中案例 1 个、机制 1 个" in done.stdout and "已读回核对" in done.stdout
    back = call_kb(tmp_path, "restore", "a.zip", "back")
    assert (back.returncode, back.stderr) == (0, "")
    assert back.stdout.startswith("已恢复到 back：") and "读者能看到的案例 1 个" in back.stdout
    scheduled = call_kb(folder, "backup", "--schedule", "/backup").stdout
    (cron,) = [line for line in scheduled.split("\n") if line.startswith("0 2 * * * ")]
    assert cron.endswith(f"backup /backup --keep 14 --library {folder}")
    assert f"ExecStart={cron.removeprefix('0 2 * * * ')}" in scheduled and "OnCalendar=" in scheduled


KILLED = """
import os, signal, sys
from pathlib import Path
from kb.bootstrap.backups import back_up, restore_backup
from kb.config import load_settings
real, calls = {owner}.{name}, 0
def stop(*words, **more):
    global calls
    calls += 1
    if calls == {when}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*words, **more)
{owner}.{name} = stop
settings = load_settings()
{call}
"""


def killed(folder: Path, call: str, owner: str, name: str, when: int) -> int:
    script = KILLED.format(owner=owner, name=name, when=when, call=call)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], cwd=folder, env=environment(), capture_output=True, timeout=240
    )
    return done.returncode


@pytest.mark.parametrize(("owner", "name"), [("os", "fsync"), ("Path", "rename")])
def test_a_kill_in_backup_leaves_nothing_under_the_final_name(
    folder: Path, tmp_path: Path, owner: str, name: str
) -> None:
    target = tmp_path / "a.zip"
    assert killed(folder, f"back_up(settings, Path({str(target)!r}))", owner, name, 1) == -signal.SIGKILL
    assert not target.exists()
    back_up(settings_of(folder), target)
    assert check_backup(target).cases == 1
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize(("owner", "name", "when"), [("os", "fsync", 5), ("os", "fsync", 20), ("Path", "rename", 1)])
def test_a_kill_in_restore_leaves_no_half_library(
    folder: Path, tmp_path: Path, owner: str, name: str, when: int
) -> None:
    back_up(settings_of(folder), tmp_path / "a.zip")
    target = tmp_path / "back"
    call = f"restore_backup(settings, Path({str(tmp_path / 'a.zip')!r}), Path({str(target)!r}), lambda *_: None)"
    assert killed(folder, call, owner, name, when) == -signal.SIGKILL
    assert not target.exists()
    assert restore_backup(settings_of(folder), tmp_path / "a.zip", target, quiet).cases == 1


def test_a_full_disk_in_restore_leaves_nothing(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    back_up(settings_of(folder), tmp_path / "a.zip")
    calls = 0
    real = durable.flush_folder

    def fail(path: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise OSError(28, "No space left on device")
        real(path)

    monkeypatch.setattr("kb.repository.backup_reading.flush_folder", fail)
    before = set(tmp_path.iterdir())
    with pytest.raises(NotReady, match="没有恢复成：磁盘满了"):
        restore_backup(settings_of(folder), tmp_path / "a.zip", tmp_path / "back", quiet)
    assert set(tmp_path.iterdir()) == before
