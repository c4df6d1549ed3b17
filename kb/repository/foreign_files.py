"""A folder of files from anywhere: which can be read as text or as Word, which cannot and why."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from kb.errors import AskedWrongly, UnreadableFile, why
from kb.repository.decode import MAX_BYTES, DecodedText, decode

MAX_FILES = 9_000
"""In one import: the numbers of one region and year end at 9999."""
WORD = frozenset({".docx", ".dotx"})
OFFICE = frozenset(
    {".doc", ".docm", ".dot", ".dotm", ".wps", ".wpt", ".odt", ".rtf", ".xls", ".xlsx", ".ppt", ".pptx", ".et"}
)
MAX_WORD = 20_000_000
"""Bytes of a Word file, pictures and all."""
_SIGNS = (
    (b"PK\x03\x04", "这是压缩文件或表格、幻灯片，不是文字文件。"),
    (b"\xd0\xcf\x11\xe0", "这是旧版 Word、Excel 或 WPS 文件，不是文字文件。"),
    (b"{\\rtf", "这是 RTF 文件，不是文字文件。"),
    (b"%PDF", "这是 PDF 文件，不是文字文件。"),
    (b"\x89PNG", "这是图片。"),
    (b"\xff\xd8\xff", "这是图片。"),
    (b"GIF8", "这是图片。"),
)
SAVE_AS = "用 Word 或 WPS 打开，另存为 docx 或纯文本（UTF-8）再导入。"


class ForeignFile(NamedTuple):
    """One file: its name in the folder (safe to show), and its text, the bytes of a Word file, or the refusal."""

    name: str
    text: DecodedText | None
    refusal: UnreadableFile | None = None
    word: bytes = b""


class ForeignFiles(NamedTuple):
    """How many there are, and each when it is its turn."""

    total: int
    files: Iterator[ForeignFile]


def read_folder(folder: Path) -> ForeignFiles:
    """Every file below the folder by name, no link followed; raises AskedWrongly when it is none or holds too many."""
    if not folder.is_dir():
        raise AskedWrongly(f"没有文件夹 {folder}。", advice="写要导入的文件夹，或一个 .zip。")
    paths = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    if len(paths) > MAX_FILES:
        raise AskedWrongly(
            f"{folder} 里有 {len(paths)} 个文件，一次最多导入 {MAX_FILES} 个。", advice="分成几个文件夹导入。"
        )
    return ForeignFiles(len(paths), (_told(path.relative_to(folder), partial(_bytes_of, path)) for path in paths))


def read_sent(files: Sequence[tuple[str, bytes]]) -> ForeignFiles:
    """The same of files that are in memory, by name and bytes."""
    return ForeignFiles(len(files), (_told(Path(name), partial(bytes, data)) for name, data in files))


def _told(path: Path, read: Callable[[], bytes]) -> ForeignFile:
    name = shown_name(path)
    try:
        return _judge(name, path.suffix.lower(), read())
    except UnreadableFile as refusal:
        return ForeignFile(name, None, refusal)


def shown_name(path: Path) -> str:
    """A name that can stand in a line of text: undecodable bytes and unprintable characters escaped."""
    text = os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)


def _bytes_of(path: Path) -> bytes:
    if path.is_symlink():
        raise UnreadableFile("这是一个链接，没有读取。", advice="把文件本身放进来。")
    most = MAX_WORD if path.suffix.lower() in WORD else MAX_BYTES
    try:
        if not path.is_file():
            raise UnreadableFile("这不是普通文件，没有读取。", advice="删去它。")
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise UnreadableFile(f"文件打不开：{why(error)}。", advice="检查权限。") from error


def _judge(name: str, suffix: str, data: bytes) -> ForeignFile:
    if suffix in WORD:
        return ForeignFile(name, None, word=data or b"\0")
    for sign, words in _SIGNS:
        if data.startswith(sign):
            raise UnreadableFile(words, advice=SAVE_AS if "文字" in words else "只导入文字；图片以后在案例里上传。")
    if suffix in OFFICE:
        raise UnreadableFile(f"{suffix} 文件不能直接导入。", advice=SAVE_AS)
    return ForeignFile(name, decode(data))
