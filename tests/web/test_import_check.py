"""导入核对 as a browser without scripts meets it: one page asks for all that is missing. Everything here is made up."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.domain.accounts import Role
from tests.browser.word_case import write_word_case
from tests.services.writing_desk import UNIT
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import signed_in
from tests.web.test_drafts import posted

CHOSEN = {"visibility": "公开", "mechanism": "pair-up"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_synced(tmp_path_factory.mktemp("import-check"))


@pytest.fixture(scope="module")
def editor(shelf: Library) -> FlaskClient:
    return signed_in(shelf, "editor-a", Role.EDITOR, unit=UNIT)


@pytest.fixture
def draft(editor: FlaskClient, tmp_path: Path) -> str:
    """The address of a draft made from a Word file."""
    path = tmp_path / "结对开会.docx"
    write_word_case(path, "结对开会")
    with path.open("rb") as file:
        sent = editor.post("/submit/upload", data={"file": (file, path.name)}, content_type="multipart/form-data")
    return str(sent.headers["Location"]).removesuffix("/import")


def test_the_page_asks_for_what_is_missing_and_says_what_is_next(editor: FlaskClient, draft: str) -> None:
    page = Page(editor.get(f"{draft}/import").text)
    assert [words for level, words in page.headings if level == 2] == [
        "要你填的 1 项", "程序照原文拟的 11 项，请核对", "纳入前还要的 1 项", "认出的各项（6）", "待放区（4 段）"
    ]  # fmt: skip
    assert page.says("下一步：从上往下看一遍") and page.says("第一个标题前的导语")
    assert not page.says("要改：")
    assert '<optgroup label="对得上主问题类型的"><option value="pair-up">' in editor.get(f"{draft}/import").text
    assert (page.unclosed, len(page.ids)) == ([], len(set(page.ids)))


def test_what_is_left_standing_is_kept_and_the_draft_is_complete(editor: FlaskClient, draft: str) -> None:
    saved = editor.post(f"{draft}/import", data=posted(editor, f"{draft}/import", **CHOSEN, do="submit"))
    assert (saved.status_code, saved.headers["Location"]) == (303, f"{draft}/submit")
    look = Page(editor.get(f"{draft}/submit").text)
    assert not look.says("还差") and not look.says("纳入前还要补")
    assert look.says("待放区里还有 3 段")
    form = posted(editor, draft)
    assert (form["period.start"], form["results.1.now"], form["visibility"]) == (["2022-03"], ["87%"], ["公开"])


def test_a_proposal_is_nothing_before_it_is_kept(editor: FlaskClient, draft: str) -> None:
    editor.get(f"{draft}/import")
    assert posted(editor, draft)["summary"] == [""]


def test_what_was_struck_out_is_not_kept_and_its_piece_stays_in_the_tray(editor: FlaskClient, draft: str) -> None:
    values = posted(editor, f"{draft}/import", **CHOSEN, summary="", do="save")
    assert editor.post(f"{draft}/import", data=values).headers["Location"] == draft
    page = Page(editor.get(draft).text)
    assert page.says("还没有写“摘要”") and page.says("待放区（4 段）")


def test_a_colleague_who_answered_meanwhile_is_not_overwritten(shelf: Library, editor: FlaskClient, draft: str) -> None:
    values = posted(editor, f"{draft}/import", **CHOSEN)
    colleague = signed_in(shelf, "editor-b", Role.EDITOR, unit=UNIT)
    assert colleague.post(draft, data=posted(colleague, draft, summary="同事写的虚构摘要。")).status_code == 303
    answer = editor.post(f"{draft}/import", data=values)
    page = Page(answer.text)
    assert (answer.status_code, page.says("同事写的虚构摘要。"), page.says("有 1 项两边都改了")) == (409, True, True)
    assert posted(editor, draft)["summary"] == ["同事写的虚构摘要。"]


def test_a_form_cut_off_on_its_way_changes_nothing(editor: FlaskClient, draft: str) -> None:
    values = posted(editor, f"{draft}/import", **CHOSEN)
    del values["whole"]
    assert editor.post(f"{draft}/import", data=values).status_code == 400
    assert "visibility" not in posted(editor, draft)


def test_what_is_left_in_the_tray_can_be_dropped_at_once(editor: FlaskClient, draft: str) -> None:
    assert editor.post(draft, data=posted(editor, draft, do="empty")).headers["Location"].endswith("#to-do")
    assert not Page(editor.get(draft).text).says("待放区")
    editor.post(f"{draft}/versions", data={"version": "1"})
    assert Page(editor.get(draft).text).says("待放区（4 段）")


def pasted(editor: FlaskClient, text: str) -> str:
    """The address of a draft made from pasted text."""
    sent = editor.post("/submit/paste", data={"text": text})
    return str(sent.headers["Location"]).removesuffix("/import")


MARKED = r'<div class="(\w+)"><dt><a href="[^"]+#field-(\w+)">[^<]+</a> <span class="read-as">(\w+)</span>'


def test_what_is_faulty_is_told_in_the_next_step_and_not_marked_as_sure(editor: FlaskClient) -> None:
    draft = pasted(editor, "虚构镇结对开会\n单位：没有登记的单位\n主问题类型：软弱\n层级：镇街")
    text = editor.get(f"{draft}/import").text
    marks = {key: (look, mark) for look, key, mark in re.findall(MARKED, text)}
    assert marks == {
        "title": ("unsure", "待核"), "unit": ("wrong", "要改"), "problem": ("wrong", "要改"), "level": ("sure", "确定"),
    }  # fmt: skip
    page = Page(text)
    assert page.says("认出的各项里有 2 项写得不对，在全稿里改好才能送审")
    assert not page.says("一项不差") and not page.says("没有错就送审") and not page.says("保存并送审…")


def test_with_no_blank_but_a_fault_the_page_leads_to_the_whole_draft(editor: FlaskClient, draft: str) -> None:
    editor.post(f"{draft}/import", data=posted(editor, f"{draft}/import", **CHOSEN, do="save"))
    page = Page(editor.get(f"{draft}/import").text)
    assert page.says("一项不差") and ("去送审…", f"{draft}/submit") in page.links
    editor.post(draft, data=posted(editor, draft, unit="没有登记的单位"))
    page = Page(editor.get(f"{draft}/import").text)
    assert page.says("没有缺项，但有 1 项写得不对，改好才能送审") and not page.says("一项不差")
    assert ("看全稿，改好", draft) in page.links and "去送审…" not in [words for words, _ in page.links]


def test_the_trail_of_an_import_names_what_was_sent_and_not_how_it_was_read(shelf: Library, draft: str) -> None:
    subject = f"submission:{draft.rpartition('/')[2]}"
    with shelf.desk.session() as session:
        trail = [
            (entry.kind, entry.detail.partition("；SHA-256 ")[0])
            for entry in shelf.desk.audit_store(session).all()
            if entry.subject == subject
        ]
    assert trail == [("draft_started", ""), ("file_added", "原稿；结对开会.docx")]


def test_how_it_was_read_is_in_no_list_of_files(shelf: Library, editor: FlaskClient, draft: str) -> None:
    pages = [editor.get(draft).text, editor.get(f"{draft}/files").text]
    editor.post(f"{draft}/import", data=posted(editor, f"{draft}/import", **CHOSEN, do="submit"))
    sent = editor.post(f"{draft}/submit", data=posted(editor, f"{draft}/submit", is_not_secret="yes"))
    assert sent.status_code == 303
    reviewer = signed_in(shelf, "reviewer-a", Role.REVIEWER, unit=UNIT, steps=("first_review",))
    pages.append(reviewer.get(f"/review/{draft.rpartition('/')[2]}").text)
    assert [("结对开会.docx" in page, "reading.json" in page) for page in pages] == [(True, False)] * 3
