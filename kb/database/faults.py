"""What is wrong with a database file, in words for the person at the keyboard; catalogue and kept database say it alike."""

import shutil
from pathlib import Path

from kb.errors import NotReady

NEEDED = 100_000
"""Bytes SQLite needs beside a database to open it."""
LOST = ("not a database", "malformed", "disk image")


class NewerDatabase(NotReady):
    """The kept database was made by a newer program."""


class DamagedDatabase(NotReady):
    """The kept database cannot be read; only a backup helps."""


def explain(error: Exception, path: Path) -> NotReady:
    """What an error of SQLite or of the disk means for the person at the keyboard."""
    words = str(error)
    if any(sign in words for sign in LOST):
        return damaged(path)
    if any(sign in words for sign in ("readonly", "unable to open", "Read-only", "Permission denied")):
        return NotReady(f"{path} 写不了。", advice=f"检查 {path.parent} 的权限，以及磁盘是不是只读。")
    if "full" in words or "No space" in words or ("disk I/O" in words and _is_full(path.parent)):
        return NotReady("磁盘满了，没有写入。", advice=f"在 {path.parent} 所在的磁盘上腾出空间再试。")
    if "locked" in words:
        return NotReady(f"{path.name} 正被另一个程序占用。", advice="过一会儿再试；一直这样，运行 kb doctor。")
    return NotReady(f"{path} 打不开。", advice="运行 kb doctor 看原因。")


def _is_full(folder: Path) -> bool:
    # SQLite calls it an I/O error when there is no room for the file its readers share.
    try:
        return shutil.disk_usage(folder).free < NEEDED
    except OSError:
        return False


def damaged(path: Path) -> DamagedDatabase:
    """What only a backup helps."""
    return DamagedDatabase(f"{path} 已损坏。", advice="运行 kb doctor，按它给出的步骤从备份恢复。")
