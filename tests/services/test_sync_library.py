"""Sync on the in-memory twins: only what changed, and the same state as a rebuild from nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from kb.database.catalogue import SqlCatalogue, open_database
from kb.errors import NotReady, UnreadableFile
from kb.repository.memory import MemoryContentRepository
from kb.services.build_records import restore_case, restore_mechanism
from kb.services.ports import PlainRecord
from kb.services.sync_library import LibrarySync, SyncReport
from tests.made_up import CASE, FILES, MECHANISM, REFERENCE

TODAY = date(2026, 11, 23)


class ShoutingRenderer:
    """Renders by marking the text; refuses one that contains BOOM."""

    def render(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        if any("BOOM" in text for text in texts.values()):
            raise UnreadableFile("正文无法排版。")
        return {key: f"<p>{text}</p>" for key, text in texts.items()}


class Shelf:
    """A content folder and a catalogue, both in memory."""

    def __init__(self, files: dict[str, str]) -> None:
        self.repository = MemoryContentRepository(REFERENCE, files)
        self.catalogue = SqlCatalogue(
            Session(open_database(None)),
            lambda plain: restore_case(plain, REFERENCE),
            lambda plain: restore_mechanism(plain, REFERENCE),
        )

    def sync(self) -> SyncReport:
        sync = LibrarySync(self.repository, self.catalogue, ShoutingRenderer(), TODAY)
        return sync.report(sync.take_in(lambda *_: None))

    def state(self) -> object:
        cases = self.catalogue.cases(sorted(self.catalogue.case_ids()))
        return cases, self.catalogue.mechanisms(), dict(self.catalogue.count_by_problem())


def numbered(number: int) -> str:
    return CASE.replace("000000-2020-01", f"000000-2020-{number:02d}")


def test_a_first_sync_takes_all_and_a_second_takes_nothing() -> None:
    shelf = Shelf(dict(FILES))
    first, second = shelf.sync(), shelf.sync()
    assert (first.read, first.removed, first.cases, first.findings) == (2, 0, 1, ())
    assert (second.read, second.removed, second.cases, second.findings) == (0, 0, 1, ())
    entry = shelf.catalogue.find_case("000000-2020-01")
    assert entry is not None
    assert entry.html["causes"].startswith("<p>支部书记都外出做工")


def test_a_sync_that_cannot_render_now_takes_no_case_away(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(dict(FILES))
    shelf.sync()
    before = shelf.state()
    shelf.repository.files["cases/000000-2020-01.md"] = CASE.replace("结对办法帮", "结对的办法帮")

    def not_now(*_: object) -> Mapping[str, str]:
        raise NotReady("排版进程没有启动。")

    with monkeypatch.context() as patch:
        patch.setattr(ShoutingRenderer, "render", not_now)
        with pytest.raises(NotReady):
            shelf.sync()
    assert shelf.state() == before
    assert shelf.sync().read == 1


def test_an_edit_is_taken_and_noted_for_the_index() -> None:
    shelf = Shelf(dict(FILES))
    shelf.sync()
    shelf.catalogue.clear_pending()
    shelf.repository.files["cases/000000-2020-01.md"] = CASE.replace("结对办法帮", "结对的办法帮")
    assert shelf.sync().read == 1
    entry = shelf.catalogue.find_case("000000-2020-01")
    assert entry is not None and "结对的办法帮" in entry.case.title
    assert shelf.catalogue.pending() == {"000000-2020-01"}


def test_a_changed_mechanism_notes_its_cases_for_the_index() -> None:
    shelf = Shelf(dict(FILES))
    shelf.sync()
    shelf.catalogue.clear_pending()
    shelf.repository.files["mechanisms/pair-up.md"] = MECHANISM.replace("干部与支部结对", "干部和支部结对")
    shelf.sync()
    assert shelf.catalogue.pending() == {"000000-2020-01"}


def test_whose_an_archived_case_was_is_known_until_it_comes_back_or_goes() -> None:
    shelf, path = Shelf(dict(FILES)), "cases/000000-2020-01.md"
    known = {"pair-up": {"000000-2020-01": "虚构镇党委"}}
    told = []
    for text in (
        CASE,
        CASE.replace("status: 纳入", "status: 归档"),
        CASE,
        CASE.replace("status: 纳入", "status: 草稿"),
    ):
        shelf.repository.files[path] = text
        shelf.sync()
        told.append((shelf.catalogue.units_by_mechanism(["pair-up"]), shelf.catalogue.case_ids() != frozenset()))
    assert told == [(known, True), (known, False), (known, True), ({}, False)]


def test_a_rename_keeps_the_case_under_its_id() -> None:
    shelf = Shelf(dict(FILES))
    shelf.sync()
    shelf.repository.files["cases/another-name.md"] = shelf.repository.files.pop("cases/000000-2020-01.md")
    report = shelf.sync()
    assert (report.read, report.removed, report.cases) == (1, 1, 1)
    assert [finding.message for finding in report.findings] == ["文件名与编号“000000-2020-01”不一致。"]
    entry = shelf.catalogue.find_case("000000-2020-01")
    assert entry is not None and entry.path == "cases/another-name.md"


def test_of_two_files_with_one_id_the_one_named_after_it_wins_and_the_other_is_said() -> None:
    shelf = Shelf({**FILES, "cases/a-copy.md": CASE.replace("结对办法帮", "抄来的办法帮")})
    report = shelf.sync()
    entry = shelf.catalogue.find_case("000000-2020-01")
    assert entry is not None and entry.path == "cases/000000-2020-01.md"
    refused = [finding for finding in report.findings if finding.is_error]
    assert [(f.path, f.message) for f in refused] == [
        ("cases/a-copy.md", "编号“000000-2020-01”与 cases/000000-2020-01.md 重复，本文件没有收入。")
    ]
    del shelf.repository.files["cases/000000-2020-01.md"]
    shelf.sync()
    entry = shelf.catalogue.find_case("000000-2020-01")
    assert entry is not None and entry.path == "cases/a-copy.md"


def test_a_copy_that_comes_later_does_not_push_the_owner_out() -> None:
    shelf = Shelf(dict(FILES))
    shelf.sync()
    shelf.repository.files["cases/000000-2020-01-copy.md"] = CASE.replace("结对办法帮", "抄来的办法帮")
    shelf.sync()
    entry = shelf.catalogue.find_case("000000-2020-01")
    assert entry is not None and "结对办法帮" in entry.case.title


@pytest.mark.parametrize(
    "broken",
    [
        "不是案例",
        CASE.replace("kind: 经验\n", ""),
        CASE.replace("status: 纳入", "status: 草稿"),
        CASE.replace("visibility: 公开", "visibility: 系统内"),
        CASE.replace("两年没有开会", "BOOM 两年没有开会"),
    ],
)
def test_what_readers_may_not_see_is_not_in_the_catalogue(broken: str) -> None:
    shelf = Shelf({**FILES, "cases/000000-2020-02.md": numbered(2)})
    shelf.sync()
    shelf.repository.files["cases/000000-2020-02.md"] = broken.replace("000000-2020-01", "000000-2020-02")
    shelf.sync()
    assert shelf.catalogue.case_ids() == {"000000-2020-01"}
    assert shelf.catalogue.find_case("000000-2020-02") is None
    assert list(shelf.catalogue.case_ids_of(problem="P5.1")) == ["000000-2020-01"]


def test_changed_reference_data_derives_everything_anew() -> None:
    shelf = Shelf(dict(FILES))
    shelf.sync()
    shelf.repository.reference = replace(REFERENCE, digest="another")
    assert shelf.sync().read == 2


def test_a_stop_before_the_commit_leaves_the_old_state() -> None:
    shelf = Shelf(dict(FILES))
    shelf.sync()
    before = shelf.state()
    shelf.repository.files["cases/000000-2020-02.md"] = numbered(2)
    shelf.catalogue.commit = shelf.catalogue.rollback  # type: ignore[method-assign]
    shelf.sync()
    assert shelf.state() == before


EDITS = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["put", "edit", "break", "delete", "copy"])), max_size=12)


@given(EDITS, st.lists(st.integers(0, 12), max_size=4))
@settings(max_examples=30, deadline=None)
def test_any_history_of_syncs_ends_where_one_sync_from_nothing_does(
    edits: list[tuple[int, str]], sync_after: list[int]
) -> None:
    shelf = Shelf(dict(FILES))
    for step, (number, what) in enumerate(edits):
        path = f"cases/000000-2020-{number:02d}.md"
        if what == "put":
            shelf.repository.files[path] = numbered(number)
        elif what == "edit":
            shelf.repository.files[path] = numbered(number).replace("逐月帮助", f"逐月帮助第{step}次")
        elif what == "break":
            shelf.repository.files[path] = "坏了"
        elif what == "copy":
            shelf.repository.files[f"cases/copy-{number}.md"] = numbered(number)
        else:
            shelf.repository.files.pop(path, None)
        if step in sync_after:
            shelf.sync()
    shelf.sync()
    fresh = Shelf(shelf.repository.files)
    fresh.sync()
    assert shelf.state() == fresh.state()
    assert set(shelf.catalogue.findings()) == set(fresh.catalogue.findings())


def test_plain_values_come_back_from_the_catalogue_as_the_same_case() -> None:
    shelf = Shelf(dict(FILES))
    shelf.sync()
    entry = shelf.catalogue.find_case("000000-2020-01")
    plain: PlainRecord = shelf.repository.read("cases/000000-2020-01.md")
    assert entry is not None and entry.case == restore_case(plain, REFERENCE)
