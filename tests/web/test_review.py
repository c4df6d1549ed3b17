"""审核 through its pages: steps in order, four eyes, returned fields and their changes, inclusion. All made up."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.domain.workflow import Stage
from kb.services import review_case
from tests.web.page import Page
from tests.web.reviewing import (
    FIELDS,
    SHIPPED,
    STEPS,
    UNIT,
    decide,
    editor,
    find,
    guest,
    include,
    mend_and_submit,
    notes,
    open_library,
    pass_all,
    reviewer,
    steward,
    submit,
)
from tests.web.signed_in import signed_in

FIRST, SECOND, FINAL = STEPS


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_library(tmp_path_factory.mktemp("review"))


def test_three_steps_and_inclusion_make_a_case_a_guest_can_find(library: Library) -> None:
    title = "虚构镇把三个支部的会重新开起来"
    number = submit(library, {"title": title})
    assert not Page(guest(library).get("/find?q=重新开起来").text).says(title)
    pass_all(library, number)
    record_id = include(library, number)
    assert record_id == "000000-2019-01"
    assert Page(guest(library).get("/find?q=重新开起来").text).says(title)
    assert Page(guest(library).get(f"/cases/{record_id}").text).says(title)
    file = library.settings.content_folder / f"cases/{record_id}.md"
    assert library.check([file]) == ()
    assert [kind for kind, subject, _ in notes(library) if subject in (f"submission:{number}", record_id)] == [
        "review_passed", "review_passed", "review_passed", "case_written",
    ]  # fmt: skip


def test_the_queue_puts_ones_own_turn_first_and_says_why_not(library: Library) -> None:
    number = submit(library, {"title": "虚构镇排在队里的一篇稿件"})
    mine = Page(reviewer(library, FIRST).get("/review").text)
    others = Page(reviewer(library, FINAL).get("/review").text)
    assert ("虚构镇排在队里的一篇稿件", f"/review/{number}") in mine.links
    assert others.says("初审由别的审核人承担。")
    page = reviewer(library, FINAL).get(f"/review/{number}").text
    assert "可以看，不能办" in page and 'name="decision"' not in page


def test_the_reviewer_is_told_of_another_submission_and_of_a_case_that_say_nearly_the_same(library: Library) -> None:
    first, second = submit(library, {"title": "虚构镇先送来的一份"}), submit(library, {"title": "虚构镇又送来的一份"})
    with library.desk.writing() as session:
        store = library.desk.submissions(session)
        kept = store.find(second)
        assert kept is not None
        hidden = store.create(replace(kept, stage=Stage.DRAFT, fields={**FIELDS, "title": "还没有送审的一份"}))
    page = Page(reviewer(library, FIRST).get(f"/review/{second}").text)
    assert page.says(f"第 {first} 号稿件虚构镇先送来的一份") and page.says("写，送审，文字相同 100%")
    assert ("虚构镇先送来的一份", f"/review/{first}") in page.links
    assert page.says("案例虚构镇用结对办法帮三个软弱涣散支部开起会来")
    assert hidden.number and not page.says("还没有送审的一份")


def test_private_details_the_writer_kept_are_shown_to_the_reviewer(library: Library) -> None:
    number = submit(library, {"lessons": "有事打 13812345678 找人。"})
    page = Page(reviewer(library, FIRST).get(f"/review/{number}").text)
    assert page.says("写稿人要求保留") and page.says("138****5678") and page.says("像是手机号")


def test_a_change_of_a_case_is_no_copy_of_that_case(library: Library) -> None:
    change = submit(library, record_id=SHIPPED, based_on=1)
    assert f'href="/cases/{SHIPPED}"' not in reviewer(library, FIRST).get(f"/review/{change}").text
    kept = find(library, change)
    with library.desk.writing() as session:
        draft = library.desk.submissions(session).create(replace(kept, stage=Stage.DRAFT))
    assert f'href="/cases/{SHIPPED}"' not in editor(library).get(f"/drafts/{draft.number}").text


def test_what_reviewers_want_is_asked_for_at_once_however_many_were_returned(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    asked: list[str] = []
    counts = []
    for more in (1, 2):
        for _ in range(more):
            decide(library, submit(library), FIRST, "returned", **{"reason-causes": "虚构的意见"})
        listen = (library.desk.engine, "before_cursor_execute", lambda _, __, words, *___: asked.append(words))
        event.listen(*listen)
        page = editor(library).get("/drafts").text
        event.remove(*listen)
        counts.append((page.count("虚构的意见"), sum("FROM field_note" in words for words in asked)))
        asked.clear()
    assert counts == [(1, 1), (3, 1)]


def test_returned_fields_are_marked_and_only_their_changes_shown_again(library: Library) -> None:
    number = submit(library)
    wanted = {"reason-causes": "写明为什么没有人过问", "reason-effect": "写明是哪一年"}
    assert decide(library, number, FIRST, "returned", **wanted)[0] == 200
    assert find(library, number).stage is Stage.RETURNED
    with library.desk.session() as session:
        assert library.desk.submissions(session).last_notes(number) == {
            "": "", "causes": "写明为什么没有人过问", "effect": "写明是哪一年",
        }  # fmt: skip
    told = "审核意见：〔成因〕写明为什么没有人过问〔成效〕写明是哪一年"
    assert Page(editor(library).get("/drafts").text).says(told)
    causes = FIELDS["causes"].replace("镇里也没有人过问", "镇里换了三任干部，没有人接着过问")
    mend_and_submit(library, number, causes=causes, keywords=["结对", "支部", "例会"])
    assert not Page(editor(library).get("/drafts").text).says(told)
    text = reviewer(library, FIRST).get(f"/review/{number}").text
    page = Page(text)
    shown, folded = text.split("没有变的（")
    assert [words for level, words in page.headings if level == 2][:3] == [
        "上次要改的（2 项）", "另外改动的（1 项）", "没有变的（19 项）",
    ]  # fmt: skip
    assert page.says("上次要改：写明为什么没有人过问") and page.says("这一项没有改。")
    assert "<ins>换了三任干部，</ins>" in shown and "<ins>接着</ins>" in shown
    assert "镇党委先摸底" in folded and "镇党委先摸底" not in shown


def test_a_text_no_file_could_hold_is_shown_as_a_fault_and_can_be_returned(library: Library) -> None:
    number = submit(library, {"summary": "虚构的一句话。" * 3000})
    page = Page(reviewer(library, FIRST).get(f"/review/{number}").text)
    assert page.says("必须改正 超过 16384 个字符。")
    assert decide(library, number, FIRST, "returned", note="摘要太长")[0] == 200
    assert find(library, number).stage is Stage.RETURNED


def test_nobody_reviews_what_they_wrote_or_saved(library: Library) -> None:
    number = submit(library)
    both = signed_in(library, "editor-and-reviewer", Role.EDITOR, Role.REVIEWER, unit=UNIT, steps=STEPS)
    with library.desk.writing() as session:
        store = library.desk.submissions(session)
        account = library.desk.accounts(session).find("editor-and-reviewer")
        found = store.find(number)
        assert account is not None and found is not None
        draft = store.move(found, Stage.DRAFT, at="")
        saved = store.save(
            draft.__class__(**{**draft.__dict__, "fields": {**FIELDS, "title": "合写"}}), by=account.number
        )
        store.move(saved, Stage.SUBMITTED, at="")
    answer = both.post(f"/review/{number}/decide", data={"version": "2", "step": FIRST, "decision": "passed"})
    assert answer.status_code == 403 and "你写过的稿件" in answer.text
    assert find(library, number).stage is Stage.SUBMITTED


def test_one_person_does_not_take_two_steps_of_a_round(library: Library) -> None:
    number = submit(library)
    whole = signed_in(library, "holds-all-steps", Role.REVIEWER, unit=UNIT, steps=STEPS)
    for step, status in ((FIRST, 303), (SECOND, 403)):
        given = {"version": "1", "step": step, "decision": "passed"}
        assert whole.post(f"/review/{number}/decide", data=given).status_code == status


def test_four_eyes_hold_because_they_are_asked(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    number = submit(library)
    whole = signed_in(library, "holds-all-steps", Role.REVIEWER, unit=UNIT, steps=STEPS)
    monkeypatch.setattr(review_case, "why_not", lambda *_: "")
    for step in (FIRST, SECOND):
        given = {"version": "1", "step": step, "decision": "passed"}
        assert whole.post(f"/review/{number}/decide", data=given).status_code == 303


def test_a_step_is_decided_once(library: Library) -> None:
    number = submit(library)
    assert decide(library, number, FIRST)[0] == 200
    status, text = decide(library, number, FIRST)
    assert (status, "已经有人办了" in text) == (409, True)


def test_a_version_nobody_has_seen_is_not_decided(library: Library) -> None:
    number = submit(library)
    assert decide(library, number, FIRST, version="7")[0] == 409


@pytest.mark.parametrize(
    ("decision", "form", "words"),
    [
        ("returned", {}, "退回要写明理由"),
        ("passed", {"reason-causes": "要改"}, "却选了通过"),
        ("", {"note": "写了意见"}, "没有选通过还是退回"),
        ("returned", {"reason-nothing": "x"}, "对应的项不存在"),
    ],
)
def test_a_decision_that_cannot_be_taken_keeps_what_was_typed(
    library: Library, decision: str, form: dict[str, str], words: str
) -> None:
    number = submit(library)
    status, text = decide(library, number, FIRST, decision, **form)
    assert status == 400 and words in text
    assert all(typed in text for typed in form.values())
    assert find(library, number).stage is Stage.SUBMITTED


def test_the_last_step_passes_nothing_that_could_not_be_included(library: Library) -> None:
    number = submit(library, {"causes": ""})
    assert [decide(library, number, step)[0] for step in STEPS] == [200, 200, 400]
    assert find(library, number).stage is Stage.SUBMITTED


def test_what_passed_all_steps_can_still_be_returned(library: Library) -> None:
    number = submit(library)
    pass_all(library, number)
    assert decide(library, number, "inclusion", "returned", note="标题再改")[0] == 200
    assert find(library, number).stage is Stage.RETURNED


@pytest.mark.parametrize("path", ["/review", "/review/1", "/review/1/sheet", "/review/due"])
def test_the_review_is_for_reviewers(library: Library, path: str) -> None:
    submit(library)
    assert [client.get(path).status_code for client in (guest(library), editor(library), steward(library))] == [
        303, 403, 403,
    ]  # fmt: skip


def test_a_draft_is_not_there_for_reviewers(library: Library) -> None:
    number = submit(library)
    with library.desk.writing() as session:
        store = library.desk.submissions(session)
        found = store.find(number)
        assert found is not None
        store.move(found, Stage.DRAFT, at="")
    client = reviewer(library, FIRST)
    assert [client.get(f"/review/{number}{more}").status_code for more in ("", "/sheet")] == [404, 404]
    assert client.post(f"/review/{number}/include").status_code == 404


def test_the_sheet_names_who_passed_which_step(library: Library) -> None:
    number = submit(library)
    decide(library, number, FIRST, note="事实清楚")
    page = Page(reviewer(library, SECOND).get(f"/review/{number}/sheet").text)
    assert all(page.says(words) for words in ("稿件三审三校单", "初审", "虚构的first_review", "通过。事实清楚", "三校"))


def test_a_case_whose_day_has_come_is_confirmed_for_twelve_months(library: Library) -> None:
    client = reviewer(library, FINAL)
    assert Page(client.get("/review/due").text).says("虚构村催报表催出一堆空台账的教训")
    assert client.post("/review/due/000000-2021-02", data={"note": "电话问过"}).status_code == 303
    assert not Page(client.get("/review/due").text).says("虚构村催报表催出一堆空台账的教训")
    text = (library.settings.content_folder / "cases/000000-2021-02.md").read_text("utf-8")
    assert "review_by: 2027-11-25\n" in text
