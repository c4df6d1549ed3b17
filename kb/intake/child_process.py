"""One child process a file: what a hostile file does to memory, time or the parser ends with the child."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kb.children import Overstayed, run_child
from kb.domain.document import Aside, Document, Paragraph, Picture, Table
from kb.errors import UnreadableFile
from kb.intake.child import TOO_HEAVY
from kb.intake.file_kinds import MAX_BYTES, check_kind
from kb.intake.plain_document import read_plain

CPU_SECONDS = 10
WAIT_SECONDS = 60.0
"""Seconds the parent waits: the child's ten and its start, on a machine that has other work."""


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
        answer, pictures = self._ask("word", data)
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
        answer, pictures = self._ask("picture", data)
        return _document(answer, pictures).pictures[0]._replace(name=name)

    def check_layout(self, name: str, data: bytes) -> None:
        """Raises UnreadableFile for a Word file that may not become a layout."""
        if check_kind(name, data) != ".docx":
            raise UnreadableFile("版式要是 .docx 文件。", advice="在 Word 或 WPS 里另存为 .docx 再上传。")
        self._ask("layout", data)

    def _ask(self, task: str, data: bytes) -> tuple[dict[str, Any], list[bytes]]:
        return ask_child(task, data, wait_seconds=self._wait_seconds, cpu_seconds=self._cpu_seconds)


def ask_child(task: str, data: bytes, *, wait_seconds: float, cpu_seconds: int) -> tuple[dict[str, Any], list[bytes]]:
    """The child's answer to one task on one file, and the bytes after it; raises UnreadableFile."""
    try:
        told = run_child("kb.intake.child", [task, str(cpu_seconds)], data, wait_seconds=wait_seconds)
    except Overstayed as error:
        raise UnreadableFile("文件太复杂，读了很久没有读完，已停止。", advice=TOO_HEAVY) from error
    head, _, rest = told.partition(b"\n")
    if not head:
        raise UnreadableFile("文件太复杂或已损坏，读取时用尽了时间或内存，已停止。", advice=TOO_HEAVY)
    answer = json.loads(head)
    if "refused" in answer:
        message, advice = answer["refused"]
        raise UnreadableFile(message, advice=advice)
    return answer, list(_cut(rest, answer.get("sizes", [])))


def _cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    place = 0
    for size in sizes:
        yield data[place : place + size]
        place += size


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
