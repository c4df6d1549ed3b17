"""PDF: made in a child that fetches nothing; substitutes for faces that are missing, and the missing ones named."""

import http.server
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kb import children
from kb.domain.office_document import OfficeDocument, Text
from kb.errors import AskedWrongly, NotReady
from kb.exports import FACE_SETS, OFFICIAL, build_pdf, missing_faces, office_pdf, preview_pages, substitutes_note
from kb.exports.office_pdf import print_page
from kb.exports.pdf_child import NO_PANGO, write_pdf
from tests.exports.made_documents import WHOLE
from tests.made_up import ROOT

OUTSIDE = """<!doctype html><html><head>
<link rel="stylesheet" href="http://127.0.0.1:{port}/link.css">
<style>@import url(http://127.0.0.1:{port}/import.css); p {{ background: url(http://127.0.0.1:{port}/bg.png) }}
@font-face {{ font-family: x; src: url(http://127.0.0.1:{port}/face.woff) }} body {{ font-family: x }}</style></head>
<body><p>文字</p><img src="http://127.0.0.1:{port}/a.png"><img src="file://{secret}"><object data="file://{secret}"></object>
<embed src="http://127.0.0.1:{port}/e.svg"><a href="attachment.txt" rel="attachment">附</a>
<link rel="attachment" href="file://{secret}"></body></html>"""

NO_LIBRARY = """
import sys
class Nowhere:
    def find_spec(self, name, *_):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
sys.meta_path.insert(0, Nowhere())
from kb.exports.pdf_child import main
main("9")
"""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return build_pdf(WHOLE)


def text_of(data: bytes, tmp_path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("没有 pdftotext：PDF 的文字没有看。")
    (tmp_path / "a.pdf").write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", "a.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
    return done.stdout.decode()


def test_a_whole_document_becomes_pages_with_their_numbers_and_a_contents_list_that_knows_them(
    pdf: bytes, tmp_path: Path
) -> None:
    pages = text_of(pdf, tmp_path).split("\f")
    numbers = [re.search(r"—\s*(\d+)\s*—\s*$", page) for page in pages[:-1]]
    assert [int(found[1]) if found else 0 for found in numbers] == list(range(1, len(pages)))
    listed = [line.split() for line in pages[0].split("\n") if "..." in line or "……" in line or "· ·" in line]
    last = next(number for number, page in enumerate(pages, 1) if "二、新的一页" in page and number > 1)
    assert [line[-1] for line in listed] == ["2", "2", str(last)]


def test_nothing_outside_the_page_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    secret = tmp_path / "secret.txt"
    secret.write_text("机密的虚构内容")
    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = OUTSIDE.format(port=server.server_port, secret=secret)
    try:
        data = print_page(page)
        monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a connection was opened"))
        inside = write_pdf(page)
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []
    assert "文字" in text_of(data, tmp_path)
    for made in (data, inside):
        assert "机密的虚构内容".encode() not in made and b"EmbeddedFile" not in made


def test_faces_a_machine_lacks_are_named_and_their_substitutes_are_not_one_face_for_all(
    pdf: bytes, tmp_path: Path
) -> None:
    for faces in FACE_SETS.values():
        assert set(missing_faces(faces)) <= set(faces.names)
    missing = missing_faces(OFFICIAL)
    assert (missing == ()) == (substitutes_note(OFFICIAL) == "")
    if missing:
        assert substitutes_note(OFFICIAL).startswith(f"预览字体为替代字体：这台机器没有{'、'.join(missing)}。")
    if shutil.which("pdffonts") and "黑体" in missing and "仿宋_GB2312" in missing:
        (tmp_path / "a.pdf").write_bytes(pdf)
        listed = subprocess.run(["pdffonts", "a.pdf"], cwd=tmp_path, capture_output=True, check=True).stdout.decode()
        assert len({line.split()[0].partition("+")[2] for line in listed.splitlines()[2:]}) >= 3


def test_a_machine_without_fontconfig_calls_every_face_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert missing_faces(OFFICIAL) == OFFICIAL.names
    assert preview_pages(OfficeDocument("题", (Text("文"),))) == ()


def test_faces_nobody_tells_of_in_time_count_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(office_pdf, "MATCH_SECONDS", 0.0)
    assert missing_faces(OFFICIAL) == OFFICIAL.names


def test_a_preview_is_pictures_of_the_real_pages() -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("没有 pdftoppm：预览的图没有看。")
    pages = preview_pages(OfficeDocument("题", (Text("虚构的文字。" * 400),)))
    assert len(pages) > 2
    assert {page[:8] for page in pages} == {b"\x89PNG\r\n\x1a\n"}


def test_without_pango_one_is_told_and_the_rest_of_the_program_works(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.run([sys.executable, "-c", NO_LIBRARY], input=b"", capture_output=True, cwd=ROOT, timeout=240)
    assert done.stdout == NO_PANGO
    monkeypatch.setattr(office_pdf, "run_child", lambda *_, **__: NO_PANGO)
    with pytest.raises(NotReady, match="Pango") as told:
        build_pdf(WHOLE)
    assert told.value.advice == "请管理员安装 Pango；可以改下载 Word。"


def test_what_takes_all_time_or_memory_ends_with_its_child(monkeypatch: pytest.MonkeyPatch) -> None:
    for ends, words in ((b"", "用尽了时间或内存"), (children.Overstayed(), "用了太久")):

        def ask(*_: object, ends: bytes | Exception = ends, **__: object) -> bytes:
            if isinstance(ends, Exception):
                raise ends
            return ends

        monkeypatch.setattr(office_pdf, "run_child", ask)
        with pytest.raises(AskedWrongly, match=words):
            build_pdf(WHOLE)


def test_a_child_is_killed_when_its_time_is_over() -> None:
    with pytest.raises(children.Overstayed):
        children.run_child("kb.exports.pdf_child", ["9"], b"", wait_seconds=0.01)


def test_who_comes_while_three_are_served_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_pdf, "QUEUE", threading.BoundedSemaphore(1))
    with office_pdf._turn(), pytest.raises(NotReady, match="正在生成别的 PDF"):
        build_pdf(WHOLE)
    monkeypatch.setattr(office_pdf, "TURN_SECONDS", 0.01)
    monkeypatch.setattr(office_pdf, "QUEUE", threading.BoundedSemaphore(2))
    with office_pdf._turn(), pytest.raises(NotReady, match="正在生成别的 PDF"):
        build_pdf(WHOLE)
