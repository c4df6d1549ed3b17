"""A backup of a library in use: written beside its name, read back, then put in place."""

import hashlib
import os
import re
import stat
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple

from kb.errors import AskedWrongly, NotReady, why
from kb.repository.backup_format import (
    MANIFEST,
    MAX_FILE_BYTES,
    SEAL,
    BackedUpFile,
    Manifest,
    fault_of_name,
    write_manifest,
)
from kb.repository.backup_reading import check_backup
from kb.repository.durable import flush_folder

ATTEMPTS = 60
QUIET = 0.05
"""Seconds for which a file must have been left alone: an editor that empties a file before it writes leaves a gap."""
QUIET_EMPTY = 2.0
"""The same for a file with nothing in it: on a busy machine the gap is long."""
_FOLDER_LINE = re.compile(r"^[ \t]*(content|data|templates)[ \t]*=[ \t]*([^ \t#\n]*).*$", re.MULTILINE)


class BackupSources(NamedTuple):
    """What goes in: folders (None = not there), the text of the settings, the kept database as bytes and its revision."""

    content: Path
    templates: Path | None
    uploads: Path | None
    layouts: Path | None
    settings: str
    kept: bytes
    schema: str
    program: str


class WrittenBackup(NamedTuple):
    """The manifest of what was written, and what was left out: (file, reason)."""

    manifest: Manifest
    left_out: tuple[tuple[str, str], ...]


def write_backup(target: Path, sources: BackupSources) -> WrittenBackup:
    """Raises AskedWrongly when `target` is taken, NotReady when the disk does not take it; then nothing stands there."""
    if target.exists() or target.is_symlink():
        raise AskedWrongly(f"已有文件 {target}，没有覆盖它。", advice="换一个名字；要轮换保留，用 --keep。")
    beside = target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w+b") as file:
            written = _fill(file, sources)
            file.flush()
            os.fsync(file.fileno())
        check_backup(beside)
        beside.rename(target)
        flush_folder(target.parent)
    except OSError as error:
        raise NotReady(
            f"备份没有写成：{why(error)}。", advice=f"检查 {target.parent} 的空间和权限，再做一次。"
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return written


def _fill(file: IO[bytes], sources: BackupSources) -> WrittenBackup:
    files: list[BackedUpFile] = []
    left_out: list[tuple[str, str]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, reason in _entries(sources):
            if reason := reason or fault_of_name(name):
                left_out.append((name, reason))
                continue
            files.append(BackedUpFile(name, len(data), hashlib.sha256(data).hexdigest()))
            _add(archive, name, data)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(sources.program, sources.schema, made_at, tuple(files))
        _add(archive, MANIFEST, write_manifest(manifest))
        archive.comment = SEAL + b"0" * 64
    _seal(file)
    return WrittenBackup(manifest, tuple(left_out))


def _entries(sources: BackupSources) -> Iterator[tuple[str, bytes, str]]:
    # The kept database goes first (it was copied before this was called): content may be newer than what it says,
    # never older, so nothing it calls published is missing.
    if sources.kept:
        yield "kept.sqlite3", sources.kept, ""
    yield "library.toml", sources.settings.encode(), ""
    for name, folder in (
        ("content", sources.content),
        ("templates", sources.templates),
        ("uploads", sources.uploads),
        ("layouts", sources.layouts),
    ):
        for path in sorted(folder.rglob("*")) if folder else ():
            inside = f"{name}/{path.relative_to(folder).as_posix()}" if folder else ""
            if path.is_symlink():
                yield inside, b"", "是一个链接"
            elif path.is_file() and not (path.name.startswith(".") and path.name.endswith(".tmp")):
                data = _read_whole(path)
                if data is not None:
                    yield inside, data, ""


def _read_whole(path: Path) -> bytes | None:
    """The bytes of a file at a moment when nobody was writing it; None when it is gone."""
    for _ in range(ATTEMPTS):
        try:
            before = path.stat()
            if before.st_size > MAX_FILE_BYTES:
                raise NotReady(f"{path} 超过 {MAX_FILE_BYTES} 字节，不能备份。", advice="把它移出案例库。")
            data = path.read_bytes()
            after = path.stat()
        except FileNotFoundError:
            return None
        same = (before.st_mtime_ns, before.st_size, before.st_ino) == (after.st_mtime_ns, after.st_size, after.st_ino)
        if (
            same
            and len(data) == after.st_size
            and not 0 <= time.time() - after.st_mtime < (QUIET if data else QUIET_EMPTY)
        ):
            return data
        time.sleep(QUIET)
    raise NotReady(f"{path} 一直在变，没有备份成。", advice="等写它的程序停下再备份。")


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, time.localtime()[:6])
    entry.compress_type = (
        zipfile.ZIP_DEFLATED if name.endswith((".md", ".yaml", ".txt", ".json")) else zipfile.ZIP_STORED
    )
    entry.create_system = 3
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    archive.writestr(entry, data)


def _seal(file: IO[bytes]) -> None:
    file.seek(-64, os.SEEK_END)
    end = file.tell()
    file.seek(0)
    digest = hashlib.sha256()
    while end > 0 and (block := file.read(min(1 << 20, end))):
        digest.update(block)
        end -= len(block)
    file.write(digest.hexdigest().encode())


def portable_settings(text: str, *, has_templates: bool) -> str:
    """A settings file that names no folder of the machine it comes from: a restored library has its own."""
    named = dict(_FOLDER_LINE.findall(text))
    if set(named.values()) <= {f'"{name}"' for name in named} and ("templates" in named) == has_templates:
        return text
    kept = _FOLDER_LINE.sub("", text).strip("\n")
    return f"{kept}\n" + ('templates = "templates"\n' if has_templates else "")
