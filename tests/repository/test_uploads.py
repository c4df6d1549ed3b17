"""Bytes of uploads: wholly there or not, each once, and never handed out changed."""

import errno
import hashlib
from pathlib import Path

import pytest

from kb.errors import NotFound, NotReady
from kb.repository.uploads import UploadFolder


def test_bytes_come_back_and_are_kept_once(tmp_path: Path) -> None:
    uploads = UploadFolder(tmp_path / "uploads")
    name = uploads.put(b"made up")
    assert uploads.put(b"made up") == name == hashlib.sha256(b"made up").hexdigest()
    assert uploads.get(name) == b"made up"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [name]


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
