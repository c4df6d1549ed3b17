"""内容纠错: form → ticket → look-up → reply → revision. All made up."""

import re
from pathlib import Path

import pytest

from kb.bootstrap import Library
from kb.services import correct_case
from tests.web.page import Page
from tests.web.reviewing import (
    SHIPPED,
    STEPS,
    editor,
    guest,
    include,
    open_library,
    pass_all,
    reviewer,
    steward,
    submit,
)
from tests.web.signed_in import open_app

WRONG = "“3 个支部”应为“4 个支部”，见原报道第二段。"
CONTACT = "虚构科室 010-00000000"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_library(tmp_path_factory.mktemp("corrections"))


def report(library: Library, text: str = WRONG, case_id: str = SHIPPED) -> str:
    """The ticket."""
    answer = guest(library).post(f"/corrections/new/{case_id}", data={"text": text, "contact": CONTACT})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).rpartition("/")[2]


def test_every_case_has_the_form_and_the_form_gives_a_ticket(library: Library) -> None:
    page = Page(guest(library).get(f"/cases/{SHIPPED}").text)
    assert ("内容纠错", f"/corrections/new/{SHIPPED}") in page.links
    ticket = report(library)
    assert re.fullmatch(r"[A-HJKMNP-Z2-9]{10}", ticket)
    looked_up = guest(library).get(f"/corrections?ticket={ticket.lower()}", follow_redirects=True)
    assert Page(looked_up.text).says(WRONG) and "待答复" in looked_up.text
    assert CONTACT not in looked_up.text


def test_a_reply_reaches_the_reader_and_the_contact_only_those_who_answer(library: Library) -> None:
    ticket = report(library)
    client = steward(library)
    assert CONTACT in client.get(f"/corrections/{ticket}").text
    assert Page(client.get("/corrections").text).says(ticket)
    given = {"reply": "核对过，原文确是 3 个。", "outcome": "declined"}
    assert client.post(f"/corrections/{ticket}/answer", data=given).status_code == 303
    text = guest(library).get(f"/corrections/{ticket}").text
    assert "核对过，原文确是 3 个。" in text and "未采纳" in text and CONTACT not in text
    assert client.post(f"/corrections/{ticket}/answer", data=given).status_code == 409


def test_what_became_of_a_correction_is_read_anew_each_time(library: Library) -> None:
    app, ticket = open_app(library), report(library)
    assert "还没有答复" in app.test_client().get(f"/corrections/{ticket}").text
    given = {"reply": "核对过，没有错。", "outcome": "declined"}
    assert steward(library).post(f"/corrections/{ticket}/answer", data=given).status_code == 303
    assert "核对过，没有错。" in app.test_client().get(f"/corrections/{ticket}").text


def test_an_accepted_report_is_mended_by_the_next_revision(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    ticket = report(library)
    given = {"reply": "确实写错了。", "outcome": "accepted"}
    assert steward(library).post(f"/corrections/{ticket}/answer", data=given).status_code == 303
    assert Page(editor(library).get(f"/revisions/{SHIPPED}").text).says(WRONG)
    assert editor(library).post(f"/revisions/{SHIPPED}/start").status_code == 303
    number = submit(library, {"title": "虚构镇用结对办法帮四个支部开起会来"}, record_id=SHIPPED, based_on=1)
    pass_all(library, number)
    include(library, number)
    text = guest(library).get(f"/corrections/{ticket}").text
    assert "已更正" in text and "已在第 2 次修订中更正" in text


@pytest.mark.parametrize("text", ["", "   \n", "字" * 2001])
def test_an_empty_or_overlong_report_is_refused_and_stands_there_again(library: Library, text: str) -> None:
    answer = guest(library).post(f"/corrections/new/{SHIPPED}", data={"text": text, "contact": CONTACT})
    assert answer.status_code == 400 and CONTACT in answer.text and text.strip() in answer.text


def test_no_more_reports_are_taken_than_somebody_can_read(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correct_case, "MOST_OF_ONE", 0)
    answer = guest(library).post(f"/corrections/new/{SHIPPED}", data={"text": WRONG})
    assert answer.status_code == 400 and "暂时收不下" in answer.text


@pytest.mark.parametrize("case_id", ["000000-1999-01", "..%2f..%2fetc", "x"])
def test_there_is_no_form_for_what_readers_do_not_see(library: Library, case_id: str) -> None:
    assert guest(library).get(f"/corrections/new/{case_id}").status_code == 404
    assert guest(library).post(f"/corrections/new/{case_id}", data={"text": WRONG}).status_code == 404


def test_a_wrong_ticket_finds_nothing_and_an_editor_answers_nothing(library: Library) -> None:
    assert guest(library).get("/corrections/AAAAAAAAAA").status_code == 404
    ticket = report(library)
    given = {"reply": "不该由我答", "outcome": "declined"}
    assert editor(library).post(f"/corrections/{ticket}/answer", data=given).status_code == 403
    assert guest(library).post(f"/corrections/{ticket}/answer", data=given).status_code in (303, 403)
    assert "待答复" in guest(library).get(f"/corrections/{ticket}").text
    assert reviewer(library, STEPS[0]).get("/corrections").status_code == 200
