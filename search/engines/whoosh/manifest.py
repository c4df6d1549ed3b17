"""The manifest: which files make up the index, how long they are and what they hash to.

It is the one file that is replaced atomically, so an index is what its manifest says and nothing else. Index files are
pickles: none is opened before the manifest vouches for it.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from search.errors import IndexDamaged, IndexMissing

BLOCK = 1 << 20


class FileRecord(NamedTuple):
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`layout` and `analysis` name what the index was made with, `stamp` what it was made from (the caller's word)."""

    folder: str
    toc: int
    layout: str
    analysis: str
    stamp: str
    documents: int
    files: Mapping[str, FileRecord]


def read_manifest(path: Path) -> Manifest:
    """The manifest as written. Raises IndexMissing, IndexDamaged, OSError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise IndexMissing("尚未建立索引") from None
    try:
        check, _, body = data.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != check:
            raise ValueError("checksum")
        content = json.loads(body)
        files = {name: FileRecord(*record) for name, record in content.pop("files").items()}
        return Manifest(files=files, **content)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamaged("索引清单已损坏") from error


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step that also survives power loss."""
    body = json.dumps(asdict(manifest), ensure_ascii=True, sort_keys=True).encode()
    draft = path.with_name(path.name + ".new")
    with draft.open("wb") as file:
        file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def record_files(folder: Path, names: Iterable[str], known: Mapping[str, FileRecord]) -> dict[str, FileRecord]:
    """Records of these files, made durable first; files once written never change, so known ones are taken over."""
    records = {}
    for name in names:
        if name not in known:
            with (folder / name).open("rb") as file:
                os.fsync(file.fileno())
        records[name] = known.get(name) or _record(folder / name)
    sync_folder(folder)
    return records


def find_faults(folder: Path, files: Mapping[str, FileRecord]) -> list[str]:
    """What is wrong with these files, as Chinese sentences. Raises OSError where the system, not the file, is at fault."""
    return [fault for name, record in files.items() if (fault := _fault(folder / name, record))]


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _record(path: Path) -> FileRecord:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return FileRecord(path.stat().st_size, digest.hexdigest())


def _fault(path: Path, record: FileRecord) -> str:
    try:
        size = path.stat().st_size
        if size != record.size:
            return f"索引文件 {path.name} 应有 {record.size} 字节，实有 {size} 字节"
        if _record(path) != record:
            return f"索引文件 {path.name} 的内容被改动过"
    except FileNotFoundError:
        return f"索引文件 {path.name} 不见了"
    return ""
