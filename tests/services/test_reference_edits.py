"""A change is proposed, written, taken back; a stop at any moment leaves it written or not, and no other text is lost."""

import hashlib
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kb.domain.accounts import Actor, Role
from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound, NotReady
from kb.services.measure_effect import Effect, broken, write_effect
from kb.services.reference_edits import (
    Change,
    EditState,
    ReferenceEdit,
    ReferenceEditing,
    take_back,
)

RULES, TERMS = "lexicon/flagged-wording.csv", "lexicon/terms.txt"
STEWARD = Actor(7, "虚构的库管员", roles=frozenset({Role.STEWARD}))
NOTHING_MOVED = write_effect(Effect(1, (1, 1), (1, 1), (), 0, ()))


class Stopped(BaseException):
    """The machine stops."""


class MemoryFolder:
    def __init__(self, files: dict[str, str]) -> None:
        self.files, self.beside = files, {}
        self.stops_at = ""

    def digest(self, path: str) -> str:
        return hashlib.sha256(self.files[path].encode()).hexdigest() if path in self.files else ""

    def read(self, path: str) -> str:
        return self.files.get(path, "")

    def write_beside(self, path: str, text: str) -> None:
        self.beside[path] = text
        self._reach("write_beside")

    def put_in_place(self, path: str, *, before: str) -> None:
        if self.digest(path) != before:
            raise Conflict("改过")
        self.files[path] = self.beside.pop(path)
        self._reach("put_in_place")

    def flush(self, path: str) -> None:
        self._reach("flush")

    def clear(self, path: str) -> None:
        self.beside.pop(path, None)

    def _reach(self, point: str) -> None:
        if point == self.stops_at:
            self.stops_at = ""
            raise Stopped


class MemoryEdits:
    def __init__(self) -> None:
        self.kept: dict[int, ReferenceEdit] = {}
        self.notes: list[tuple[str, str, int]] = []

    def add(self, edit: ReferenceEdit) -> ReferenceEdit:
        made = replace(edit, number=len(self.kept) + 1)
        self.kept[made.number] = made
        return made

    def find(self, number: int) -> ReferenceEdit | None:
        return self.kept.get(number)

    def begin(self, number: int) -> None:
        self._set(number, state=EditState.WRITING)

    def give_up(self, number: int) -> None:
        self._set(number, state=EditState.PROPOSED)

    def finish(self, edit: ReferenceEdit, at: str, by: Actor) -> None:
        self._set(edit.number, state=EditState.WRITTEN, written_at=at, written_by=by.number)
        self.notes.append((edit.path, edit.deed, by.number))

    def keep_effect(self, number: int, effect: str) -> None:
        self._set(number, effect=effect)

    def in_state(self, state: EditState, limit: int) -> Sequence[ReferenceEdit]:
        return [one for one in reversed(self.kept.values()) if one.state is state][:limit]

    def _set(self, number: int, **values: object) -> None:
        self.kept[number] = replace(self.kept[number], **values)  # type: ignore[arg-type]


class Shop:
    """A steward at work on files in memory."""

    def __init__(self, **files: str) -> None:
        self.folder = MemoryFolder({RULES: "甲\n乙\n丙\n丁\n戊\n", TERMS: "大党建\n", **files})
        self.edits = MemoryEdits()
        self.editing = ReferenceEditing(
            self.folder, self.edits, now=lambda: datetime(2026, 11, 26, tzinfo=UTC), alone=nullcontext
        )

    def propose(self, old: str, new: str, path: str = RULES, seen: str = "") -> ReferenceEdit:
        return self.editing.propose(
            STEWARD, path, seen, lambda text: Change(path, text.replace(old, new), f"{old}改{new}")
        )

    def write(self, old: str, new: str) -> int:
        number = self.propose(old, new).number
        self.editing.confirm(STEWARD, number)
        return number


def test_nothing_is_written_before_it_is_confirmed_and_then_it_is_noted() -> None:
    shop = Shop()
    edit = shop.propose("乙", "己")
    assert shop.folder.files[RULES] == "甲\n乙\n丙\n丁\n戊\n"
    shop.editing.confirm(STEWARD, edit.number)
    assert shop.folder.files[RULES] == "甲\n己\n丙\n丁\n戊\n"
    assert shop.edits.notes == [(RULES, "乙改己", 7)]
    assert [(one.number, one.written_by) for one in shop.editing.written(STEWARD)] == [(1, 7)]
    with pytest.raises(Conflict, match="已经写入"):
        shop.editing.confirm(STEWARD, edit.number)


def test_a_file_that_changed_is_never_written_over() -> None:
    shop = Shop()
    edit = shop.propose("乙", "己")
    shop.folder.files[RULES] = "别人写的\n"
    assert (shop.editing.is_overtaken(edit), shop.editing.waiting(STEWARD)) == (True, [])
    with pytest.raises(Conflict, match="没有覆盖它"):
        shop.editing.confirm(STEWARD, edit.number)
    with pytest.raises(Conflict, match="有人改过"):
        shop.propose("别", "他", seen=edit.sha256_before)
    assert shop.folder.files[RULES] == "别人写的\n"


def test_a_change_between_the_last_look_and_the_rename_is_a_conflict_too(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop()
    edit = shop.propose("乙", "己")
    write_beside = shop.folder.write_beside

    def write_then_somebody_else(path: str, text: str) -> None:
        write_beside(path, text)
        shop.folder.files[path] = "别人写的\n"

    monkeypatch.setattr(shop.folder, "write_beside", write_then_somebody_else)
    with pytest.raises(Conflict, match="没有覆盖它"):
        shop.editing.confirm(STEWARD, edit.number)
    assert (shop.folder.files[RULES], shop.folder.beside) == ("别人写的\n", {})
    assert shop.edits.kept[1].state is EditState.PROPOSED


@pytest.mark.parametrize(("point", "is_written"), [("write_beside", False), ("put_in_place", True), ("flush", True)])
def test_a_stop_leaves_it_wholly_written_or_not_at_all(point: str, is_written: bool) -> None:
    shop = Shop()
    edit = shop.propose("乙", "己")
    shop.folder.stops_at = point
    with pytest.raises(Stopped):
        shop.editing.confirm(STEWARD, edit.number)
    written = [one.number for one in shop.editing.written(STEWARD)]
    assert written == ([1] if is_written else [])
    assert ("己" in shop.folder.files[RULES], shop.folder.beside) == (is_written, {})
    assert [note[:2] for note in shop.edits.notes] == ([(RULES, "乙改己")] if is_written else [])


@pytest.mark.parametrize(("point", "is_written"), [("write_beside", False), ("flush", True)])
def test_a_full_disk_is_told_and_what_stands_is_noted(
    point: str, is_written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop()
    edit = shop.propose("乙", "己")
    act = getattr(shop.folder, point)

    def act_and_fail(*words: str) -> None:
        act(*words)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shop.folder, point, act_and_fail)
    if is_written:
        shop.editing.confirm(STEWARD, edit.number)
    else:
        with pytest.raises(NotReady, match="原来的文件没有动"):
            shop.editing.confirm(STEWARD, edit.number)
    assert ("己" in shop.folder.files[RULES], len(shop.edits.notes)) == (is_written, int(is_written))


def test_what_touches_the_search_waits_for_its_effect_and_faults_bar_it() -> None:
    shop = Shop()
    edit = shop.propose("大党建", "小党建", TERMS)
    with pytest.raises(AskedWrongly, match="还没有测算完"):
        shop.editing.confirm(STEWARD, edit.number)
    shop.edits.keep_effect(edit.number, write_effect(broken("文件读不出来")))
    with pytest.raises(AskedWrongly, match="会让现有的案例或文件出错"):
        shop.editing.confirm(STEWARD, edit.number)
    assert shop.folder.files[TERMS] == "大党建\n"
    shop.edits.keep_effect(edit.number, NOTHING_MOVED)
    shop.editing.confirm(STEWARD, edit.number)
    assert shop.folder.files[TERMS] == "小党建\n"


def test_undo_takes_back_that_change_alone_and_is_a_change_itself() -> None:
    shop = Shop()
    first = shop.write("乙", "己")
    shop.write("戊", "庚")
    undone = shop.editing.undo(STEWARD, first)
    shop.editing.confirm(STEWARD, undone.number)
    assert shop.folder.files[RULES] == "甲\n乙\n丙\n丁\n庚\n"
    assert (undone.undoes, undone.deed) == (first, "撤销第 1 次修改（乙改己）")
    again = shop.editing.undo(STEWARD, undone.number)
    assert again.text == "甲\n己\n丙\n丁\n庚\n"


def test_undo_of_lines_that_changed_since_is_refused() -> None:
    shop = Shop()
    first = shop.write("乙", "己")
    shop.write("己", "辛")
    with pytest.raises(Conflict, match="后来又改过"):
        shop.editing.undo(STEWARD, first)


@pytest.mark.parametrize(
    ("before", "after", "standing", "result"),
    [
        ("a\nb\nc", "a\nc", "a\nc\nd", "a\nb\nc\nd"),
        ("a\nc", "a\nb\nc", "x\na\nb\nc", "x\na\nc"),
        ("a\nb", "a\nB", "a\nB", "a\nb"),
        ("a\nb", "a\nB", "a\nB!", None),
        ("a\nb\nc", "a\nB\nc", "a\nB\nx\nc", None),
    ],
)
def test_taking_back_one_change_of_several(before: str, after: str, standing: str, result: str | None) -> None:
    assert take_back(before, after, standing) == result


def test_only_who_keeps_the_taxonomy_may() -> None:
    shop, editor = Shop(), Actor(8, "虚构的编辑", roles=frozenset({Role.EDITOR}))
    number = shop.propose("乙", "己").number
    for deed in (
        lambda: shop.editing.look(editor, RULES),
        lambda: shop.editing.propose(editor, RULES, "", lambda text: Change(RULES, text + "x", "")),
        lambda: shop.editing.confirm(editor, number),
        lambda: shop.editing.undo(editor, number),
        lambda: shop.editing.open(editor, number),
        lambda: shop.editing.written(editor),
        lambda: shop.editing.waiting(editor),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_an_unchanged_text_and_an_unknown_number_are_told() -> None:
    shop = Shop()
    with pytest.raises(AskedWrongly, match="和现在的内容一样"):
        shop.propose("没有", "改动")
    with pytest.raises(NotFound):
        shop.editing.open(STEWARD, 5)
