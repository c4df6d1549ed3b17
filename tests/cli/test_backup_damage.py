"""Two hundred backups that are cut, flipped or forged: each is refused, and nothing is touched (rows 10 and 47)."""

import io
import json
import random
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kb import __version__
from kb.bootstrap.backups import back_up, restore_backup
from kb.config import Settings, load_settings
from kb.database.operations_log import SqlOperationsLog
from kb.repository import backup_reading
from kb.repository.backup_format import MANIFEST, SEAL, RefusedBackup
from kb.repository.backup_reading import check_backup
from kb.repository.backup_writing import _seal
from kb.services.operations import BackupRun
from tests.cli.own_library import make_own_library

SEED = 20261125
CUTS, FLIPS = 60, 100


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = make_own_library(tmp_path_factory.mktemp("damage") / "own")
    SqlOperationsLog(folder / "data").note_backup(BackupRun("2026-11-25T10:00:00+00:00", "x.zip", 1, 1))
    return load_settings({"KB_LIBRARY": str(folder)})


@pytest.fixture(scope="module")
def good(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    target = tmp_path_factory.mktemp("good") / "good.zip"
    back_up(settings, target)
    assert check_backup(target).cases == 1
    return target.read_bytes()


def refuse(settings: Settings, data: bytes, folder: Path) -> str:
    """The words of the refusal; nothing may stand beside the backup afterwards."""
    file = folder / "bad.zip"
    file.write_bytes(data)
    with pytest.raises(RefusedBackup) as caught:
        restore_backup(settings, file, folder / "back", lambda *_: None)
    assert list(folder.iterdir()) == [file]
    return caught.value.message


def test_every_cut_is_refused(settings: Settings, good: bytes, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for length in [0, 1, len(good) - 1, len(good) - 64, *(chance.randrange(len(good)) for _ in range(CUTS - 4))]:
        assert "末尾缺了一截" in refuse(settings, good[:length], tmp_path), length


def test_every_flipped_bit_is_refused_wherever_it_stands(settings: Settings, good: bytes, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    tail = range(len(good) - len(SEAL) - 90, len(good))  # the end of the directory and the seal itself
    places = [*chance.sample(tail, 40), *chance.sample(range(len(good)), FLIPS - 40)]
    for place in places:
        data = bytearray(good)
        data[place] ^= 1 << chance.randrange(8)
        words = refuse(settings, bytes(data), tmp_path)
        assert "内容与封签不符" in words or "末尾缺了一截" in words, place


def test_bytes_added_before_or_behind_are_refused(settings: Settings, good: bytes, tmp_path: Path) -> None:
    for data in (b"\x00" + good, good + b"\x00", good + good):
        refuse(settings, data, tmp_path)


# --- forged: whole and sealed, so that each guard stands alone ----------------------------------------------------


class Forgery:
    """The entries of a good backup, to be changed, then sealed again."""

    def __init__(self, good: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(good)) as archive:
            self.entries = [(_entry(name), archive.read(name)) for name in archive.namelist() if name != MANIFEST]
            self.manifest = json.loads(archive.read(MANIFEST))
        self.patch: Callable[[bytearray], None] | None = None

    def add(self, name: str, data: bytes = b"x", *, listed: bool = True, mode: int = stat.S_IFREG | 0o644) -> None:
        import hashlib

        self.entries.append((_entry(name, mode), data))
        if listed:
            row = {"path": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            self.manifest["files"].append(row)

    def data(self) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, pytest.MonkeyPatch.context() as patch:
            patch.setattr("warnings.warn", lambda *_, **__: None)  # of duplicate names
            for entry, data in self.entries:
                archive.writestr(entry, data)
            archive.writestr(_entry(MANIFEST), json.dumps(self.manifest, ensure_ascii=False))
            archive.comment = SEAL + b"0" * 64
        if self.patch:
            changed = bytearray(file.getvalue())
            self.patch(changed)
            file = io.BytesIO(changed)
        _seal(file)
        return file.getvalue()


def _entry(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (2026, 11, 25, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = mode << 16
    return entry


SLIPS = [
    "../evil.md", "content/../../evil.md", "/etc/cron.d/evil", "content/cases/../../../evil", "..\\evil.md",
    "content\\..\\..\\evil.md", "C:/evil.md", "C:evil.md", "//host/share/evil", "content/./evil.md", "content//evil.md",
    "content/cases/evil.md\x00.png", "content/CON.md", "content/evil.md.", "content/evil ", "content/a\nb.md",
    "content/\u202egpj.md", "content/" + "x" * 300, "~/evil", "evil.md", "data/evil.md", "content",
]  # fmt: skip
INDEX_LIKE = [
    "index/CURRENT", "index/g-1/a.seg", "catalogue.sqlite3", "content/cases/MAIN_1.toc", "uploads/a.pickle",
    "content/CURRENT", "templates/catalogue.sqlite3-wal",
]  # fmt: skip


@pytest.mark.parametrize("name", SLIPS + INDEX_LIKE)
def test_a_name_that_does_not_belong_is_refused(settings: Settings, good: bytes, tmp_path: Path, name: str) -> None:
    forged = Forgery(good)
    forged.add("content/0.md")
    forged.entries[-1][0].filename = forged.manifest["files"][-1]["path"] = name
    assert refuse(settings, forged.data(), tmp_path)
    assert not (tmp_path.parent / "evil.md").exists()


def a_link(forged: Forgery) -> None:
    forged.add("content/cases/link.md", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)


def a_device(forged: Forgery) -> None:
    forged.add("content/cases/device.md", b"", mode=stat.S_IFCHR | 0o666)


def a_folder(forged: Forgery) -> None:
    forged.add("content/cases/", b"", listed=False, mode=stat.S_IFDIR | 0o755)


def a_name_twice(forged: Forgery) -> None:
    forged.add("content/cases/000000-2020-01.md", listed=False)


def names_that_differ_in_case(forged: Forgery) -> None:
    forged.add("content/cases/A.md")
    forged.add("content/cases/a.md")


def a_file_inside_a_file(forged: Forgery) -> None:
    forged.add("content/lexicon/terms.txt/evil.md")


def a_bomb(forged: Forgery) -> None:
    forged.add("content/cases/bomb.md", bytes(30_000_000))


def an_unlisted_file(forged: Forgery) -> None:
    forged.add("content/cases/extra.md", listed=False)


def a_listed_file_that_is_not_there(forged: Forgery) -> None:
    forged.add("content/cases/gone.md")
    forged.entries.pop()


def another_text_of_the_same_length(forged: Forgery) -> None:
    entry, data = forged.entries[3]
    forged.entries[3] = (entry, data[:-1] + bytes([data[-1] ^ 1]))


def a_newer_format(forged: Forgery) -> None:
    forged.manifest["format"] = 2


def a_newer_program(forged: Forgery) -> None:
    forged.manifest["program"] = f"{int(__version__[0]) + 1}.0.0"


def a_newer_schema(forged: Forgery) -> None:
    forged.manifest["schema"] = "9999"


def another_schema_than_it_says(forged: Forgery) -> None:
    forged.manifest["schema"] = "0000"


def no_kept_database_though_named(forged: Forgery) -> None:
    forged.entries = [one for one in forged.entries if one[0].filename != "kept.sqlite3"]
    forged.manifest["files"] = [row for row in forged.manifest["files"] if row["path"] != "kept.sqlite3"]


def a_kept_database_that_is_none(forged: Forgery) -> None:
    no_kept_database_though_named(forged)
    forged.add("kept.sqlite3", b"not a database" * 99)


def no_list(forged: Forgery) -> None:
    forged.manifest["files"] = {"a": 1}


def a_size_below_nothing(forged: Forgery) -> None:
    forged.manifest["files"][0]["size"] = -1


def a_deep_manifest(forged: Forgery) -> None:
    forged.manifest = {"format": 1}
    forged.patch = None
    forged.entries = [(_entry(MANIFEST), b"[" * 100_000)]


def _in_directory(forged: Forgery, name: bytes, offset: int, value: bytes) -> None:
    """Writes `value` at `offset` of the directory's row of `name`."""

    def patch(data: bytearray) -> None:
        row = data.rindex(name, 0, len(data)) - 46
        assert data[row : row + 4] == b"PK\x01\x02"
        data[row + offset : row + offset + len(value)] = value

    forged.patch = patch


def an_encrypted_entry(forged: Forgery) -> None:
    _in_directory(forged, b"content/lexicon/terms.txt", 8, struct.pack("<H", 1))


def a_wrong_checksum(forged: Forgery) -> None:
    _in_directory(forged, b"content/lexicon/terms.txt", 16, b"\x01\x02\x03\x04")


def an_odd_compression(forged: Forgery) -> None:
    _in_directory(forged, b"content/lexicon/terms.txt", 10, struct.pack("<H", 14))


def a_size_that_lies(forged: Forgery) -> None:
    _in_directory(forged, b"content/lexicon/terms.txt", 24, struct.pack("<I", 10))


def a_packed_size_that_lies(forged: Forgery) -> None:
    _in_directory(forged, b"content/lexicon/terms.txt", 20, struct.pack("<I", 1 << 30))


def an_offset_into_another_entry(forged: Forgery) -> None:
    _in_directory(forged, b"content/lexicon/terms.txt", 42, struct.pack("<I", 0))


FORGERIES = {
    a_link: "不是普通文件", a_device: "不是普通文件", a_folder: "不能恢复", a_name_twice: "里有两个",
    names_that_differ_in_case: "里有两个", a_file_inside_a_file: "落在一个文件里面", a_bomb: "解开后太大",
    an_unlisted_file: "与清单不符", a_listed_file_that_is_not_there: "与清单不符",
    another_text_of_the_same_length: "与清单不符", a_newer_format: "格式是第 2 版", a_newer_program: "更新的程序",
    a_newer_schema: "第 9999 版", another_schema_than_it_says: "与清单不符", no_kept_database_though_named: "与清单不符",
    a_kept_database_that_is_none: "读不了", no_list: "清单读不了", a_size_below_nothing: "清单读不了",
    a_deep_manifest: "", an_encrypted_entry: "加了密", a_wrong_checksum: "已损坏", an_odd_compression: "压缩方式不对",
    a_size_that_lies: "与清单不符", a_packed_size_that_lies: "", an_offset_into_another_entry: "已损坏",
}  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forged_backup_is_refused_by_name(
    settings: Settings, good: bytes, tmp_path: Path, forge: Callable[[Forgery], None]
) -> None:
    forged = Forgery(good)
    forge(forged)
    assert FORGERIES[forge] in refuse(settings, forged.data(), tmp_path)


def test_bounds_hold(settings: Settings, good: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for bound, words in (("MAX_ENTRIES", "超过 1 个"), ("MAX_TOTAL_BYTES", "太大"), ("MAX_FILE_BYTES", "太大")):
        with monkeypatch.context() as patch:
            patch.setattr(backup_reading, bound, 1)
            assert words in refuse(settings, good, tmp_path)


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"%PDF-1.7", b"\x1f\x8b" + bytes(99)])
def test_a_foreign_file_is_refused(settings: Settings, tmp_path: Path, data: bytes) -> None:
    assert "不是本程序的备份" in refuse(settings, data, tmp_path)


def test_two_hundred_are_tried() -> None:
    assert CUTS + FLIPS + 3 + len(SLIPS) + len(INDEX_LIKE) + len(FORGERIES) + 3 + 4 >= 200
