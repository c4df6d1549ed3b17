"""专题: from a search or a list, kept by those who may, seen by readers once published, each what he may see of it."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.domain.audited import Deed
from kb.services.keep_audit import AuditFilter, read_audit
from tests.made_up import CASE
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import make_account, open_app, signed_in

PAIR, LESSON, INTERNAL = "000000-2020-01", "000000-2021-02", "000000-2022-01"
SEARCH = {
    "made_of": "search",
    "title": "虚构的专题",
    "intro": "为测试编写。",
    "q": "",
    "problem": "P5.1",
    "deed": "save",
}
LIST = {
    "made_of": "list",
    "title": "虚构的单子",
    "intro": "为测试编写。",
    "case_ids": f"{LESSON}\n{INTERNAL}，{PAIR}",
    "deed": "save",
}
FILES = {
    f"cases/{INTERNAL}.md": CASE.replace(PAIR, INTERNAL)
    .replace("visibility: 公开", "visibility: 系统内")
    .replace("虚构镇用结对", "虚构镇内部用结对")
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_synced(tmp_path_factory.mktemp("themes"), FILES)


@pytest.fixture
def keeper(shelf: Library) -> FlaskClient:
    return signed_in(shelf, "publicity", Role.PUBLICITY)


@pytest.fixture
def guest(shelf: Library) -> FlaskClient:
    return open_app(shelf).test_client()


def made(keeper: FlaskClient, form: dict[str, str], state: str = "") -> str:
    """The address of a new theme, moved to that state."""
    answer = keeper.post("/themes/new", data=form)
    assert answer.status_code == 303, Page(answer.text).headings
    address = answer.headers["Location"]
    if state:
        assert keeper.post(f"{address}/state", data={"version": "1", "state": state}).status_code == 303
    return address


def cases_of(answer: object) -> list[str]:
    return [link.split("/")[2] for _, link in Page(answer.text).links if link.startswith("/cases/")]


def test_a_search_is_made_into_a_theme_from_the_find_page(keeper: FlaskClient, guest: FlaskClient) -> None:
    words = "做成专题"
    link = dict(Page(keeper.get("/find?q=开会&problem=P5.1&kind=lesson").text).links)[words]
    assert link == "/themes/new?q=%E5%BC%80%E4%BC%9A&problem=P5.1&kind=lesson"
    form = keeper.get(link)
    assert form.status_code == 200
    assert 'value="开会"' in form.text
    assert Page(form.text).says("要解决的问题：软弱涣散")
    assert words not in dict(Page(keeper.get("/find").text).links)
    assert words not in guest.get("/find?q=开会&problem=P5.1").text
    assert guest.get(link).headers["Location"].startswith("/sign-in?next=")


def test_readers_see_a_theme_from_its_publication_to_its_archiving(keeper: FlaskClient, guest: FlaskClient) -> None:
    address = made(keeper, SEARCH | {"title": "从草稿到归档"})
    assert guest.get(address).status_code == 404
    for version, state, code in ((1, "published", 200), (2, "archived", 404), (3, "published", 200), (4, "draft", 404)):
        moved = keeper.post(f"{address}/state", data={"version": str(version), "state": state})
        assert moved.status_code == 303
        assert guest.get(address).status_code == code
        assert ("从草稿到归档" in guest.get("/themes").text) == (code == 200)
        assert guest.get(f"/feeds{address}.atom").status_code == code
        assert keeper.get(address).status_code == 200


def test_a_search_is_asked_anew_and_a_list_keeps_its_order(keeper: FlaskClient, guest: FlaskClient) -> None:
    search, fixed = made(keeper, SEARCH, "published"), made(keeper, LIST, "published")
    assert set(cases_of(guest.get(search))) == {PAIR, LESSON}
    assert set(cases_of(keeper.get(search))) == {PAIR, LESSON, INTERNAL}
    assert cases_of(guest.get(fixed)) == [LESSON, PAIR]
    assert cases_of(keeper.get(fixed)) == [LESSON, INTERNAL, PAIR]
    assert INTERNAL not in guest.get(fixed).text
    assert Page(guest.get(fixed).text).says("共 2 个案例")
    for address in (search, fixed):
        feed = guest.get(f"/feeds{address}.atom").text
        assert (feed.count("<entry>"), INTERNAL in feed) == (2, False)
        assert keeper.get(f"/feeds{address}.atom").text == feed


def test_a_case_that_is_gone_is_left_out_and_its_keepers_told(tmp_path: Path) -> None:
    library = open_synced(tmp_path, FILES)
    keeper, guest = signed_in(library, "publicity", Role.PUBLICITY), open_app(library).test_client()
    address = made(keeper, LIST, "published")
    assert cases_of(guest.get(address)) == [LESSON, PAIR]
    (library.settings.content_folder / f"cases/{LESSON}.md").unlink()
    library.sync(lambda *_: None)
    assert cases_of(guest.get(address)) == [PAIR]
    assert LESSON not in guest.get(address).text
    assert Page(keeper.get(address).text).says(f"单子里有 1 个案例你看不到或已归档，没有列出：{LESSON}")


def test_words_that_no_case_has_make_no_theme_of_cases_that_are_only_near(keeper: FlaskClient) -> None:
    preview = keeper.post("/themes/new", data=SEARCH | {"q": "员工交通补贴", "problem": "", "deed": "preview"})
    assert preview.status_code == 200
    assert cases_of(preview) == []


def test_a_preview_shows_what_would_be_and_keeps_nothing(keeper: FlaskClient) -> None:
    answer = keeper.post("/themes/new", data=LIST | {"title": "只是<看看>", "deed": "preview"})
    page = Page(answer.text)
    assert answer.status_code == 200
    assert (3, "只是<看看>") in page.headings
    assert page.says("还没有保存。其中 1 个不公开，没有登录的人看不到。")
    assert cases_of(answer) == [LESSON, INTERNAL, PAIR]
    assert "只是" not in keeper.get("/themes").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "标题要写，不超过 60 字。"),
        ({"title": "长" * 61}, "标题要写，不超过 60 字。"),
        ({"intro": "长" * 1001}, "导语超过 1000 字。"),
        ({"made_of": "search"}, "检索的词和条件至少要有一样，也不能太长。"),
        ({"case_ids": "000000-1999-01"}, "没有找到这些案例：000000-1999-01。"),
        ({"case_ids": " ".join(f"000000-1999-{n:03}" for n in range(101))}, "案例至多 100 个。"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(
    keeper: FlaskClient, change: dict[str, str], words: str
) -> None:
    form = LIST | {"intro": "写过的导语"} | change
    answer = keeper.post("/themes/new", data=form)
    assert answer.status_code == 400
    assert Page(answer.text).says(words)
    assert form["intro"] in answer.text


def test_a_theme_without_introduction_or_cases_is_not_published(keeper: FlaskClient, guest: FlaskClient) -> None:
    address = made(keeper, LIST | {"intro": "", "case_ids": ""})
    answer = keeper.post(f"{address}/state", data={"version": "1", "state": "published"})
    assert (answer.status_code, guest.get(address).status_code) == (400, 404)
    assert Page(answer.text).says("还没有写导语；还没有选案例。")
    assert keeper.post(f"{address}/state", data={"version": "1", "state": "hidden"}).status_code == 400


def test_two_who_change_one_theme_lose_nothing(shelf: Library, keeper: FlaskClient) -> None:
    address = made(keeper, LIST)
    other = signed_in(shelf, "steward", Role.STEWARD)
    for who in (keeper, other):
        assert 'name="version" value="1"' in who.get(f"{address}/edit").text
    first = keeper.post(f"{address}/edit", data=LIST | {"title": "先改的", "version": "1"})
    late = other.post(f"{address}/edit", data=LIST | {"title": "后改的", "version": "1"})
    page = Page(late.text)
    assert (first.status_code, late.status_code) == (303, 409)
    assert page.says("有人刚改过这个专题，没有存。") and page.says("先改的")
    assert 'value="后改的"' in late.text and 'name="version" value="2"' in late.text
    assert "先改的" in keeper.get(address).text
    again = other.post(f"{address}/edit", data=LIST | {"title": "后改的", "version": "2"})
    assert again.status_code == 303
    assert "后改的" in keeper.get(address).text
    moved = keeper.post(f"{address}/state", data={"version": "2", "state": "published"})
    assert moved.status_code == 409


def test_what_is_done_with_a_theme_is_in_the_audit_trail(tmp_path: Path) -> None:
    library = open_synced(tmp_path)
    keeper = signed_in(library, "publicity", Role.PUBLICITY)
    address = made(keeper, SEARCH, "published")
    keeper.post(f"{address}/edit", data=SEARCH | {"version": "2"})
    keeper.post(f"{address}/edit", data=SEARCH | {"title": "改过的", "version": "2"})
    auditor = make_account(library, "auditor", Role.AUDITOR).actor
    with library.desk.session() as session:
        found = read_audit(auditor, library.desk.audit_store(session), AuditFilter(), offset=0, limit=50)
    told = [(entry.subject, entry.detail) for entry in found.entries if entry.kind == Deed.THEME_CHANGED.value]
    assert told[::-1] == [
        ("theme:1", "虚构的专题：起草"), ("theme:1", "虚构的专题：草稿 → 已发布"), ("theme:1", "改过的：修改"),
    ]  # fmt: skip
    assert Page(signed_in(library, "auditor", Role.AUDITOR).get("/audit").text).says("改专题 专题 1")


def test_a_reader_keeps_no_theme(shelf: Library, keeper: FlaskClient) -> None:
    reader = signed_in(shelf, "reader", Role.READER)
    address = made(keeper, LIST)
    assert [reader.get(f"/themes/{path}").status_code for path in ("new", "1/edit")] == [403, 403]
    assert reader.get(address).status_code == 404
    for path in ("/themes/new", f"{address}/edit", f"{address}/state"):
        assert reader.post(path, data=LIST | {"version": "1", "state": "published"}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_the_database_as_often_however_long_it_is(tmp_path: Path, count: int) -> None:
    library = open_synced(tmp_path)
    keeper = signed_in(library, "publicity", Role.PUBLICITY)
    for n in range(count):
        made(keeper, LIST | {"title": f"单子{n}", "case_ids": PAIR}, "published")
    asked: list[str] = []
    event.listen(library.desk.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    guest = open_app(library).test_client()
    assert guest.get("/themes").text.count("card-title") == count
    assert len([statement for statement in asked if "theme" in statement]) == 1
