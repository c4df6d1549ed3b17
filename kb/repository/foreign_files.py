"""A folder of files from anywhere: which can be read as text, which cannot and why."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kb.errors import AskedWrongly, UnreadableFile, why
from kb.repository.decode import MAX_BYTES, DecodedText, decode

MAX_FILES = 9_000
"""In one import: the numbers of one region and year end at 9999."""
OFFICE = {
    ".doc",
    ".docx",
    ".docm",
    ".dot",
    ".dotx",
    ".wps",
    ".wpt",
    ".odt",
    ".rtf",
    ".xls",
    ".xlsx",
    ".ppt",
    ".pptx",
    ".et",
}
_SIGNS = (
    (b"PK\x03\x04", "这是 Word、WPS 或压缩文件，不是文字文件。"),
    (b"\xd0\xcf\x11\xe0", "这是旧版 Word、Excel 或 WPS 文件，不是文字文件。"),
    (b"{\\rtf", "这是 RTF 文件，不是文字文件。"),
    (b"%PDF", "这是 PDF 文件，不是文字文件。"),
    (b"\x89PNG", "这是图片。"),
    (b"\xff\xd8\xff", "这是图片。"),
    (b"GIF8", "这是图片。"),
)
SAVE_AS = "用 Word 或 WPS 打开，另存为 docx 后到投稿页上传；或另存为纯文本（UTF-8）再导入。"


class ForeignFile(NamedTuple):
    """One file: its name in the folder (safe to show), and its text, or the refusal."""

    name: str
    text: DecodedText | None
    refusal: UnreadableFile | None = None


def read_folder(folder: Path) -> Iterator[ForeignFile]:
    """Every file below the folder by name, no link followed; raises AskedWrongly when it is none or holds too many."""
    if not folder.is_dir():
        raise AskedWrongly(f"没有文件夹 {folder}。", advice="写要导入的文件夹。")
    paths = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    if len(paths) > MAX_FILES:
        raise AskedWrongly(
            f"{folder} 里有 {len(paths)} 个文件，一次最多导入 {MAX_FILES} 个。", advice="分成几个文件夹导入。"
        )
    for path in paths:
        name = shown_name(path.relative_to(folder))
        try:
            yield ForeignFile(name, _read(path))
        except UnreadableFile as refusal:
            yield ForeignFile(name, None, refusal)


def shown_name(path: Path) -> str:
    """A name that can stand in a line of text: undecodable bytes and unprintable characters escaped."""
    text = os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)


def _read(path: Path) -> DecodedText:
    if path.is_symlink():
        raise UnreadableFile("这是一个链接，没有读取。", advice="把文件本身放进来。")
    try:
        if not path.is_file():
            raise UnreadableFile("这不是普通文件，没有读取。", advice="删去它。")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"文件打不开：{why(error)}。", advice="检查权限。") from error
    for sign, words in _SIGNS:
        if data.startswith(sign):
            raise UnreadableFile(words, advice=SAVE_AS if "文字" in words else "只导入文字；图片以后在案例里上传。")
    if path.suffix.lower() in OFFICE:
        raise UnreadableFile(f"{path.suffix} 文件不能直接导入。", advice=SAVE_AS)
    return decode(data)
