"""Threat row 11: hostile Word files are refused or read safely, within 10 s and 1 GB, each by a named reason."""

import io
import json
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable

import pytest

from kb.errors import UnreadableFile
from kb.intake import FileReader, child
from kb.intake.file_kinds import check_kind
from tests.intake.made_files import paragraph, picture, relation, word_file
from tests.made_up import ROOT

SECONDS = 10.0
MEMORY = 1024**3


@pytest.fixture(scope="module")
def reader() -> FileReader:
    return FileReader(lambda data: data.decode())


def bomb(size: int) -> bytes:
    """A part of `size` zeros, which packs to a thousandth."""
    buffer = io.BytesIO(word_file(paragraph("正文")))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as file, file.open("word/media/x.bin", "w") as entry:
        for _ in range(size // 1_000_000):
            entry.write(bytes(1_000_000))
    return buffer.getvalue()


XXE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE w [" + '<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
) + "]>"  # fmt: skip
HOSTILE = {
    "external entity": (lambda: word_file(paragraph("&x;"), before=XXE), "声明了文档类型"),
    "entity bomb": (lambda: word_file(paragraph("&a9;"), before=LAUGHS), "声明了文档类型"),
    "part of 300 MB": (lambda: bomb(300_000_000), "展开后超过 30 MB"),
    "part of 20 MB packed a thousandfold": (lambda: bomb(20_000_000), "压缩得过分"),
    "100,000 paragraphs": (
        lambda: word_file("".join(paragraph(f"{n}{n * 104729}") for n in range(100_000))), "20000 段以上",
    ),
    "no main part": (lambda: word_file("", leave_out="word/document.xml"), "缺少正文"),
    "macro kept inside": (lambda: word_file(paragraph("正文"), parts={"vbaProject.bin": b"x"}), "带有宏"),
    "macro by its type": (
        lambda: word_file(paragraph("正文"), main_type="application/vnd.ms-word.document.macroEnabled.main+xml"), "带宏",
    ),
    "a spreadsheet": (
        lambda: word_file("", main_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
        "不是 Word 文件",
    ),
    "a name that leads out": (lambda: word_file(paragraph("正文"), parts={"../../x": "x"}), "指向别处"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_by_name_in_time_and_memory(
    reader: FileReader, name: str, peak_of_child: Callable[[], int]
) -> None:
    build, reason = HOSTILE[name]
    data = build()
    began = time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(UnreadableFile, match=reason) as refused:
        reader.read("虚构.docx", data)
    used = time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began
    assert refused.value.advice
    assert used < SECONDS
    assert 0 < peak_of_child() < MEMORY


def test_as_many_paragraphs_as_are_allowed_are_read_in_time(reader: FileReader) -> None:
    """Each with words of its own, so that the file packs as real ones do."""
    body = "".join(paragraph(f"第{n}段，虚构的{n * 7919 % 10007}号文字{n * 104729}") for n in range(19_000))
    began = time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert len(reader.read("虚构.docx", word_file(body)).blocks) == 19_000
    assert time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began < SECONDS


def test_a_linked_picture_is_not_fetched(reader: FileReader, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        body = paragraph("正文", '<w:drawing><a:blip r:link="r3"/></w:drawing>')
        for target in (f"http://127.0.0.1:{port}/x.png", "file:///etc/passwd"):
            data = word_file(body, relations=relation(3, "image", target, "External"))
            document = reader.read("虚构.docx", data)
            assert document.pictures == ()
            assert document.remarks == ("有一处图片链接到文件以外，没有去取。请把图片粘贴到文件里再上传。",)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 Word 或 WPS"),
        ("改名.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 Word 或 WPS"),
        ("加密.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        ("某.wps", b"PK\x03\x04", "WPS 文字文件"),
        ("某.docm", b"PK\x03\x04", "带宏"),
        ("某.dotm", b"PK\x03\x04", "带宏"),
        ("某.odt", b"PK\x03\x04", "OpenDocument"),
        ("某.docx", b"%PDF-1.7", "PDF"),
        ("某.docx", b"{\\rtf1", "RTF"),
        ("某.docx", b"<html>", "内容却不是 Word 文件"),
        ("某.txt", b"PK\x03\x04", "压缩文件"),
        ("某.exe", b"MZ", "不认识"),
        ("没有后缀", b"x", "不认识"),
        ("空.docx", b"", "空的"),
        ("大.docx", b"PK" + bytes(20_000_001), "超过 20 MB"),
    ],
)
def test_what_is_not_read_is_refused_by_name_with_what_to_do(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as refused:
        check_kind(name, data)
    assert refused.value.advice


def test_old_formats_are_told_to_be_saved_as_docx() -> None:
    for name in ("旧.doc", "某.wps"):
        with pytest.raises(UnreadableFile) as refused:
            check_kind(name, b"x")
        assert "另存为 .docx" in refused.value.advice


def test_a_child_that_takes_too_long_is_stopped() -> None:
    reader = FileReader(lambda data: data.decode(), wait_seconds=0.01)
    with pytest.raises(UnreadableFile, match="已停止"):
        reader.read("虚构.docx", word_file(paragraph("正文")))


def test_a_child_out_of_cpu_time_ends_alone(reader: FileReader) -> None:
    """Forty pictures of 36 megapixels take more than a second wherever this runs."""
    names = [f"media/{number}.png" for number in range(40)]
    body = "".join(
        paragraph("", f'<w:drawing><a:blip r:embed="r{number}"/></w:drawing>') for number in range(len(names))
    )
    relations = "".join(relation(number, "image", name) for number, name in enumerate(names))
    data = word_file(body, parts=dict.fromkeys(names, picture("PNG", (6000, 6000))), relations=relations)
    tired = FileReader(lambda data: data.decode(), cpu_seconds=0)
    with pytest.raises(UnreadableFile, match="用尽了时间"):
        tired.read("虚构.docx", data)
    assert reader.read("虚构.docx", word_file(paragraph("还在"))).blocks


GREEDY = """
import sys
from kb.domain.document import Document
from kb.intake import child
child.read_word = lambda data: Document((), remarks=(str(len(bytearray(child.MEMORY_LIMIT))),))
child.main("word", "10")
"""


def test_a_child_that_asks_for_more_memory_than_it_may_have_says_so() -> None:
    done = subprocess.run([sys.executable, "-c", GREEDY], input=b"", cwd=ROOT, capture_output=True, timeout=240)
    assert json.loads(done.stdout)["refused"][0] == "文件太复杂，读取时用尽了内存，已停止。"


def test_without_the_document_type_guard_the_bomb_would_be_met_by_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second guard: even then no entity is resolved."""
    from lxml import etree

    from kb.intake import package

    parser = etree.XMLParser(**package._PARSER_OPTIONS)
    data = word_file(paragraph("&x;"), before=XXE)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        root = etree.fromstring(file.read("word/document.xml"), parser)
    assert "root:" not in "".join(root.itertext())
    assert child.MEMORY_LIMIT == MEMORY


def test_a_picture_by_itself_is_remade_in_a_child_too(reader: FileReader) -> None:
    remade = reader.read_picture("照\0片.jpg", picture("JPEG"))
    assert (remade.name, remade.mime, remade.width, remade.height) == ("照\0片.jpg", "image/jpeg", 40, 30)
    with pytest.raises(UnreadableFile, match="不是图片"):
        reader.read_picture("a.svg", b"<svg onload='x()'/>")
