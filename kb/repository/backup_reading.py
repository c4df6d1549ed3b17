"""A backup is looked through as a whole before one byte of it is written anywhere."""

import hashlib
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kb import __version__
from kb.errors import why
from kb.repository.backup_format import (
    MANIFEST,
    MAX_ENTRIES,
    MAX_FILE_BYTES,
    MAX_MANIFEST_BYTES,
    MAX_RATIO,
    MAX_TOTAL_BYTES,
    RATIO_FROM,
    SEAL,
    SEAL_BYTES,
    Manifest,
    RefusedBackup,
    fault_of_name,
    one_name,
    read_manifest,
)
from kb.repository.durable import flush_folder

BLOCK = 1 << 20
_SEALED = re.compile(re.escape(SEAL) + rb"[0-9a-f]{64}")
ANOTHER = "换一份备份。"
_READING_FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, NotImplementedError, OverflowError, struct.error,
    RuntimeError,
)  # fmt: skip


def check_backup(path: Path) -> Manifest:
    """The manifest of a backup every byte of which was looked at; raises RefusedBackup with the reason."""
    with _opened(path) as (archive, manifest):
        for file in manifest.files:
            for _ in _blocks(archive, file.path, file.size, file.sha256):
                pass
        return manifest


def extract_backup(path: Path, folder: Path) -> Manifest:
    """Unpacks a backup into an empty folder as a library: kept data under data/, the rest as it is named.

    Raises RefusedBackup; the caller then throws the folder away.
    """
    with _opened(path) as (archive, manifest):
        for file in manifest.files:
            target = folder / place_of(file.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as opened:
                for block in _blocks(archive, file.path, file.size, file.sha256):
                    opened.write(block)
                opened.flush()
                os.fsync(opened.fileno())
            flush_folder(target.parent)
        return manifest


def place_of(name: str) -> str:
    """Where a file of a backup stands in a library folder."""
    return f"data/{name}" if name == "kept.sqlite3" or name.startswith(("uploads/", "layouts/")) else name


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    try:
        _check_seal(path)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_entries(entries, path.stat().st_size)
            manifest = read_manifest(b"".join(_blocks(archive, MANIFEST, MAX_MANIFEST_BYTES)))
            _check_manifest(manifest, entries)
            yield archive, manifest
    except _READING_FAULTS as error:
        raise RefusedBackup(f"备份 {path} 已损坏。", advice=ANOTHER) from error


def _check_seal(path: Path) -> None:
    """Every byte counts: also those that unpacking would not notice."""
    try:
        seal, digest = _read_seal(path)
    except OSError as error:
        raise RefusedBackup(f"备份 {path} 打不开：{why(error)}。", advice="核对文件名和权限。") from error
    if not _SEALED.fullmatch(seal):
        raise RefusedBackup(f"{path} 不是本程序的备份，或者末尾缺了一截。", advice=ANOTHER)
    if digest.encode() != seal[-64:]:
        raise RefusedBackup(f"备份 {path} 已损坏：内容与封签不符。", advice=ANOTHER)


def _read_seal(path: Path) -> tuple[bytes, str]:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - SEAL_BYTES, 0))
        seal = file.read()
        file.seek(0)
        digest = hashlib.sha256()
        left = max(size - 64, 0)
        while left and (block := file.read(min(BLOCK, left))):
            digest.update(block)
            left -= len(block)
    return seal, digest.hexdigest()


def _check_entries(entries: Sequence[zipfile.ZipInfo], archive_size: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise RefusedBackup(f"备份里有 {len(entries)} 个文件，超过 {MAX_ENTRIES} 个。", advice=ANOTHER)
    seen: set[str] = set()
    for entry in entries:
        if fault := _fault_of(entry):
            raise RefusedBackup(f"备份里的“{entry.filename[:80]}”{fault}。", advice="这不是本程序做的备份，不要使用。")
        if one_name(entry.filename) in seen:
            raise RefusedBackup(f"备份里有两个“{entry.filename[:80]}”。", advice="这不是本程序做的备份，不要使用。")
        seen.add(one_name(entry.filename))
    for name in seen:
        if any(parent in seen for parent in _parents(name)):
            raise RefusedBackup(f"备份里的“{name[:80]}”落在一个文件里面。", advice="这不是本程序做的备份，不要使用。")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL_BYTES or sum(entry.compress_size for entry in entries) > archive_size:
        raise RefusedBackup("备份解开后太大，或各文件互相重叠。", advice="这不是本程序做的备份，不要使用。")


def _fault_of(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 0x41:
        return "加了密，不能恢复"
    if entry.orig_filename != entry.filename or (entry.filename != MANIFEST and fault_of_name(entry.filename)):
        return f"不能恢复：{fault_of_name(entry.filename) or '文件名不对'}"
    if entry.is_dir() or not stat.S_ISREG(entry.external_attr >> 16):
        return "不是普通文件"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "压缩方式不对"
    is_bomb = entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
    most = MAX_MANIFEST_BYTES if entry.filename == MANIFEST else MAX_FILE_BYTES
    return "解开后太大" if is_bomb or entry.file_size > most else ""


def _parents(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _check_manifest(manifest: Manifest, entries: Sequence[zipfile.ZipInfo]) -> None:
    if _numbers(manifest.program) > _numbers(__version__):
        words = f"备份是更新的程序（{manifest.program[:20]}）做的，本程序是 {__version__}。"
        raise RefusedBackup(words, advice="先升级程序，再恢复。")
    listed = {file.path: file.size for file in manifest.files}
    found = {entry.filename: entry.file_size for entry in entries if entry.filename != MANIFEST}
    if listed != found or len(listed) != len(manifest.files) or bool(manifest.schema) != ("kept.sqlite3" in found):
        raise RefusedBackup("备份里的文件与清单不符。", advice=ANOTHER)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _blocks(archive: zipfile.ZipFile, name: str, size: int, sha256: str = "") -> Iterator[bytes]:
    """The bytes of an entry, never more than `size`; raises RefusedBackup when they are not those of `sha256`."""
    digest = hashlib.sha256()
    count = 0
    with archive.open(name) as opened:
        while block := opened.read(min(BLOCK, size - count + 1)):
            count += len(block)
            if count > size:
                raise RefusedBackup(f"备份里的“{name[:80]}”比清单说的大。", advice=ANOTHER)
            digest.update(block)
            yield block
    if sha256 and (count != size or digest.hexdigest() != sha256):
        raise RefusedBackup(f"备份里的“{name[:80]}”与清单不符。", advice=ANOTHER)
