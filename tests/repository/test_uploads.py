"""Bytes of uploads: wholly there or not, each once, and never handed out changed."""

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from kb.errors import NotFound, NotReady
from kb.repository.uploads import Forgotten, UploadFolder


def test_bytes_come_back_and_are_kept_once(tmp_path: Path) -> None:
    uploads = UploadFolder(tmp_path / "uploads")
    name = uploads.put(b"made up")
    assert uploads.put(b"made up") == name == hashlib.sha256(b"made up").hexdigest()
    assert uploads.get(name) == b"made up"
    assert [path.name for path in (tmp_path / "uploads").rglob("*") if path.is_file()] == [name]


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(NotReady, match="上传的文件没有写成：磁盘满了。"):
        UploadFolder(tmp_path).put(b"made up")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_that_is_gone_or_changed_is_not_handed_out(tmp_path: Path) -> None:
    uploads = UploadFolder(tmp_path)
    name = uploads.put(b"made up")
    path = tmp_path / name[:2] / name
    path.write_bytes(b"other")
    with pytest.raises(NotFound, match="已损坏"):
        uploads.get(name)
    path.unlink()
    with pytest.raises(NotFound, match="不在了"):
        uploads.get(name)


LONG_AGO, SINCE = 1_000.0, 2_000.0


def put_long_ago(uploads: UploadFolder, folder: Path, data: bytes) -> str:
    name = uploads.put(data)
    os.utime(folder / name[:2] / name, (LONG_AGO, LONG_AGO))
    return name


def test_what_nothing_notes_for_long_is_forgotten_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    uploads = UploadFolder(folder)
    noted, old = put_long_ago(uploads, folder, b"noted"), put_long_ago(uploads, folder, b"left behind")
    new = uploads.put(b"just sent")
    half = folder / old[:2] / f".{old}.0123abcd.tmp"
    others = [folder / old[:2] / "scan.pdf", folder / "notes.txt", folder / new[:2] / f"{'0' * 63}"]
    for path in (half, *others):
        path.write_bytes(b"x")
        os.utime(path, (LONG_AGO, LONG_AGO))
    link = folder / new[:2] / ("f" * 64)
    link.symlink_to(folder / noted[:2] / noted)
    assert uploads.forget({noted}, SINCE) == Forgotten(2, len(b"left behind") + 1)
    left = {path for path in folder.rglob("*") if not path.is_dir()}
    assert left == {folder / noted[:2] / noted, folder / new[:2] / new, link, *others}
    assert uploads.forget({noted}, SINCE) == Forgotten(0, 0)
    assert UploadFolder(tmp_path / "nothing").forget(set(), SINCE) == Forgotten(0, 0)


def test_what_is_kept_again_or_about_to_lose_its_note_counts_as_new(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    uploads = UploadFolder(folder)
    again, lost = put_long_ago(uploads, folder, b"sent twice"), put_long_ago(uploads, folder, b"taken away")
    uploads.put(b"sent twice")
    uploads.renew(lost)
    uploads.renew("0" * 64)  # one that is gone
    assert uploads.forget(set(), SINCE) == Forgotten(0, 0)
    assert (uploads.get(again), uploads.get(lost)) == (b"sent twice", b"taken away")


def test_who_keeps_the_same_bytes_while_they_are_removed_has_them_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "uploads"
    uploads = UploadFolder(folder)
    name = put_long_ago(uploads, folder, b"made up")
    about_to, goes_on = Event(), Event()
    remove = Path.unlink

    def remove_slowly(path: Path, missing_ok: bool = False) -> None:
        if path.name == name:
            about_to.set()
            goes_on.wait(5)
        remove(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", remove_slowly)
    with ThreadPoolExecutor(2) as threads:
        removing = threads.submit(uploads.forget, set(), SINCE)
        assert about_to.wait(5)
        keeping = threads.submit(uploads.put, b"made up")
        with pytest.raises(TimeoutError):
            keeping.result(timeout=0.3)
        goes_on.set()
        assert (removing.result().files, keeping.result()) == (1, name)
    assert uploads.get(name) == b"made up"
