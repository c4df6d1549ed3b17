"""Bytes to text, never by guessing: BOM, then strict UTF-8, then GB18030; anything else is refused by name."""

import codecs
import re
from typing import NamedTuple

from kb.errors import UnreadableFile

MAX_BYTES = 2_000_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
DAMAGED_SHARE = 0.1
"""Text is damaged UTF-8, not GB18030, when fewer than this share of its non-ASCII characters fail to decode."""


class DecodedText(NamedTuple):
    """The text with its own line ends, and the encoding it was in (no BOM is left in the text)."""

    text: str
    encoding: str

    @property
    def lines_unified(self) -> str:
        """The text with every line end as \\n."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes) -> DecodedText:
    """Raises UnreadableFile naming what is wrong and where; nothing is replaced or left out."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            f"文件有 {len(data)} 字节，超过 {MAX_BYTES} 字节。", advice="拆成几个案例，图片不要放进正文。"
        )
    decoded = _decode(data)
    if not decoded.text.strip():
        raise UnreadableFile("文件是空的。", advice="写入内容，或删去这个文件。")
    _check_characters(decoded.text)
    return decoded


def _decode(data: bytes) -> DecodedText:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return DecodedText(_strictly(data[len(bom) :], encoding), encoding)
    try:
        return DecodedText(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            line = data.count(b"\n", 0, error.start) + 1
            raise UnreadableFile(
                f"UTF-8 文字在第 {error.start + 1} 个字节处残缺。",
                line=line,
                advice="找回完整的文件，或删去这一处后另存为 UTF-8。",
            ) from error
    return DecodedText(_strictly(data, "gb18030"), "gb18030")


def _is_damaged_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", errors="replace")
    foreign = sum(1 for character in text if character > "\x7f")
    return text.count("\ufffd") < DAMAGED_SHARE * foreign


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"文字编码无法识别（按 {encoding.upper()} 读到第 {error.start + 1} 个字节时出错）。",
            advice="用记事本或 WPS 打开，另存为 UTF-8 编码。",
        ) from error


def _check_characters(text: str) -> None:
    if "\x00" in text:
        raise UnreadableFile(
            "文件里有空字符（NUL），可能不是文本文件。",
            line=_line(text, text.index("\x00")),
            advice="换成文本文件，或另存为 UTF-8。",
        )
    for found in (_REORDERING.search(text), _CONTROL.search(text)):
        if found:
            raise UnreadableFile(
                f"文件里有看不见的控制字符 U+{ord(found[0]):04X}。",
                line=_line(text, found.start()),
                advice="删去这个字符（把这一行重新输入一遍）。",
            )


def _line(text: str, position: int) -> int:
    return len(re.findall(r"\r\n|\r|\n", text[:position])) + 1
