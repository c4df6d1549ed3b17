"""What a backup is: one zip file with a manifest, sealed by the SHA-256 of all its bytes at the very end.

manifest.json                              what is in it, with sizes and hashes, and what made it
library.toml   content/…   templates/…     what the office owns
kept.sqlite3   uploads/…   layouts/…       what the program keeps
(comment)      kb-backup sha256 <hex>      over every byte before the hex digits

There is no index and no catalogue in it, and nothing of that look is taken from it: an index is pickled, and opening a
foreign one would run whatever was put into it.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from kb.errors import AskedWrongly

FORMAT = 1
SEAL = b"kb-backup sha256 "
SEAL_BYTES = len(SEAL) + 64
MANIFEST = "manifest.json"
SINGLE_FILES = frozenset({"library.toml", "kept.sqlite3"})
FOLDERS = frozenset({"content", "templates", "uploads", "layouts"})
MAX_ENTRIES = 200_000
MAX_MANIFEST_BYTES = 64_000_000
MAX_FILE_BYTES = 512_000_000
MAX_TOTAL_BYTES = 20_000_000_000
MAX_RATIO = 100
"""Times an entry of more than RATIO_FROM bytes may grow when unpacked; Chinese text grows about threefold."""
RATIO_FROM = 1_000_000
MAX_NAME_BYTES = 255
_INDEX_LIKE = re.compile(r".*\.(seg|toc|pkl|pickle)|CURRENT|WRITING|catalogue\.sqlite3.*", re.IGNORECASE)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class RefusedBackup(AskedWrongly):
    """The file is no whole backup that this program may restore."""


@dataclass(frozen=True)
class BackedUpFile:
    """A file of the backup: its name in the archive, its bytes' number and SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`schema` is the revision of the kept database, "" without one; `made_at` is UTC in ISO form."""

    program: str
    schema: str
    made_at: str
    files: tuple[BackedUpFile, ...]

    @property
    def cases(self) -> int:
        return _count(self.files, "content/cases/")

    @property
    def mechanisms(self) -> int:
        return _count(self.files, "content/mechanisms/")

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def _count(files: Iterable[BackedUpFile], folder: str) -> int:
    return sum(file.path.startswith(folder) and file.path.endswith(".md") for file in files)


def write_manifest(manifest: Manifest) -> bytes:
    counts = {"files": len(manifest.files), "cases": manifest.cases, "mechanisms": manifest.mechanisms}
    return json.dumps({"format": FORMAT, **asdict(manifest), "counts": counts}, ensure_ascii=False, indent=1).encode()


def read_manifest(data: bytes) -> Manifest:
    """Raises RefusedBackup when it is of a newer format, or none."""
    try:
        row = json.loads(data)
        if row["format"] != FORMAT:
            raise RefusedBackup(
                f"备份的格式是第 {int(row['format'])} 版，本程序只认第 {FORMAT} 版。", advice="用做这份备份的程序恢复。"
            )
        files = tuple(
            BackedUpFile(_text(one["path"]), _size(one["size"]), _text(one["sha256"])) for one in row["files"]
        )
        return Manifest(_text(row["program"]), _text(row["schema"]), _text(row["made_at"]), files)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RefusedBackup("备份里的清单读不了。", advice="换一份备份。") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _size(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise TypeError(value)
    return value


def fault_of_name(name: str) -> str:
    """Why a backup may hold no file of this name, in words; "" when it may."""
    path = PurePosixPath(name)
    if path.is_absolute() or str(path) != name or ".." in path.parts or _UNSAFE.search(name):
        return "文件名会落到别处"
    if any(part != part.rstrip(". ") or _RESERVED.fullmatch(part) for part in path.parts):
        return "文件名在有的系统上不能用"
    if any(len(part.encode("utf-8", "replace")) > MAX_NAME_BYTES for part in path.parts) or len(name) > 1000:
        return "文件名太长"
    if _INDEX_LIKE.fullmatch(path.name):
        return "像是索引或目录的文件"
    if name not in SINGLE_FILES and (len(path.parts) < 2 or path.parts[0] not in FOLDERS):
        return "不是备份里会有的文件"
    return ""


def one_name(name: str) -> str:
    """Equal for names that some file system takes for one and the same."""
    return unicodedata.normalize("NFC", name).casefold()
