"""An office document as PDF, made in a child process with limits; and its pages as pictures, to look at beforehand."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.children import ENVIRONMENT, Overstayed, run_child
from kb.domain.office_document import OfficeDocument
from kb.errors import AskedWrongly, NotReady
from kb.exports.faces import OFFICIAL, FaceSet
from kb.exports.office_html import build_html
from kb.exports.pdf_child import NO_PANGO, READY

FONTS = str(Path(__file__).parent / "fonts.conf")
"""Substitutes of faces a machine lacks."""
CPU_SECONDS = 60
WAIT_SECONDS = 120.0
AT_ONCE = threading.BoundedSemaphore(1)
"""One at a time in each serving process: each takes a processor and up to a gigabyte."""
QUEUE = threading.BoundedSemaphore(3)
"""The one at work and two that wait: more would keep the threads of the server from other pages."""
TURN_SECONDS = 30.0
MATCH_SECONDS = 10.0
PREVIEW_PAGES = 12
PREVIEW_DPI = 80
_WORD_INSTEAD = "可以改下载 Word。"


def build_pdf(document: OfficeDocument, faces: FaceSet = OFFICIAL) -> bytes:
    """The bytes of a PDF by GB/T 9704-2012.

    Raises NotReady where the machine has no Pango or is at work on another one, AskedWrongly for too long a document.
    """
    return print_page(build_html(document, faces))


def print_page(page: str) -> bytes:
    """The PDF of a page of HTML; errors as build_pdf has them."""
    with _turn():
        try:
            told = run_child(
                "kb.exports.pdf_child", [str(CPU_SECONDS)], page.encode(), wait_seconds=WAIT_SECONDS,
                environment=_environment(),
            )  # fmt: skip
        except Overstayed as error:
            raise AskedWrongly(
                "内容太多，生成 PDF 用了太久，已停止。", advice=f"减少内容再试；{_WORD_INSTEAD}"
            ) from error
    if told.startswith(READY):
        return told.removeprefix(READY)
    if told == NO_PANGO:
        raise NotReady("这台机器没有安装排版 PDF 所需的 Pango。", advice=f"请管理员安装 Pango；{_WORD_INSTEAD}")
    raise AskedWrongly("内容太多，生成 PDF 时用尽了时间或内存，已停止。", advice=f"减少内容再试；{_WORD_INSTEAD}")


def preview_pages(document: OfficeDocument, faces: FaceSet = OFFICIAL) -> tuple[bytes, ...]:
    """PNG pictures of the first pages of the PDF; none where the machine cannot draw them (pdftoppm)."""
    if shutil.which("pdftoppm") is None:
        return ()
    data = build_pdf(document, faces)
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-png", "-r", str(PREVIEW_DPI), "-l", str(PREVIEW_PAGES), "-", f"{folder}/page"]
        try:
            subprocess.run(
                command, input=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=False
            )
        except subprocess.TimeoutExpired:
            return ()
        return tuple(path.read_bytes() for path in sorted(Path(folder).glob("*.png")))


def missing_faces(faces: FaceSet) -> tuple[str, ...]:
    """Names of faces this machine would set in others; all where it cannot tell (no fontconfig, or none that answers)."""
    if shutil.which("fc-match") is None:
        return faces.names
    return tuple(name for name in faces.names if not _is_there(name))


def substitutes_note(faces: FaceSet) -> str:
    """What a preview says of them, "" when none is missing."""
    missing = missing_faces(faces)
    return (
        f"预览字体为替代字体：这台机器没有{'、'.join(missing)}。下载的 Word 在装有这些字体的电脑上会用它们。"
        if missing
        else ""
    )


def _is_there(name: str) -> bool:
    command = ["fc-match", "-f", "%{family}", name.replace("-", r"\-")]
    try:
        told = subprocess.run(
            command, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=MATCH_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return name in told.stdout.decode("utf-8", "replace").split(",")


def _environment() -> dict[str, str]:
    home = {key: os.environ[key] for key in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME") if key in os.environ}
    return {**ENVIRONMENT, **home, "FONTCONFIG_FILE": FONTS}


@contextmanager
def _turn() -> Iterator[None]:
    busy = NotReady("正在生成别的 PDF。", advice=f"一分钟后再试；{_WORD_INSTEAD}")
    if not QUEUE.acquire(blocking=False):
        raise busy
    try:
        if not AT_ONCE.acquire(timeout=TURN_SECONDS):
            raise busy
        try:
            yield
        finally:
            AT_ONCE.release()
    finally:
        QUEUE.release()
