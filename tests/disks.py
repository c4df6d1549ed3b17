"""Disks of one megabyte and read-only ones, mounted for a test; without the right to mount, said aloud."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def require_mounts() -> None:
    """Skips where nothing can be mounted; CI must be able to."""
    if (
        os.name == "posix"
        and os.geteuid() == 0
        and not subprocess.run(["unshare", "-m", "true"], check=False).returncode
    ):
        return
    assert not os.environ.get("CI"), "CI must be able to mount"
    pytest.skip("mounting needs root")


@contextmanager
def small_disk(folder: Path, size: str = "1m") -> Iterator[Path]:
    """An empty disk of this size at the folder; yields a file that fills it, to be unlinked to make room."""
    require_mounts()
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield folder / "ballast"
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(ballast: Path, *, leave: int = 0) -> None:
    """Fills the disk but for `leave` bytes."""
    status = os.statvfs(ballast.parent)
    ballast.write_bytes(bytes(max(status.f_bavail * status.f_frsize - leave, 0)))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder as it is, on a disk that takes nothing."""
    require_mounts()
    subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
