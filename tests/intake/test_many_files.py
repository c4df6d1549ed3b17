"""Threat row 10: a zip of Word files is taken whole or refused before one of its files is read; folders skip links."""

import io
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from kb.errors import AskedWrongly, UnreadableFile
from kb.intake import files_of_folder, files_of_zip, many_files
from tests.intake.made_files import zip_file


def linked() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        entry = zipfile.ZipInfo("指向.docx")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        file.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


def with_flag(data: bytes, flag: int) -> bytes:
    """The zip with a flag set on its first entry, in both of its headers."""
    changed = bytearray(data)
    central = data.index(b"PK\x01\x02")
    changed[6] |= flag
    changed[central + 8] |= flag
    return bytes(changed)


def wrong_sum() -> bytes:
    data = bytearray(zip_file({"a.docx": "虚构" * 10}))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, 14, 1)
    struct.pack_into("<I", data, central + 16, 1)
    return bytes(data)


def says_ten_gigabytes() -> bytes:
    data = bytearray(zip_file({"a.docx": "虚构"}))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 0xF0000000)
    return bytes(data)


def twice() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file.writestr("a.docx", "甲")
        file.writestr("A.docx", "乙")
    return buffer.getvalue()


HOSTILE = {
    "a name that leads out": (zip_file({"../../x.docx": "x"}), "指向别处"),
    "a name from the root": (zip_file({"/etc/x.docx": "x"}), "指向别处"),
    "a name with a drive": (zip_file({"C:\\x.docx": "x"}), "指向别处"),
    "a link": (linked(), "链接"),
    "a bomb": (zip_file({"a.docx": bytes(50_000_000)}), "压缩得过分"),
    "ten gigabytes by its own word": (says_ten_gigabytes(), "展开后超过 100 MB"),
    "a zip inside": (zip_file({"a.docx": "x", "内层.ZIP": "x"}), "还有压缩包"),
    "a wrong sum": (wrong_sum(), "已损坏"),
    "a password": (with_flag(zip_file({"a.docx": "x"}), 1), "密码"),
    "two of a name": (twice(), "同名"),
    "too many": (zip_file({f"{n}.docx": "x" for n in range(501)}), "501 个文件"),
    "no zip": (b"PK\x03\x04 nothing", "已损坏"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_zip_not_in_order_is_refused_whole(name: str) -> None:
    data, reason = HOSTILE[name]
    with pytest.raises(UnreadableFile, match=reason) as refused:
        files_of_zip(data)
    assert refused.value.advice


def test_without_the_look_beforehand_the_bomb_would_be_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_files, "check_entries", lambda *_, **__: None)
    assert len(files_of_zip(HOSTILE["a bomb"][0])[0].data) == 50_000_000


def test_files_come_in_order_without_what_systems_leave() -> None:
    files = files_of_zip(zip_file({"村/甲.docx": "甲", "__MACOSX/._甲.docx": "x", "村/~$甲.docx": "x", "乙.txt": "乙"}))
    assert [(file.name, file.data.decode()) for file in files] == [("村/甲.docx", "甲"), ("乙.txt", "乙")]


def test_names_windows_writes_without_saying_how_are_read() -> None:
    data = zip_file({"caseAA.docx": "x"})
    written = data.replace(b"caseAA.docx", "案例甲".encode("gb18030") + b".docx")
    assert [file.name for file in files_of_zip(written)] == ["案例甲.docx"]


def test_a_folder_gives_its_files_and_passes_over_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside.docx"
    outside.write_bytes(b"secret")
    folder = tmp_path / "folder"
    (folder / "村").mkdir(parents=True)
    (folder / "村/甲.docx").write_bytes(b"a")
    (folder / "乙.txt").write_bytes(b"b")
    (folder / "~$乙.docx").write_bytes(b"x")
    (folder / "link.docx").symlink_to(outside)
    (folder / "links").symlink_to(tmp_path, target_is_directory=True)
    assert [(file.name, file.data) for file in files_of_folder(folder)] == [("乙.txt", b"b"), ("村/甲.docx", b"a")]
    with pytest.raises(AskedWrongly, match="没有文件夹"):
        list(files_of_folder(tmp_path / "nowhere"))
