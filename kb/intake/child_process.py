"""One child process a file: what a hostile file does to memory, time or the parser ends with the child."""

import json
import multiprocessing
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from kb.domain.document import Aside, Document, Paragraph, Picture, Table
from kb.errors import UnreadableFile
from kb.intake.file_kinds import MAX_BYTES, check_kind
from kb.intake.pictures import remake_picture
from kb.intake.plain_document import read_plain
from kb.intake.word_document import read_word

MEMORY_LIMIT = 1024**3
"""Bytes of address space of the child, where the system can limit it."""
CPU_SECONDS = 10
WAIT_SECONDS = 40.0
"""Seconds the parent waits: the child's ten, on a machine that has other work."""
START_SECONDS = 60.0
_TOO_HEAVY = "请在 Word 或 WPS 里打开，把文字粘贴到新文件里再上传。"


class FileReader:
    """A DocumentReader; safe to use from many threads, each call its own child."""

    def __init__(
        self,
        decode: Callable[[bytes], str],
        read_record: Callable[[bytes], Mapping[str, Any]] | None = None,
        *,
        wait_seconds: float = WAIT_SECONDS,
        cpu_seconds: int = CPU_SECONDS,
    ) -> None:
        """`read_record` gives the fields of a case file in Markdown; without it such a file is text like any other."""
        self._decode = decode
        self._read_record = read_record
        self._wait_seconds = wait_seconds
        self._cpu_seconds = cpu_seconds

    def read(self, name: str, data: bytes) -> Document:
        """The document; raises UnreadableFile with what is wrong and what to do."""
        suffix = check_kind(name, data)
        if suffix != ".docx":
            return self._read_text(data, is_markdown=suffix == ".md")
        answer, pictures = self._ask("word", name, data)
        return _document(answer, pictures)

    def _read_text(self, data: bytes, *, is_markdown: bool) -> Document:
        text = self._decode(data)
        if not (is_markdown and self._read_record and text.startswith("---\n")):
            return read_plain(text, is_markdown=is_markdown)
        try:
            return Document((), answers=self._read_record(data))
        except UnreadableFile as error:
            document = read_plain(text, is_markdown=True)
            remark = f"没有能按案例文件读入，只当作文字：{error.message}{error.advice}"
            return replace(document, remarks=(remark,))

    def read_picture(self, name: str, data: bytes) -> Picture:
        """A picture made anew; raises UnreadableFile for what is none."""
        if len(data) > MAX_BYTES:
            raise UnreadableFile("图片太大。", advice="缩小后再上传。")
        answer, pictures = self._ask("picture", name, data)
        return _document(answer, pictures).pictures[0]

    def _ask(self, task: str, name: str, data: bytes) -> tuple[dict[str, Any], list[bytes]]:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        child = context.Process(target=_serve, args=(theirs, self._cpu_seconds), daemon=True)
        child.start()
        theirs.close()
        try:
            if not ours.poll(START_SECONDS):
                raise UnreadableFile("读取文件的进程没有启动。", advice="稍后再试；机器可能太忙。")
            ours.recv_bytes()
            ours.send_bytes(json.dumps([task, name]).encode())
            ours.send_bytes(data)
            if not ours.poll(self._wait_seconds):
                raise UnreadableFile("文件太复杂，读了很久没有读完，已停止。", advice=_TOO_HEAVY)
            answer = json.loads(ours.recv_bytes())
            if "refused" in answer:
                message, advice = answer["refused"]
                raise UnreadableFile(message, advice=advice)
            return answer, [ours.recv_bytes() for _ in answer["pictures"]]
        except (EOFError, OSError) as error:
            raise UnreadableFile("文件太复杂，读取时用尽了时间或内存，已停止。", advice=_TOO_HEAVY) from error
        finally:
            child.kill()
            child.join()
            ours.close()


def _document(answer: dict[str, Any], pictures: list[bytes]) -> Document:
    """From what the child says, as plain JSON: a child taken over by a file cannot hand back more than text."""
    return Document(
        blocks=tuple(_block(block) for block in answer["blocks"]),
        asides=tuple(Aside(str(where), str(text)) for where, text in answer["asides"]),
        pictures=tuple(
            Picture(str(name), str(mime), int(width), int(height), data, str(beside))
            for (name, mime, width, height, beside), data in zip(answer["pictures"], pictures, strict=True)
        ),
        remarks=tuple(map(str, answer["remarks"])),
    )


def _block(block: Any) -> Paragraph | Table:
    if isinstance(block, dict):
        rows = block["rows"]
        return Table(tuple(tuple(tuple(Paragraph(*node) for node in cell) for cell in row) for row in rows))
    return Paragraph(*block)


def _serve(connection: "Connection[object, object]", cpu_seconds: int) -> None:
    connection.send_bytes(b"ready")
    task, name = json.loads(connection.recv_bytes())
    data = connection.recv_bytes()
    _limit(cpu_seconds)
    try:
        document = Document((), pictures=(remake_picture(name, data),)) if task == "picture" else read_word(data)
        answer: dict[str, Any] = {
            "blocks": [{"rows": block.rows} if isinstance(block, Table) else block for block in document.blocks],
            "asides": document.asides,
            "pictures": [(p.name, p.mime, p.width, p.height, p.beside) for p in document.pictures],
            "remarks": document.remarks,
        }
        pictures = [picture.data for picture in document.pictures]
    except UnreadableFile as error:
        answer, pictures = {"refused": [error.message, error.advice]}, []
    except (MemoryError, RecursionError):
        answer, pictures = {"refused": ["文件太复杂，读取时用尽了内存，已停止。", _TOO_HEAVY]}, []
    connection.send_bytes(json.dumps(answer).encode())
    for picture in pictures:
        connection.send_bytes(picture)


def _limit(cpu_seconds: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
