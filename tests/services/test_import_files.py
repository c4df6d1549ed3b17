"""Many files → drafts: one line a file, a bad one keeps none of the others back."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from kb.domain.accounts import GUEST, Actor, Role
from kb.domain.document import Document, Paragraph, Picture
from kb.errors import Forbidden, UnreadableFile
from kb.services.import_files import FileLine, SentFile, import_files
from tests.made_up import CASE_TEMPLATE

EDITOR = Actor(3, "某编辑", "虚构镇党委", frozenset({Role.EDITOR}))


class MemoryDrafts:
    def __init__(self) -> None:
        self.kept: list[tuple[int, Mapping[str, Any], Sequence[str]]] = []

    def create(self, actor: Actor, fields: Mapping[str, Any], tray: Sequence[str]) -> int:
        self.kept.append((actor.number, fields, tray))
        return len(self.kept)


class LineReader:
    """Reads each line as a paragraph; refuses what begins with an exclamation mark."""

    def read(self, name: str, data: bytes) -> Document:
        if data.startswith(b"!"):
            raise UnreadableFile("读不懂。", advice="另存为 .docx。")
        return Document(tuple(map(Paragraph, data.decode().split("\n"))))

    def read_picture(self, name: str, data: bytes) -> Picture:
        raise UnreadableFile("不是图片。")


def test_every_file_has_its_line_and_the_good_ones_their_draft() -> None:
    drafts = MemoryDrafts()
    files = [
        SentFile("村/甲.docx", "虚构的标题\n单位：虚构镇党委\n别的话".encode()),
        SentFile("坏.doc", b"!"),
        SentFile("乙.docx", "另一个标题".encode()),
    ]
    report = import_files(EDITOR, files, LineReader(), CASE_TEMPLATE, drafts)
    needed = sum(slot.need.value == "submit" for slot in CASE_TEMPLATE.slots)
    assert report.lines == (
        FileLine("村/甲.docx", 1, "虚构的标题", 2, needed - 2, 2, 1, advice=f"打开草稿，还差 {needed - 2} 项，2 项请核对。")
        ._replace(unsure=1, advice=f"打开草稿，还差 {needed - 2} 项，1 项请核对。"),
        FileLine("坏.doc", 0, "", 0, 0, 0, 0, "读不懂。", "另存为 .docx。"),
        FileLine("乙.docx", 2, "另一个标题", 1, needed - 1, 1, 0, advice=f"打开草稿，还差 {needed - 1} 项，1 项请核对。"),
    )  # fmt: skip
    assert drafts.kept == [
        (3, {"title": "虚构的标题", "unit": "虚构镇党委"}, ("别的话",)),
        (3, {"title": "另一个标题"}, ()),
    ]
    assert [line.number for line in report.drafts] == [1, 2]
    assert [line.name for line in report.refused] == ["坏.doc"]


@pytest.mark.parametrize("actor", [GUEST, Actor(4, "某审核", "", frozenset({Role.REVIEWER}))])
def test_only_who_may_write_brings_files_in(actor: Actor) -> None:
    drafts = MemoryDrafts()
    with pytest.raises(Forbidden):
        import_files(actor, [SentFile("甲.docx", b"x")], LineReader(), CASE_TEMPLATE, drafts)
    assert drafts.kept == []
