"""消息, the address they are mailed to, and 有用没用, by their pages. All made up."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from kb.bootstrap import Library
from kb.config import MailServer
from kb.database.kept_tables import AccountMailRow
from kb.database.messages import SqlMessages
from kb.domain.accounts import Role
from tests.web.page import Page
from tests.web.reviewing import SHIPPED, UNIT, guest, notes, open_library, steward
from tests.web.signed_in import make_account, open_app, sign_in, signed_in

VILLAGE = "虚构村党支部"
SERVER = MailServer("mail.example.cn", 25, False, "anli@example.cn", "user", "虚构口令")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_library(tmp_path_factory.mktemp("messages"))


def client_of(library: Library, name: str, *, unit: str = VILLAGE) -> FlaskClient:
    return signed_in(library, name, Role.READER, unit=unit)


def tell(library: Library, name: str, *texts: str, address: str = "/find") -> list[int]:
    """The messages' numbers, the newest first."""
    account = make_account(library, name, Role.READER, unit=VILLAGE).number
    with library.desk.writing() as session:
        messages = SqlMessages(session)
        for text in texts:
            messages.give({account}, f"made-up:{name}:{text}", text, address, "2026-11-25T10:00:00+00:00")
        return [one.number for one in messages.of(account, 100)]


def address_of(library: Library, name: str) -> str:
    with library.asking.mailbox() as mailbox:
        return mailbox.address_of(make_account(library, name, Role.READER).number)


def test_the_count_stands_on_every_page_of_whoever_is_signed_in(library: Library) -> None:
    tell(library, "counted", "虚构的消息一", "虚构的消息二")
    for address in ("/", "/find", "/wanted", "/messages"):
        assert '<span class="unread">2<span class="unseen"> 条没有看' in client_of(library, "counted").get(address).text
        assert "/messages" not in guest(library).get(address).text if address != "/messages" else True


def test_unread_ones_come_first_and_an_opened_one_leads_on(library: Library) -> None:
    newest, oldest = tell(library, "opener", "虚构的旧消息", "虚构的新消息", address="/wanted?state=open")
    client = client_of(library, "opener")
    opened = client.post(f"/messages/{newest}/open")
    assert (opened.status_code, opened.headers["Location"]) == (303, "/wanted?state=open")
    page = client.get("/messages").text
    assert page.index("虚构的旧消息") < page.index("看过的") < page.index("虚构的新消息")
    assert client_of(library, "another").post(f"/messages/{oldest}/open").status_code == 404
    assert Page(client.get("/messages").text).says("没有看的（1）")


def test_what_came_since_the_page_was_made_is_not_marked_as_read_with_the_rest(library: Library) -> None:
    tell(library, "reader of all", "虚构的旧消息", "虚构的另一条")
    client = client_of(library, "reader of all")
    found = re.search(r'name="last" value="(\d+)"', client.get("/messages").text)
    assert found is not None
    tell(library, "reader of all", "虚构的新消息")
    assert client.post("/messages/read", data={"last": found[1]}).status_code == 303
    page = client.get("/messages").text
    assert Page(page).says("没有看的（1）") and page.index("虚构的新消息") < page.index("看过的")
    assert client.post("/messages/read").status_code == 303
    assert Page(client.get("/messages").text).says("没有看的（1）")


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX: 1"])
def test_a_message_leads_nowhere_else(library: Library, address: str) -> None:
    (number,) = tell(library, f"led-{hash(address)}", "虚构的消息", address=address)
    opened = client_of(library, f"led-{hash(address)}").post(f"/messages/{number}/open")
    assert (opened.status_code, opened.headers["Location"]) == (303, "/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_number_of_questions_for_one_message_and_for_three(library: Library, rows: int) -> None:
    name = f"asker{rows}"
    tell(library, name, *(f"虚构的第 {place} 条" for place in range(rows)))
    client, asked = client_of(library, name), []
    client.get("/")
    event.listen(library.desk.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert client.get("/messages").status_code == 200
    account = 3  # the row, the row anew, its roles
    assert len([one for one in asked if one.startswith("SELECT")]) == account + len(("messages", "address", "count")), (
        asked
    )


def test_ones_own_address_is_set_and_taken_away(library: Library) -> None:
    client = client_of(library, "mailed")
    assert "没有设置发邮件" in client.get("/messages").text
    library.settings = replace(library.settings, smtp=SERVER)
    try:
        wrong = client.post("/messages/address", data={"address": "a@example.cn\r\nBcc: b@example.cn"})
        assert wrong.status_code == 400 and "邮箱地址写得不对" in wrong.text and "虚构口令" not in wrong.text
        assert client.post("/messages/address", data={"address": " reader@example.cn "}).status_code == 303
        assert address_of(library, "mailed") == "reader@example.cn"
        assert 'value="reader@example.cn"' in client.get("/messages").text
        assert client.post("/messages/address", data={"address": ""}).status_code == 303
        assert address_of(library, "mailed") == ""
    finally:
        library.settings = replace(library.settings, smtp=None)


def test_an_administrator_sets_anothers_and_the_trail_does_not_repeat_it(library: Library) -> None:
    account = make_account(library, "written-to", Role.READER)
    client = signed_in(library, "administrator", Role.ADMINISTRATOR)
    given = {"address": "other@example.cn"}
    assert client.post(f"/accounts/{account.number}/address", data=given).status_code == 303
    assert 'value="other@example.cn"' in client.get(f"/accounts/{account.number}").text
    wrong = client.post(f"/accounts/{account.number}/address", data={"address": "x"})
    assert wrong.status_code == 400 and "邮箱地址写得不对" in wrong.text
    assert address_of(library, "written-to") == "other@example.cn"
    assert [note for note in notes(library) if note[1] == "written-to"] == [("account_changed", "written-to", "改邮箱")]
    with library.desk.session() as session:
        assert session.get_one(AccountMailRow, account.number).address == "other@example.cn"


def test_a_unit_says_useful_or_not_in_one_click_and_can_change_its_mind(library: Library) -> None:
    client = client_of(library, "judge")
    assert "对你们单位有用吗" in client.get(f"/cases/{SHIPPED}").text
    said = client.post(f"/usefulness/case/{SHIPPED}", data={"verdict": "useful", "note": "好用"})
    assert (said.status_code, said.headers["Location"]) == (303, f"/cases/{SHIPPED}#usefulness")
    assert Page(client_of(library, "colleague").get(f"/cases/{SHIPPED}").text).says("你们单位说过：有用")
    client_of(library, "colleague").post(f"/usefulness/case/{SHIPPED}", data={"verdict": "useless", "note": "条件不够"})
    client_of(library, "town", unit=UNIT).post(f"/usefulness/case/{SHIPPED}", data={"verdict": "useful"})
    page = steward(library).get("/usefulness").text
    row = re.sub(r"<[^>]+>", "", page[page.index('<tr><th scope="row"') : page.index("</tbody>")])
    assert row.split() == ["虚构镇用结对办法帮三个软弱涣散支部开起会来11虚构村党支部（没用）：条件不够"]


def test_who_speaks_for_no_unit_is_shown_no_buttons(library: Library) -> None:
    for client in (guest(library), client_of(library, "unitless", unit="")):
        assert "对你们单位有用吗" not in client.get(f"/cases/{SHIPPED}").text
    refused = client_of(library, "unitless", unit="").post(f"/usefulness/case/{SHIPPED}", data={"verdict": "useful"})
    assert refused.status_code == 400 and "没有写单位" in refused.text
    assert guest(library).post(f"/usefulness/case/{SHIPPED}", data={"verdict": "useful"}).status_code == 403


@pytest.mark.parametrize("case_id", ["000000-1999-01", "x", "..%2fetc"])
def test_nothing_is_said_on_what_one_does_not_see(library: Library, case_id: str) -> None:
    assert (
        client_of(library, "judge").post(f"/usefulness/case/{case_id}", data={"verdict": "useful"}).status_code == 404
    )


def test_an_answer_is_judged_and_a_question_without_one_is_not(library: Library) -> None:
    client = client_of(library, "judge")
    number = int(client.post("/wanted/new", data={"text": "虚构的要答复的问题"}).headers["Location"].rpartition("/")[2])
    assert client.post(f"/usefulness/wanted/{number}", data={"verdict": "useful"}).status_code == 400
    steward(library).post(f"/wanted/{number}/answer", data={"version": "1", "case": SHIPPED})
    assert "对你们单位有用吗" in client.get(f"/wanted/{number}").text
    assert client.post(f"/usefulness/wanted/{number}", data={"verdict": "useless"}).status_code == 303
    assert Page(client.get(f"/wanted/{number}").text).says("你们单位说过：没用")
    assert Page(steward(library).get("/usefulness").text).says(f"待征集问题 {number} 的答复")
    assert client.post(f"/usefulness/wanted/{number}", data={"verdict": "x"}).status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_the_stewards_list_asks_the_same_number_of_questions_for_one_row_and_for_three(
    tmp_path_factory: pytest.TempPathFactory, rows: int
) -> None:
    library = open_library(tmp_path_factory.mktemp("usefulness"))
    client = client_of(library, "judge")
    for place in range(rows):
        number = (
            client.post("/wanted/new", data={"text": f"虚构的第 {place} 个问题"}).headers["Location"].rpartition("/")[2]
        )
        steward(library).post(f"/wanted/{number}/answer", data={"version": "1", "case": SHIPPED})
        client.post(f"/usefulness/wanted/{number}", data={"verdict": "useful", "note": "好用"})
    app, asked = open_app(library), []
    client = sign_in(app.test_client(), library, make_account(library, "steward", Role.STEWARD))
    client.get("/")
    event.listen(library.desk.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert client.get("/usefulness").status_code == 200
    account = 3  # the row, the row anew, its roles
    assert len([one for one in asked if one.startswith("SELECT")]) == account + len(
        ("count", "tallies", "words", "unread")
    )
