"""What runs in the child: limits first, then one file from standard input; the answer is a line of JSON, then pictures."""

import json
import sys
from typing import Any

from kb.children import limit
from kb.domain.document import Document, Table
from kb.errors import UnreadableFile
from kb.intake.pictures import remake_picture
from kb.intake.word_document import read_word
from kb.intake.word_layout import check_word_layout
from kb.intake.workbook import read_workbook

MEMORY_LIMIT = 1024**3
"""Bytes of address space of the child, where the system can limit it."""
TOO_HEAVY = "请用办公软件打开，把内容粘贴到新文件里再上传。"


def main(task: str, cpu_seconds: str) -> None:
    """`task` is word, picture, sheet or layout."""
    limit(int(cpu_seconds), MEMORY_LIMIT)
    data = sys.stdin.buffer.read()
    pictures: list[bytes] = []
    try:
        if task == "sheet":
            answer = _told_sheets(data)
        elif task == "layout":
            check_word_layout(data)
            answer = {}
        else:
            document = Document((), pictures=(remake_picture("", data),)) if task == "picture" else read_word(data)
            pictures = [picture.data for picture in document.pictures]
            answer = _told(document)
    except UnreadableFile as error:
        answer = {"refused": [error.message, error.advice]}
    except (MemoryError, RecursionError):
        answer = {"refused": ["文件太复杂，读取时用尽了内存，已停止。", TOO_HEAVY]}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(pictures))
    sys.stdout.buffer.flush()


def _told(document: Document) -> dict[str, Any]:
    return {
        "blocks": [{"rows": block.rows} if isinstance(block, Table) else block for block in document.blocks],
        "asides": document.asides,
        "pictures": [(p.name, p.mime, p.width, p.height, p.beside) for p in document.pictures],
        "sizes": [len(p.data) for p in document.pictures],
        "remarks": document.remarks,
    }


def _told_sheets(data: bytes) -> dict[str, Any]:
    sheets = read_workbook(data)
    return {"sheets": [{"name": one.name, "rows": list(one.rows.items()), "remarks": one.remarks} for one in sheets]}
