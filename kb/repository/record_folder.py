"""Case files as the desk writes them: beside their name, flushed, then put in place; never over a change it has not seen."""

import os
from pathlib import Path

from kb.errors import AskedWrongly, Conflict
from kb.repository.content_folder import digest_of_file
from kb.repository.decode import decode
from kb.repository.durable import flush_folder, write_file, writing

BESIDE = ".publishing"


class FileRecordFolder:
    """The content folder by relative path (cases/110113-2017-01.md); digests are SHA-256 of the bytes, "" for no file.

    Whatever writes raises NotReady when the disk does not take it.
    """

    def __init__(self, content: Path) -> None:
        self._content = content

    def digest(self, path: str) -> str:
        target = self._target(path)
        return digest_of_file(target) if target.exists() else ""

    def read(self, path: str) -> str:
        """The text as it stands, "" for no file; raises UnreadableFile."""
        target = self._target(path)
        return decode(target.read_bytes()).lines_unified if target.exists() else ""

    def taken_ids(self) -> frozenset[str]:
        return frozenset(path.stem for path in (self._content / "cases").glob("*.md"))

    def write_beside(self, path: str, text: str) -> None:
        """The new text beside the file, on the disk."""
        target = self._target(path)
        beside = _beside(target)
        with writing(path):
            target.parent.mkdir(parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            write_file(beside, text.encode())

    def put_in_place(self, path: str, *, before: str) -> None:
        """Gives the text beside the file its name; raises Conflict when the file is not the one of digest `before`."""
        target = self._target(path)
        beside = _beside(target)
        with writing(path):
            if not before:
                try:
                    os.link(beside, target)  # unlike a rename, it never replaces a file made meanwhile
                except FileExistsError as error:
                    raise _changed(path) from error
                beside.unlink()
                return
            if self.digest(path) != before:
                raise _changed(path)
            beside.replace(target)

    def flush(self, path: str) -> None:
        """Makes the name last."""
        with writing(path):
            flush_folder(self._target(path).parent)

    def clear(self, path: str) -> None:
        """Takes away what a stop half way left beside the file."""
        _beside(self._target(path)).unlink(missing_ok=True)

    def _target(self, path: str) -> Path:
        target = self._content / path
        if target.is_symlink() or target.parent.is_symlink():
            raise AskedWrongly(f"{path} 是一个链接，没有读写。", advice="请管理员把文件本身放进内容文件夹。")
        return target


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}{BESIDE}")


def _changed(path: str) -> Conflict:
    return Conflict(
        f"内容文件夹里的 {path} 被人直接改过，没有覆盖它。", advice="先到修订记录里看改了什么，收下或恢复后再办。"
    )
