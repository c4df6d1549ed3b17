"""Many files at once: a folder, or a zip that is looked over whole before the first of its files is read."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from kb.errors import AskedWrongly, UnreadableFile
from kb.intake.file_kinds import suffix_of
from kb.intake.package import check_entries
from kb.services.import_files import SentFile

MAX_FILES = 500
MAX_ZIP = 100_000_000
"""Bytes of a zip, and of all it unpacks to."""
_AGAIN = "重新压缩：只放 Word 文件，不设密码，压缩包里不放压缩包。"
_LITTER = ("__MACOSX/", "~$")
"""What systems and Word itself leave beside files."""


def files_of_zip(data: bytes) -> list[SentFile]:
    """Every file of the zip; raises UnreadableFile before anything is kept when one entry is not in order."""
    if len(data) > MAX_ZIP:
        raise UnreadableFile(f"压缩包超过 {MAX_ZIP // 1_000_000} MB。", advice="分成几个压缩包。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            entries = [entry for entry in file.infolist() if not entry.is_dir()]
            check_entries(entries, most_entries=MAX_FILES, most_bytes=MAX_ZIP)
            nested = [entry.filename for entry in entries if suffix_of(entry.filename) in (".zip", ".rar", ".7z")]
            if nested:
                raise UnreadableFile(f"压缩包里还有压缩包（{nested[0][-60:]}）。", advice=_AGAIN)
            return [SentFile(_shown(entry), file.read(entry)) for entry in entries if not _is_litter(entry.filename)]
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise UnreadableFile("压缩包已损坏，一个文件也没有收。", advice=_AGAIN) from error


def _shown(entry: zipfile.ZipInfo) -> str:
    """The name; Windows writes Chinese ones in GB18030 without saying so, which zipfile takes for code page 437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def files_of_folder(folder: Path) -> Iterator[SentFile]:
    """The files below a folder that can be read, by path; links are passed over."""
    if not folder.is_dir():
        raise AskedWrongly(f"没有文件夹 {folder}。", advice="核对路径。")
    root = folder.resolve()
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not path.is_symlink() and path.resolve().is_relative_to(root) and not _is_litter(name):
            yield SentFile(name, path.read_bytes())


def _is_litter(name: str) -> bool:
    base = name.rpartition("/")[2]
    return name.startswith(_LITTER[0]) or base.startswith((_LITTER[1], "."))
