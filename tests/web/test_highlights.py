"""亮点: what is proposed, ticked, ordered, and what the basket says when a source has changed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from kb.database.faults import DamagedDatabase
from kb.domain.accounts import Role
from kb.services import keep_basket
from kb.services.keep_basket import UNUSED_DAYS
from kb.web import create_app
from search import QueryError
from tests.web.page import Page
from tests.web.publicity_desk import CASE_ID, CAUSES, EFFECT, LESSON_ID, Desk
from tests.web.signed_in import signed_in

RESULT = "不开会的支部：3个 → 0个"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("highlights"))


@pytest.fixture
def desk(shared: Desk) -> Iterator[Desk]:
    """The shared library as it was shipped, with a guest who has picked nothing yet."""
    shared.client = shared.app.test_client()
    yield shared
    shared.restore()


def test_the_list_shows_what_the_rules_propose_and_narrows_it_down(desk: Desk) -> None:
    page = Page(desk.client.get("/highlights").text)
    for words in (RESULT, EFFECT, "一年收上来三百张表，没有办成一件事", "教训：不当经验宣传"):
        assert page.says(words), words
    narrowed = desk.client.get("/highlights?unit=虚构镇党委&mark=change").text
    assert (LESSON_ID in narrowed, CASE_ID in narrowed, RESULT in narrowed, EFFECT in narrowed) == (
        False,
        True,
        False,
        True,
    )
    assert Page(desk.client.get("/highlights?stage=推广中").text).says("没有符合条件的案例")


def test_the_way_past_the_filters_leads_to_what_was_found(desk: Desk) -> None:
    text = desk.client.get("/highlights").text
    places = [text.index(words) for words in ('<a class="skip" href="#found">', '<form class="filter', 'id="found"')]
    assert places == sorted(places) and 'id="found" tabindex="-1"' in text


def test_words_that_cannot_be_read_are_told_on_both_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise QueryError("引号套叠过多")

    monkeypatch.setattr("kb.services.find_cases.parse", refuse)
    answers = [desk.client.get(path) for path in ("/highlights?q=难题", "/pieces/new?q=难题")]
    assert [answer.status_code for answer in answers] == [400, 200]
    assert [Page(answer.text).says("没能检索： 引号套叠过多") for answer in answers] == [True, True]


def test_ticked_sentences_are_in_the_basket_in_order_word_for_word(desk: Desk) -> None:
    desk.pick(EFFECT, CAUSES)
    desk.pick(RESULT, EFFECT)
    assert desk.basket() == [EFFECT, CAUSES, RESULT]


def test_the_order_changes_and_what_was_taken_out_comes_back_to_its_place(desk: Desk) -> None:
    desk.pick(CAUSES, EFFECT, RESULT)
    first, second, third = desk.numbers()
    assert desk.change(do="down", number=first) == 303
    assert desk.change(do="up", number=third) == 303
    assert desk.basket() == [EFFECT, RESULT, CAUSES]
    assert desk.change(do="remove", number=third) == 303
    assert desk.basket() == [EFFECT, CAUSES]
    assert desk.change(do="undo") == 303
    assert desk.basket() == [EFFECT, RESULT, CAUSES]
    assert desk.change(do="empty") == 303
    assert Page(desk.client.get("/highlights/basket").text).says("亮点篮还是空的")
    assert desk.change(do="undo") == 303
    assert desk.basket() == [EFFECT, RESULT, CAUSES]
    assert second in desk.numbers()


def test_a_note_stays_with_its_sentence(desk: Desk) -> None:
    desk.pick(EFFECT)
    assert desk.change(do="note", number=desk.numbers()[0], note="用在第一段") == 303
    assert 'value="用在第一段"' in desk.client.get("/highlights/basket").text
    assert desk.change(do="note", number=desk.numbers()[0], note="长" * 201) == 400


def test_nothing_ticked_and_a_forged_key_put_nothing_in(desk: Desk) -> None:
    assert desk.client.post("/highlights/pick").location == "/highlights"
    forged = [f"{CASE_ID}:effect:0:0123456789", "000000-1999-01:effect:0:0123456789", "x"]
    assert desk.client.post("/highlights/pick", data={"pick": forged}).location == "/highlights"
    assert Page(desk.client.get("/highlights").text).says("3 句的原文刚刚改过或已撤下")
    assert desk.basket() == []
    assert "Set-Cookie" not in desk.app.test_client().get("/highlights/basket").headers.get("Set-Cookie", "")


def test_a_source_that_was_mended_is_told_sentence_by_sentence_and_one_decides(desk: Desk) -> None:
    desk.pick(CAUSES, EFFECT)
    _, number = desk.numbers()
    desk.revise("减到 0 个〔二〕", "变为 0 个〔二〕")
    page = desk.client.get("/highlights/basket").text
    told = Page(page)
    assert told.says("有 1 句的原文变了")
    assert told.says("原文已修订，这句话已改。现在是： 不开会的支部由 3 个变为 0 个。")
    assert told.says("原文已修订，这句话没有变。")
    seen = page.split('name="seen" value="')[1][:64]
    assert desk.change(do="replace", number=number, seen="0" * 64) == 303
    assert EFFECT in desk.basket()
    assert desk.change(do="replace", number=number, seen=seen) == 303
    assert desk.basket() == [CAUSES, "不开会的支部由 3 个变为 0 个。"]
    assert not Page(desk.client.get("/highlights/basket").text).says("这句话已改")


def test_who_keeps_the_old_words_is_not_asked_again(desk: Desk) -> None:
    desk.pick(EFFECT)
    desk.revise("减到 0 个〔二〕", "变为 0 个〔二〕")
    seen = desk.client.get("/highlights/basket").text.split('name="seen" value="')[1][:64]
    assert desk.change(do="keep", number=desk.numbers()[0], seen=seen) == 303
    page = Page(desk.client.get("/highlights/basket").text)
    assert page.says("你选择保留修订前的这句话")
    assert not page.says("请逐句看过")


def test_words_of_an_archived_case_are_no_longer_shown(desk: Desk) -> None:
    desk.pick(EFFECT)
    desk.revise("status: 纳入", "status: 归档")
    text = desk.client.get("/highlights/basket").text
    assert Page(text).says(f"案例 {CASE_ID} 已归档、撤下或不再对你公开。")
    assert EFFECT not in text


def test_a_guest_s_things_are_of_one_browser_and_its_cookie_tells_nothing(desk: Desk) -> None:
    keys = desk.keys()
    answer = desk.client.post("/highlights/pick", data={"pick": [keys[EFFECT]]})
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("basket="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Max-Age={UNUSED_DAYS * 24 * 3600}" in cookie
    assert desk.basket(desk.app.test_client()) == []
    token = cookie.split("=")[1].split(";")[0]
    assert token.encode() not in desk.library.desk.path.read_bytes()


def test_a_token_nobody_was_given_opens_and_keeps_nothing(desk: Desk) -> None:
    client = desk.app.test_client()
    client.set_cookie("basket", "A" * 43)
    desk.pick(EFFECT, client=client)
    found = client.get_cookie("basket")
    assert found is not None
    assert found.value != "A" * 43


def test_what_a_browser_kept_is_forgotten_after_ninety_days_without_use(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, used = desk.app.test_client(), desk.app.test_client()
    for client in (old, used):
        desk.pick(EFFECT, client=client)
    today = desk.library.today()
    monkeypatch.setattr(desk.library, "today", lambda: today + timedelta(days=60))
    assert desk.basket(used) == [EFFECT]
    monkeypatch.setattr(desk.library, "today", lambda: today + timedelta(days=UNUSED_DAYS + 1))
    desk.pick(EFFECT, client=desk.app.test_client())
    assert (desk.basket(old), desk.basket(used)) == ([], [EFFECT])


def test_the_number_of_browsers_and_of_passages_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.pick(EFFECT)
    keys = desk.keys()
    monkeypatch.setattr(keep_basket, "MOST_PASSAGES", 1)
    assert desk.client.post("/highlights/pick", data={"pick": [keys[CAUSES]]}).status_code == 400
    monkeypatch.setattr(keep_basket, "MOST_BROWSERS", 1)
    refused = desk.app.test_client().post("/highlights/pick", data={"pick": [keys[CAUSES]]})
    assert (refused.status_code, refused.headers.getlist("Set-Cookie")) == (400, [])


def test_what_was_picked_before_signing_in_can_be_taken_over_once(desk: Desk) -> None:
    desk.pick(EFFECT, CAUSES)
    token = desk.client.get_cookie("basket")
    assert token is not None
    client = signed_in(desk.library, "publicity", Role.PUBLICITY, app=desk.app)
    client.set_cookie("basket", token.value)
    desk.pick(CAUSES, client=client)
    assert Page(client.get("/highlights/basket").text).says("登录前在这个浏览器里选过 2 句")
    assert client.post("/highlights/basket/take-over").status_code == 303
    assert desk.basket(client) == [CAUSES, EFFECT]
    assert not Page(client.get("/highlights/basket").text).says("登录前在这个浏览器里选过")


def test_favourites_are_added_removed_and_put_back(desk: Desk) -> None:
    for kind, subject in (("case", CASE_ID), ("mechanism", "pair-up")):
        form = {"kind": kind, "subject": subject, "do": "add"}
        assert desk.client.post("/highlights/favourites", data=form).status_code == 303
    page = Page(desk.client.get("/highlights/favourites").text)
    assert [address for words, address in page.links if "结对" in words] == [
        "/mechanisms/pair-up",
        "/mechanisms/pair-up/one-page.docx",
        f"/cases/{CASE_ID}",
    ]
    gone = desk.client.post("/highlights/favourites", data={"kind": "case", "subject": CASE_ID, "do": "remove"})
    assert "恢复收藏" in desk.client.get(gone.location).text
    assert f"/cases/{CASE_ID}" not in desk.client.get("/highlights/favourites").text


def test_favourites_of_before_signing_in_are_told_and_taken_over_once(desk: Desk) -> None:
    here = {"Origin": "http://localhost"}
    form = {"kind": "case", "subject": CASE_ID, "do": "add"}
    desk.client.post("/highlights/favourites", data=form, headers=here)
    token = desk.client.get_cookie("basket")
    assert token is not None
    client = signed_in(desk.library, "publicity", Role.PUBLICITY, app=desk.app)
    client.set_cookie("basket", token.value)
    before = Page(client.get("/highlights/favourites").text)
    assert before.says("登录前在这个浏览器里收藏过 1 条") and before.says("还没有收藏")
    taken = client.post("/highlights/basket/take-over", data={"back": "/highlights/favourites"})
    assert (taken.status_code, taken.location) == (303, "/highlights/favourites")
    after = Page(client.get("/highlights/favourites").text)
    assert f"/cases/{CASE_ID}" in [address for _, address in after.links]
    assert not after.says("登录前在这个浏览器里收藏过")


@pytest.mark.parametrize("address", ["/", f"/cases/{CASE_ID}", "/mechanisms", "/find"])
def test_every_page_leads_to_the_favourites(desk: Desk, address: str) -> None:
    readers = [desk.client, signed_in(desk.library, "publicity", Role.PUBLICITY, app=desk.app)]
    found = [("我的收藏", "/highlights/favourites") in Page(reader.get(address).text).links for reader in readers]
    assert found == [True, True]


def test_the_empty_list_names_the_button_and_where_it_stands(desk: Desk) -> None:
    assert Page(desk.client.get("/highlights/favourites").text).says("在检索结果里的每个案例下面")
    assert Page(desk.client.get("/highlights/favourites").text).says("按“☆ 收藏”")


@pytest.mark.parametrize(
    "address", [f"/cases/{CASE_ID}", "/mechanisms/pair-up", "/find?order=id", f"/highlights/{CASE_ID}"]
)
def test_one_click_on_a_page_keeps_a_favourite_and_the_page_says_so_without_a_session(desk: Desk, address: str) -> None:
    subject = "pair-up" if "mechanisms" in address else CASE_ID
    guest = create_app(desk.library).test_client()
    before = guest.get(address).text
    assert "☆ 收藏" in before and "★ 已收藏" not in before and "看全部收藏" not in before
    kind = "mechanism" if subject == "pair-up" else "case"
    form = {"kind": kind, "subject": subject, "back": address, "do": "add"}
    here = {"Origin": "http://localhost"}
    assert guest.post("/highlights/favourites", data=form, headers=here).location == address
    assert guest.get_cookie("session") is None or "highlights" in address
    kept = Page(guest.get(address).text)
    assert kept.says("★ 已收藏") and kept.links.count(("看全部收藏", "/highlights/favourites")) == 1
    gone = guest.post("/highlights/favourites", data={**form, "do": "remove"}, headers=here)
    assert gone.location == address and "★ 已收藏" not in guest.get(address).text
    assert "★ 已收藏" not in create_app(desk.library).test_client().get(address).text


def test_the_button_of_a_list_leads_back_to_the_line_of_its_case(desk: Desk) -> None:
    guest = create_app(desk.library).test_client()
    form = {"kind": "case", "back": "/find?order=id"}
    here = {"Origin": "http://localhost"}
    found = []
    for name in ("add", "remove"):
        assert f'form="keep" name="{name}" value="{CASE_ID}"' in guest.get("/find?order=id").text
        answer = guest.post("/highlights/favourites", data={**form, name: CASE_ID}, headers=here)
        found.append((answer.status_code, answer.location))
    assert found == [(303, f"/find?order=id#of-{CASE_ID}")] * 2
    assert guest.post("/highlights/favourites", data={"kind": "case", "add": CASE_ID}, headers=here).location == (
        "/highlights/favourites"
    )
    guest.post("/highlights/favourites", data={"kind": "case", "remove": CASE_ID}, headers=here)
    assert f'form="keep" name="add" value="{CASE_ID}"' in guest.get("/find?order=id").text


def test_a_favourite_is_not_changed_from_another_site_nor_sent_there(desk: Desk) -> None:
    guest = create_app(desk.library).test_client()
    form = {"kind": "case", "subject": CASE_ID, "do": "add", "back": "//elsewhere.example"}
    foreign = ("http://elsewhere.example/", "http://localhost@elsewhere.example", "http://[", "null")
    for headers in ({}, *({name: one} for name in ("Referer", "Origin") for one in foreign)):
        assert guest.post("/highlights/favourites", data=form, headers=headers).status_code == 400
    assert guest.get_cookie("basket") is None
    answer = guest.post("/highlights/favourites", data=form, headers={"Referer": "http://localhost/find"})
    assert answer.location == "/"


@pytest.mark.parametrize("address", [f"/cases/{CASE_ID}", "/mechanisms/pair-up", "/find?order=id"])
def test_a_reader_with_favourites_reads_on_while_they_cannot_be_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    guest = create_app(desk.library).test_client()
    form = {"kind": "case", "subject": CASE_ID, "do": "add"}
    assert guest.post("/highlights/favourites", data=form, headers={"Origin": "http://localhost"}).status_code == 303

    def broken() -> None:
        raise DamagedDatabase("虚构的损坏。", advice="从备份恢复。")

    monkeypatch.setattr(desk.library.desk, "session", broken)
    answer = guest.get(address)
    assert (answer.status_code, "☆ 收藏" in answer.text) == (200, True)


def test_a_page_with_picked_sentences_is_kept_nowhere(desk: Desk) -> None:
    found = {
        path: desk.client.get(path).headers["Cache-Control"]
        for path in ("/highlights", "/highlights/basket", "/pieces")
    }
    assert found == dict.fromkeys(found, "no-store")


def test_one_passage_or_three_ask_the_databases_as_often(desk: Desk) -> None:
    found = []
    for texts in ((EFFECT,), (CAUSES, RESULT)):
        desk.pick(*texts)
        desk.client.get("/highlights/basket")
        found.append(desk.queries("/highlights/basket"))
    assert len(desk.basket()) == 3
    assert found == [9, 9]
