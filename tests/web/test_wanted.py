"""待征集 by its pages: from a search that finds nothing to an answer that is told. All made up."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.services import ask_for_case
from kb.web import create_app
from tests.web.page import Page
from tests.web.reviewing import SHIPPED, UNIT, editor, guest, notes, open_library, steward
from tests.web.signed_in import open_app, signed_in

VILLAGE = "虚构村党支部"
ASKED = "楼门长不愿意当，换了三个都干不下去"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_library(tmp_path_factory.mktemp("wanted"))


def reader(library: Library) -> FlaskClient:
    return signed_in(library, "reader", Role.READER, unit=VILLAGE)


def unitless(library: Library) -> FlaskClient:
    return signed_in(library, "unitless", Role.READER)


def file(client: FlaskClient, text: str = ASKED, **form: str) -> int:
    """The number of what a signed-in client asks."""
    answer = client.post("/wanted/new", data={"text": text, "anyway": "yes", **form})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rpartition("/")[2])


def version_of(library: Library, number: int) -> str:
    found = re.search(r'name="version" value="(\d+)"', steward(library).get(f"/wanted/{number}").text)
    assert found
    return found[1]


def act(library: Library, number: int, deed: str, **form: str) -> int:
    given = {"version": version_of(library, number), **form}
    return steward(library).post(f"/wanted/{number}/{deed}", data=given).status_code


def unread(client: FlaskClient) -> list[str]:
    page = client.get("/messages").text.partition('id="read"')[0]
    return re.findall(r'<li class="waiting"><p>([^<]*)</p>', page)


def test_a_search_that_finds_nothing_is_asked_in_one_click(library: Library) -> None:
    client = reader(library)
    page = client.get("/find?q=镾馐无人认领的楼门长怎么选").text
    assert 'action="/wanted/new"' in page and "提为待征集问题" in page
    fields = dict(re.findall(r'<input type="hidden" name="(text|detail)" value="([^"]*)">', page))
    answer = client.post("/wanted/new", data=fields, follow_redirects=True)
    shown = Page(answer.text)
    assert (
        shown.says("镾馐无人认领的楼门长怎么选")
        and shown.says("征集中")
        and shown.says("1 个单位提出")
        and shown.says("村社区")
    )


def test_a_search_that_finds_enough_offers_nothing(library: Library) -> None:
    assert "提为待征集问题" not in reader(library).get("/find?q=支部").text
    assert "提为待征集问题" not in reader(library).get("/find").text


def test_a_guests_search_page_can_be_kept_and_leads_to_the_form(library: Library) -> None:
    client = guest(library)
    answer = client.get("/find?q=镾馐无人认领的楼门长怎么选")
    assert "Set-Cookie" not in answer.headers and "csrf_token" not in answer.text
    (address,) = [address for words, address in Page(answer.text).links if words == "提为待征集问题"]
    form = client.get(address)
    assert "镾馐无人认领的楼门长怎么选" in form.text and "csrf_token" in form.text and "Set-Cookie" in form.headers


def test_a_description_is_asked_with_its_whole_text(library: Library) -> None:
    client = reader(library)
    told = "村里的会开不起来。通知了三次，来的不到一半，低保户张小明家也没有人管。"
    page = client.post("/describe", data={"text": told}).text
    fields = dict(re.findall(r'<input type="hidden" name="(text|detail)" value="([^"]*)">', page))
    assert fields == {"text": "村里的会开不起来。", "detail": told}
    shown = Page(client.post("/wanted/new", data=fields, follow_redirects=True).text)
    assert shown.says("来的不到一半，低保户〔略〕家也没有人管")


def test_the_type_is_proposed_and_the_form_has_the_last_word(library: Library) -> None:
    text = "支部开不成会，软弱涣散，没有人召集党员"
    proposed = file(reader(library), text)
    said = file(reader(library), text, problem="P1.1", level="county", field="rural")
    none = file(reader(library), text, problem="no-such", level="x")
    pages = [Page(guest(library).get(f"/wanted/{number}").text) for number in (proposed, said, none)]
    assert [page.says("软弱涣散 村社区") for page in pages] == [True, False, False]
    assert [page.says("虚化弱化 区县 农村") for page in pages] == [False, True, False]
    assert [page.says("征集中 软弱涣散") for page in pages] == [True, False, False]


def test_a_guest_gets_a_ticket_and_nobody_reads_it_before_a_steward(library: Library) -> None:
    client = guest(library)
    answer = client.post("/wanted/new", data={"text": "访客问的虚构难题，电话13800138000"}, follow_redirects=True)
    (ticket,) = set(re.findall(r"[A-HJKMNP-Z2-9]{10}", answer.text))
    assert Page(answer.text).says("凭它查看答复") and "13800138000" not in answer.text
    looked_up = guest(library).get(f"/wanted?ticket={ticket.lower()}", follow_redirects=True)
    assert (
        Page(looked_up.text).says("访客问的虚构难题，电话〔略〕") and looked_up.headers["Cache-Control"] == "no-store"
    )
    assert "访客问的虚构难题" not in guest(library).get("/wanted").text
    queue = steward(library).get("/wanted/queue").text
    (number,) = re.findall(r'href="/wanted/(\d+)">访客问的虚构难题', queue)
    for client in (guest(library), reader(library), editor(library)):
        assert client.get(f"/wanted/{number}").status_code == 404
        assert client.post(f"/wanted/{number}/join").status_code in (403, 404)
    assert act(library, int(number), "publish") == 303
    assert "访客问的虚构难题" in guest(library).get("/wanted").text
    assert "已经公开" in guest(library).get(f"/wanted/tickets/{ticket}").text


def test_a_refused_question_is_nowhere_but_under_its_ticket(library: Library) -> None:
    answer = guest(library).post("/wanted/new", data={"text": "与党建无关的虚构闲话"})
    ticket = answer.headers["Location"].rpartition("/")[2]
    (number,) = re.findall(r'href="/wanted/(\d+)">与党建无关', steward(library).get("/wanted/queue").text)
    assert act(library, int(number), "refuse", reason="不属于征集的范围") == 303
    assert guest(library).get(f"/wanted/{number}").status_code == 404
    assert "不属于征集的范围" in guest(library).get(f"/wanted/tickets/{ticket}").text


def test_what_was_asked_before_is_shown_before_asking_and_can_be_joined(library: Library) -> None:
    number = file(editor(library), "小区停车位被僵尸车占满没有人管")
    client = reader(library)
    for address in ("/wanted/new?q=停车位被僵尸车占满没有人管怎么办", "/find?q=镾停车位被僵尸车占满没有人管"):
        page = Page(client.get(address).text)
        assert page.says("小区停车位被僵尸车占满没有人管") and page.says("已有 1 个单位提过"), address
    answers = [client.post(f"/wanted/{number}/join", follow_redirects=True).text for _ in range(2)]
    assert "记下了" in answers[0] and "一个单位只算一次" in answers[1]
    assert Page(answers[1]).says("2 个单位有同样的问题")
    shown = Page(guest(library).get(f"/wanted/{number}").text)
    assert shown.says("2 个单位有同样的问题") and not shown.says(UNIT) and not shown.says(VILLAGE)
    assert Page(steward(library).get(f"/wanted/{number}").text).says(f"{UNIT}、{VILLAGE}")
    refused = unitless(library).post(f"/wanted/{number}/join")
    assert refused.status_code == 400 and "没有写单位" in refused.text


def test_what_the_unit_asked_itself_is_shown_before_it_is_asked_again_and_may_be_on_purpose(library: Library) -> None:
    asked = {"text": "虚构的路灯坏了半年报修没有人来修"}
    number = file(reader(library), asked["text"])
    again = {"text": "虚构的路灯坏了半年，报修没有人来修。", "detail": "又坏了三盏。"}
    colleague = signed_in(library, "colleague", Role.EDITOR, unit=VILLAGE)
    told = colleague.post("/wanted/new", data=again)
    page = Page(told.text)
    assert told.status_code == 409 and page.says(
        "你们单位提过几乎一样的，还没有答复：“虚构的路灯坏了半年报修没有人来修”。"
    )
    assert ("打开已经提过的", f"/wanted/{number}") in page.links and "又坏了三盏。</textarea>" in told.text
    assert 'name="anyway" value="yes"' in told.text
    assert colleague.post("/wanted/new", data={**again, "anyway": "yes"}).status_code == 303
    other_thing, other_unit = {"text": "虚构的路灯没有，报修也没有电话"}, editor(library)
    assert colleague.post("/wanted/new", data=other_thing).status_code == 303
    assert other_unit.post("/wanted/new", data=asked).status_code == 303
    assert [unitless(library).post("/wanted/new", data=asked).status_code for _ in range(2)] == [303, 409]
    assert guest(library).post("/wanted/new", data=asked).status_code == 303


def test_what_was_answered_can_be_asked_again(library: Library) -> None:
    number = file(reader(library), "虚构的井盖丢了两年没有人补上")
    act(library, number, "close", reason="虚构的理由")
    again = reader(library).post("/wanted/new", data={"text": "虚构的井盖丢了两年没有人补上"})
    assert again.status_code == 303


def test_an_answer_is_told_to_asker_and_joined_and_opened_from_the_messages(library: Library) -> None:
    client, other = reader(library), editor(library)
    number = file(client, "虚构的答复要送到人手里")
    other.post(f"/wanted/{number}/join")
    before = [len(unread(one)) for one in (client, other)]
    assert act(library, number, "answer", case=SHIPPED, words="照第一步先结对。") == 303
    assert [len(unread(one)) for one in (client, other)] == [before[0] + 1, before[1] + 1]
    page = client.get("/messages").text
    assert f'<span class="unread">{before[0] + 1}' in page
    (message,) = re.findall(r"虚构的答复要送到人手里”有了答复。</p><form[^>]*action=\"(/messages/\d+/open)\"", page)
    opened = client.post(message)
    assert (opened.status_code, opened.headers["Location"]) == (303, f"/wanted/{number}")
    assert len(unread(client)) == before[0]
    assert other.post(message).status_code == 404
    shown = Page(guest(library).get(f"/wanted/{number}").text)
    assert (
        shown.says("照第一步先结对。")
        and ("虚构镇用结对办法帮三个软弱涣散支部开起会来", f"/cases/{SHIPPED}") in shown.links
    )
    assert ("wanted_answered", f"wanted:{number}", f"答复：{SHIPPED}") in notes(library)


def test_messages_can_all_be_marked_read(library: Library) -> None:
    client = reader(library)
    number = file(client, "虚构的消息要能全部看过")
    act(library, number, "close", reason="库里暂时没有。")
    assert unread(client)
    client.post("/messages/read", data={"last": "999999"})
    page = client.get("/messages").text
    assert unread(client) == [] and "没有新消息" in page and 'class="unread"' not in page and "看过的" in page


def test_merged_ones_lead_to_the_one_they_went_into(library: Library) -> None:
    client = reader(library)
    one, two = file(client, "虚构的重复问题之一"), file(editor(library), "虚构的重复问题之二")
    assert act(library, one, "merge", into=str(two)) == 303
    assert guest(library).get(f"/wanted/{one}").headers["Location"] == f"/wanted/{two}"
    assert Page(guest(library).get(f"/wanted/{two}").text).says("2 个单位有同样的问题")
    assert any("已合并" in text for text in unread(client))
    assert "虚构的重复问题之一" not in guest(library).get("/wanted?state=open").text


@pytest.mark.parametrize(("deed", "form", "words"), [
    ("answer", {"case": "000000-1999-01"}, "没有纳入的案例"), ("answer", {"case": ""}, "没有写案例编号"),
    ("assign", {"unit": "没有的单位"}, "单位名册里没有"), ("assign", {}, "没有选单位"), ("close", {"reason": " "}, "没有写理由"),
    ("merge", {"into": "99999"}, "没有公开的待征集问题"), ("publish", {}, "不能改成"),
])  # fmt: skip
def test_what_cannot_be_done_is_said_with_what_was_typed(
    library: Library, deed: str, form: dict[str, str], words: str
) -> None:
    number = file(reader(library), "虚构的办不成的事")
    given = {"version": version_of(library, number), **form}
    answer = steward(library).post(f"/wanted/{number}/{deed}", data=given)
    assert answer.status_code == 400 and words in answer.text
    assert all(f'value="{value}"' in answer.text for value in form.values() if value.strip())


def test_a_steward_who_comes_second_is_told(library: Library) -> None:
    number = file(reader(library), "虚构的两个库管员同时办")
    given = {"version": version_of(library, number)}
    assert steward(library).post(f"/wanted/{number}/assign", data={**given, "unit": UNIT}).status_code == 303
    late = steward(library).post(f"/wanted/{number}/close", data={**given, "reason": "晚了一步"})
    assert late.status_code == 409 and "刚才有人办过" in late.text and "晚了一步" in late.text


def test_a_case_for_one_unit_alone_is_no_answer_for_others(tmp_path: Path) -> None:
    from tests.made_up import CASE
    from tests.web.conftest import open_synced

    own = CASE.replace("000000-2020-01", "000000-2022-03").replace("visibility: 公开", "visibility: 本单位")
    library = open_synced(tmp_path, {"cases/000000-2022-03.md": own})
    number = file(signed_in(library, "reader", Role.READER, unit=VILLAGE))
    answer = steward(library).post(f"/wanted/{number}/answer", data={"version": "1", "case": "000000-2022-03"})
    assert answer.status_code == 400 and "只给本单位看" in answer.text


def test_an_editor_is_called_for_what_is_wanted_and_begins_with_its_type(library: Library) -> None:
    number, client = file(reader(library), "虚构的正缺的案例", problem="P1.1"), editor(library)
    act(library, number, "assign", unit=UNIT)
    assert any("虚构的正缺的案例" in text for text in unread(client))
    page = client.get("/submit").text
    assert Page(page).says("虚构的正缺的案例") and Page(page).says("交办给你们单位")
    begun = client.post("/submit/blank", data={"problem": "P1.1"})
    assert '<option value="P1.1" selected' in client.get(begun.headers["Location"]).text
    assert "正缺这些案例" not in guest(library).get("/submit").text


def test_only_so_many_of_guests_wait(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask_for_case, "MOST_OF_GUESTS", 0)
    answer = guest(library).post("/wanted/new", data={"text": "收不下的虚构问题", "detail": "写的还在"})
    assert answer.status_code == 400 and "暂时收不下" in answer.text and "写的还在" in answer.text


def test_forms_need_their_token_and_a_foreign_page_is_refused(library: Library) -> None:
    client = create_app(library).test_client()
    for address in (
        "/wanted/new",
        "/wanted/1/join",
        "/wanted/1/close",
        "/usefulness/case/" + SHIPPED,
        "/messages/read",
    ):
        assert client.post(address, data={"text": "没有令牌的虚构问题"}).status_code == 400, address
        foreign = guest(library).post(address, data={"text": "x"}, headers={"Origin": "https://example.invalid"})
        assert foreign.status_code == 400, address
        assert client.get(address).status_code in (200, 404, 405), address
    assert "没有令牌的虚构问题" not in steward(library).get("/wanted/queue").text


@pytest.mark.parametrize("query", ["page=-1", "page=0", "page=1000000000000000000", "page=x", "state=held", "state=x",
                                   "problem=P0.0", "level='--"])  # fmt: skip
def test_odd_addresses_show_the_list(library: Library, query: str) -> None:
    guest(library).post("/wanted/new", data={"text": "还没有人看过的虚构问题"})
    answer = guest(library).get(f"/wanted?{query}")
    assert answer.status_code == 200 and "还没有人看过" not in answer.text


def test_script_and_line_ends_in_a_question_are_text(library: Library) -> None:
    number = file(reader(library), "<script>alert(1)</script>\r\nX-Evil: 1 虚构", detail="<img src=x onerror=alert(1)>")
    for address in (f"/wanted/{number}", "/wanted"):
        page = guest(library).get(address).text
        assert "<script>alert" not in page and "<img src=x" not in page and "&lt;script&gt;alert(1)" in page


def test_a_guests_list_is_kept_and_made_anew_when_something_changes(library: Library) -> None:
    client = open_app(library).test_client()
    first = client.get("/wanted").headers["ETag"]
    assert client.get("/wanted").headers["ETag"] == first
    file(reader(library), "虚构的新来的问题")
    assert "虚构的新来的问题" in client.get("/wanted").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_one_row_and_for_three(tmp_path: Path, rows: int) -> None:
    library = open_library(tmp_path)
    for place in range(rows):
        file(reader(library), f"虚构的第 {place} 个问题")
    client, asked = guest(library), []
    event.listen(library.desk.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    client.get("/")  # counts how promotion stands, once per change
    for address, count in (("/wanted", 2), ("/wanted/1", 2), ("/wanted/new?q=虚构的问题一二", 1)):
        asked.clear()
        assert client.get(address).status_code == 200
        assert len([one for one in asked if one.startswith("SELECT")]) == count, asked
