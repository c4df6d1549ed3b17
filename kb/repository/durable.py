"""Files and folders that are wholly there or not at all, also after a stop of the machine."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import AskedWrongly, NotReady, why


@contextmanager
def writing(what: str) -> Iterator[None]:
    """Raises NotReady, with what was to be written, where the disk does not take it."""
    try:
        yield
    except OSError as error:
        raise NotReady(f"{what}没有写成：{why(error)}。", advice="检查磁盘空间和权限，再试一次。") from error


def flush_folder(folder: Path) -> None:
    """Makes names in a folder last; Windows cannot, and its file systems write them in order."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def write_file(path: Path, data: bytes) -> None:
    """A new file whose bytes have reached the disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes) -> None:
    """The bytes under this name, in place of what was there; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        write_file(beside, data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    flush_folder(path.parent)


def check_target(target: Path) -> None:
    """Raises AskedWrongly when a new folder cannot stand at `target`."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise AskedWrongly(f"{target} 已经存在，而且不是文件夹。", advice="换一个位置。")
    if target.is_dir() and any(target.iterdir()):
        raise AskedWrongly(f"文件夹 {target} 里已有东西，没有动它。", advice="换一个空的或还不存在的文件夹。")


@contextmanager
def building_folder(target: Path, task: str) -> Iterator[Path]:
    """A folder to fill, `.<name>.<task>-<random>` beside `target`; it becomes `target` when the block ends well.

    Until then `target` is untouched; raises AskedWrongly when something stands there.
    """
    target = target.absolute()
    check_target(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{task}-{secrets.token_hex(4)}")
    beside.mkdir()
    try:
        yield beside
        for folder, _, _ in os.walk(beside):
            flush_folder(Path(folder))
        check_target(target)
        if os.name != "posix" and target.is_dir():
            target.rmdir()  # a rename onto an empty folder is refused there
        beside.rename(target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    flush_folder(target.parent)
