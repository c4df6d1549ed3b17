"""Encodings: read exactly, or refused by name."""

import hashlib
import json
from pathlib import Path

import pytest

from kb.errors import UnreadableFile
from kb.repository.decode import decode
from tests.made_up import ROOT

ODD_INPUTS = ROOT.parent / "shared/data/odd_inputs"
TEXT = "党组织软弱涣散，三年没有发展党员。\r\n第二行\r第三行\n" * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030", "gbk"])
def test_known_encodings_are_read_exactly(encoding: str) -> None:
    data = TEXT.encode(encoding)
    if encoding == "utf-16-be":
        data = b"\xfe\xff" + data
    assert decode(data).text == TEXT


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf", "文件是空的"),
        (b"  \n\t\n", "文件是空的"),
        (TEXT.encode()[:-8] + b"\xe5", "UTF-8 文字在第"),
        (TEXT.encode()[:60] + b"\xff" + TEXT.encode()[60:], "UTF-8 文字在第"),
        (b"\xff" * 40, "文字编码无法识别"),
        (b"a\x00b", "空字符"),
        ("甲\u202e乙".encode(), "U+202E"),
        ("甲\x1b[31m乙".encode(), "U+001B"),
        (b"x" * 2_000_001, "超过 2000000 字节"),
    ],
)
def test_anything_else_is_refused_by_name(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(data)
    assert words in caught.value.message


def test_a_refusal_names_the_line() -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(b"a\r\nb\rc\nd\x00")
    assert caught.value.line == 4


def test_every_odd_input_decodes_to_its_text_or_is_refused_by_name() -> None:
    if not ODD_INPUTS.is_dir():
        pytest.skip(f"data not present: {ODD_INPUTS}")
    rows = [json.loads(line) for line in (ODD_INPUTS / "manifest.jsonl").read_text().splitlines()]
    wrong, refused = [], {}
    for row in rows:
        if row["file"].startswith("real_office/"):
            continue
        try:
            decoded = decode((ODD_INPUTS / row["file"]).read_bytes())
        except UnreadableFile as error:
            refused[Path(row["file"]).name] = error.message
            continue
        texts = {hashlib.sha256(text.encode()).hexdigest() for text in (decoded.text, decoded.lines_unified)}
        if "text_sha256" in row and row["text_sha256"] not in texts:
            wrong.append(row["file"])
    assert wrong == []
    assert sorted(refused) == ["nul_bytes.md", "only_bom.md", "trunc_utf8.md"]
