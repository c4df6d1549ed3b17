"""批量投稿: one line a file, a bad one keeps none of the others back, and all become drafts together or none does."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kb.database.batches import SqlBatchStore
from kb.domain.accounts import GUEST, Actor
from kb.domain.document import Document, Paragraph, Picture
from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound, UnreadableFile
from kb.services.import_files import FileLine, SentFile
from kb.services.receive_file import ORIGINAL
from kb.services.submit_batch import (
    MOST_FILES,
    Batch,
    ReadFile,
    keep_batch,
    list_batches,
    new_batch,
    open_batch,
    read_batch,
)
from tests.made_up import CASE_TEMPLATE
from tests.services.writing_desk import COLLEAGUE, EDITOR, REVIEWER, WritingDesk

AT = "2026-11-25T10:00:00+00:00"
FILES = (
    SentFile("村/甲.docx", "虚构的标题\n单位：虚构镇党委\n别的话".encode()),
    SentFile("坏.doc", b"!"),
    SentFile("乙.docx", "另一个标题".encode()),
)


class LineReader:
    """Reads each line as a paragraph; refuses what begins with an exclamation mark."""

    def read(self, name: str, data: bytes) -> Document:
        if data.startswith(b"!"):
            raise UnreadableFile("读不懂。", advice="另存为 .docx。")
        return Document(tuple(map(Paragraph, data.decode().split("\n"))))

    def read_picture(self, name: str, data: bytes) -> Picture:
        raise UnreadableFile("不是图片。")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[WritingDesk]:
    made = WritingDesk(tmp_path)
    yield made
    made.kept.close()


def send(desk: WritingDesk, files: Sequence[SentFile] = FILES, actor: Actor = EDITOR) -> Batch:
    batch = new_batch(actor, "一批.zip", files, desk.kept.uploads, AT)
    with desk.kept.writing() as session:
        return SqlBatchStore(session).add(batch)


def read(desk: WritingDesk, batch: Batch) -> tuple[list[ReadFile], list[int]]:
    told: list[int] = []
    return read_batch(EDITOR, batch, LineReader(), CASE_TEMPLATE, desk.kept.uploads, told.append), told


def keep(desk: WritingDesk, batch: Batch, files: Sequence[ReadFile], actor: Actor = EDITOR) -> None:
    with desk.kept.writing() as session:
        keep_batch(desk.writer_on(session), SqlBatchStore(session), actor, batch, files, AT)


def found(desk: WritingDesk, number: int, actor: Actor = EDITOR) -> Batch:
    with desk.kept.session() as session:
        return open_batch(actor, number, SqlBatchStore(session))


def drafts(desk: WritingDesk) -> list[tuple[int, str, tuple[str, ...]]]:
    with desk.writer() as writer:
        return sorted(
            (one.submission.number, one.submission.title, one.submission.tray) for one in writer.drafts_of(EDITOR)
        )


def test_every_file_has_its_line_and_the_good_ones_their_draft(desk: WritingDesk) -> None:
    batch = send(desk)
    files, told = read(desk, batch)
    assert (told, drafts(desk)) == ([1, 2, 3], [])
    keep(desk, batch, files)
    asked = sum(slot.need.value != "automatic" for slot in CASE_TEMPLATE.slots)
    needed = sum(slot.need.value == "submit" for slot in CASE_TEMPLATE.slots)
    kept = found(desk, batch.number)
    assert kept.lines == (
        FileLine("村/甲.docx", 1, "虚构的标题", 2, asked, needed - 2, 1, 1),
        FileLine("坏.doc", problem="读不懂。", advice="另存为 .docx。"),
        FileLine("乙.docx", 2, "另一个标题", 1, asked, needed - 1, 1, 0),
    )
    assert (kept.is_done, kept.read, [line.number for line in kept.drafts]) == (True, 3, [1, 2])
    assert kept.lines[0].found == f"认出 2/{asked} 项，1 段没有归到哪一项"
    assert kept.lines[0].left == f"还差 {needed - 2} 项，1 项请核对"
    assert drafts(desk) == [(1, "虚构的标题", ("别的话",)), (2, "另一个标题", ())]
    with desk.writer() as writer:
        originals = [file.name for number in (1, 2) for file in writer.files(EDITOR, number) if file.kind == ORIGINAL]
    assert originals == ["甲.docx", "乙.docx"]


def test_a_stop_in_the_middle_of_keeping_leaves_no_draft_and_it_can_be_done_again(
    desk: WritingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = send(desk)
    files, _ = read(desk, batch)
    with monkeypatch.context() as patch:
        patch.setattr(SqlBatchStore, "end", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(OSError, match="full"):
            keep(desk, batch, files)
    assert (drafts(desk), found(desk, batch.number).is_done, desk.notes) == ([], False, [])
    keep(desk, batch, files)
    assert len(drafts(desk)) == 2


def test_two_who_read_the_same_batch_make_its_drafts_once(desk: WritingDesk) -> None:
    batch = send(desk)
    files, _ = read(desk, batch)
    keep(desk, batch, files)
    with pytest.raises(Conflict, match="已经收过"):
        keep(desk, batch, files)
    assert len(drafts(desk)) == 2


def test_a_batch_is_seen_by_who_sent_it_alone(desk: WritingDesk) -> None:
    batch = send(desk)
    with pytest.raises(NotFound):
        found(desk, batch.number, COLLEAGUE)
    with desk.kept.session() as session:
        store = SqlBatchStore(session)
        assert [one.number for one in list_batches(EDITOR, store)] == [batch.number]
        assert list_batches(COLLEAGUE, store) == []


@pytest.mark.parametrize("actor", [GUEST, REVIEWER])
def test_only_who_may_write_brings_files_in(desk: WritingDesk, actor: Actor) -> None:
    with pytest.raises(Forbidden):
        send(desk, actor=actor)
    batch = send(desk)
    files, _ = read(desk, batch)
    with pytest.raises(Forbidden):  # lost the right while the files were read
        keep(desk, batch, files, actor)
    with pytest.raises(Forbidden):
        found(desk, batch.number, actor)
    assert (drafts(desk), found(desk, batch.number).is_done) == ([], False)


@pytest.mark.parametrize(
    ("files", "words"), [((), "没有文件"), (FILES[:1] * (MOST_FILES + 1), f"有 {MOST_FILES + 1} 个文件")]
)
def test_none_or_too_many_are_refused_before_anything_is_kept(
    desk: WritingDesk, tmp_path: Path, files: Sequence[SentFile], words: str
) -> None:
    with pytest.raises(AskedWrongly, match=words):
        send(desk, files)
    assert not (tmp_path / "uploads").exists()
