"""采用: 采用这个机制 → 试行 → 落地 → another unit confirms → case, mechanism and lists say so. All made up."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from kb.bootstrap import Library
from kb.domain.accounts import Role
from tests.web.adopting import LANDED, SCHOOL, VILLAGE, People
from tests.web.made_up_folder import LESSON
from tests.web.page import Page
from tests.web.reviewing import SHIPPED, open_library

LESSON_ID = "000000-2021-02"
OTHER_VILLAGE = "虚构乙村党支部"
BUTTON = ("采用这个机制", f"/adoptions/new?mechanism=pair-up&case={SHIPPED}")


NUMBERS = count(1)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    made = open_library(tmp_path_factory.mktemp("adoptions"))
    yield made
    made.close()


@pytest.fixture
def people(library: Library) -> People:
    """On the one library, with a unit that adopted nothing so far."""
    return People(library, f"虚构{next(NUMBERS)}村党支部")


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[People]:
    """On a library in which nothing was adopted so far."""
    library = open_library(tmp_path)
    yield People(library)
    library.close()


def test_from_the_button_to_a_confirmed_landing_and_the_case_it_becomes(people: People) -> None:
    adopter = people.adopter
    page = Page(adopter.get(f"/cases/{SHIPPED}").text)
    assert BUTTON in page.links
    form = adopter.get(BUTTON[1]).text
    assert "有可派的干部" in form and f'<option value="{SHIPPED}" selected>' in form
    number = people.start(adopter, judged="有可派的干部")
    assert people.report(adopter, number, "trial", "2026-04-01") == 303
    assert people.report(adopter, number, "landed", "2026-09-01") == 400
    assert people.report(adopter, number, "landed", "2026-09-01", **LANDED) == 303
    assert Page(people.confirmer.get("/adoptions/waiting").text).says("本单位可以确认的")
    assert people.confirm(people.confirmer, number) == 303
    told = Page(adopter.get(f"/adoptions/{number}").text)
    assert told.says("✓ 已确认") and told.says("虚构学校党支部确认落地：看了会议记录")
    started = adopter.post(f"/adoptions/{number}/case", follow_redirects=True)
    assert started.status_code == 200
    for words in ("结对的人改为两名。", "不开会的支部", SCHOOL, f"推广台账第 {number} 号", 'value="2026-04-01"'):
        assert words in started.text, words
    assert Page(adopter.get(f"/adoptions/{number}").text).says("起草案例：")
    assert Page(adopter.get("/messages").text).says("你单位采用“干部与支部结对”，虚构学校党支部已确认落地。")


def grades(people: People) -> list[str]:
    """Of the case and of its mechanism, as guests see them."""
    pages = [people.guest.get(address).text for address in (f"/cases/{SHIPPED}", "/mechanisms/pair-up")]
    return [re.findall("<strong>(E[0-3])</strong>|最好的案例 (E[0-3])", page)[0] for page in pages]


def test_from_nothing_to_two_confirmed_units_as_guests_and_the_page_cache_see_it(alone: People) -> None:
    assert Page(alone.guest.get("/promotion").text).says("现在没有正在推广的机制")
    assert not alone.library.reviewing.has_kept
    first, second = (alone.of(unit, Role.EDITOR, unit) for unit in (OTHER_VILLAGE, "虚构丙村党支部"))
    assert Page(first.get("/adoptions").text).says("本单位还没有采用过机制")
    assert Page(first.get("/adoptions/ledger").text).says("台账里还没有采用")
    assert Page(first.get("/adoptions/waiting").text).says("现在没有")
    number = alone.land(first)
    addresses = (f"/cases/{SHIPPED}", "/mechanisms/pair-up", "/mechanisms", "/promotion", "/find")
    guest = alone.guest
    before = {address: guest.get(address).text for address in addresses}
    assert {address: guest.get(address).text for address in addresses} == before
    assert not any("个单位确认落地</span>" in text for text in before.values())
    assert grades(alone) == [("E0", ""), ("", "E0")]
    assert alone.confirm(alone.confirmer, number) == 303
    for address in addresses:
        text = guest.get(address).text
        assert Page(text).says("1 个单位确认落地") and Page(text).says("已推广"), address
        assert SCHOOL not in text and OTHER_VILLAGE not in text
    assert SCHOOL in first.get("/adoptions/ledger").text
    assert alone.confirm(alone.confirmer, alone.land(second)) == 303
    assert grades(alone) == [("E2", ""), ("", "E2")]


@pytest.mark.parametrize("who", ["adopter", "source"])
def test_neither_adopter_nor_source_confirms_and_is_told_why(people: People, who: str) -> None:
    number = people.land(people.adopter)
    client = getattr(people, who)
    assert Page(client.get("/adoptions/waiting").text).says("本单位不能确认的")
    assert people.confirm(client, number) == 400
    assert "不能确认" in client.get(f"/adoptions/{number}").text
    assert not Page(client.get(f"/adoptions/{number}").text).says("✓ 已确认")


@pytest.mark.parametrize("case_id", [SHIPPED, ""], ids=["of the case", "of the mechanism alone"])
def test_the_unit_of_an_archived_source_case_does_not_confirm_either(alone: People, case_id: str) -> None:
    adopter = People(alone.library, OTHER_VILLAGE).adopter
    number = alone.land(adopter, case=case_id)
    archived = alone.steward.post(f"/revisions/{SHIPPED}/archive", data={"reason": "虚构的原因"})
    assert archived.status_code == 303 and alone.guest.get(f"/cases/{SHIPPED}").status_code == 404
    assert alone.confirm(alone.source, number) == 400
    assert Page(alone.source.get("/adoptions/waiting").text).says("案例的来源单位不能确认对它的采用。")
    assert alone.confirm(alone.confirmer, number) == 303


def test_a_lesson_has_no_button_and_is_refused(people: People) -> None:
    adopter = people.adopter
    assert all(label != "采用这个机制" for label, _ in Page(adopter.get(f"/cases/{LESSON_ID}").text).links)
    assert "kind: 教训" in LESSON
    for address in (
        f"/adoptions/new?mechanism=pair-up&case={LESSON_ID}",
        f"/plans/new?mechanism=pair-up&case={LESSON_ID}",
    ):
        client = people.steward if address.startswith("/plans") else adopter
        assert client.get(address).status_code == 400
    form = {"mechanism": "pair-up", "case": LESSON_ID, "stage": "intended", "on": "2026-03-01"}
    assert adopter.post("/adoptions/new", data=form).status_code == 400
    assert Page(people.source.get(f"/cases/{SHIPPED}").text).links.count(BUTTON) == 0


def test_two_who_report_at_once_lose_nothing(people: People) -> None:
    adopter = people.adopter
    number = people.start(adopter)
    form = {"version": "1", "stage": "trial", "on": "2026-04-01", "changes": "先写的改动"}
    assert adopter.post(f"/adoptions/{number}", data=form).status_code == 303
    late = adopter.post(f"/adoptions/{number}", data={**form, "changes": "后写的改动"})
    assert late.status_code == 409
    assert "后写的改动" in late.text and "先写的改动" in late.text and "本单位有人刚改过" in late.text


def test_a_wrong_report_is_told_and_everything_written_stands_there_again(people: People) -> None:
    adopter = people.adopter
    number = people.start(adopter)
    form = {"version": "1", "stage": "trial", "on": "2026-01-01", **LANDED}
    answer = adopter.post(f"/adoptions/{number}", data=form)
    assert answer.status_code == 400 and "日期早于“拟学”的日期 2026-03-01" in answer.text
    for words in ("结对的人改为两名。", "虚构的结对台账", 'value="不开会的支部"', 'value="2026-01-01"'):
        assert words in answer.text, words
    nothing = adopter.post(f"/adoptions/{number}", data={"version": "1", **LANDED})
    assert nothing.status_code == 400 and "没有选这次报什么" in nothing.text


def test_a_report_is_taken_back_and_a_confirmation_is_too(people: People) -> None:
    adopter, confirmer = people.adopter, people.confirmer
    number = people.land(adopter)
    assert people.confirm(confirmer, number) == 303
    given = {"version": people.version_of(number), "reason": "报早了"}
    assert adopter.post(f"/adoptions/{number}/take-back", data=given).status_code == 400
    assert adopter.post(f"/adoptions/{number}/unconfirm", data=given).status_code == 403
    fixed = "成效数据和凭据是虚构学校党支部核实过的，不能再改；要改，先请它撤回确认。"
    assert Page(adopter.get(f"/adoptions/{number}").text).says(fixed)
    refused = confirmer.post(f"/adoptions/{number}/unconfirm", data={**given, "reason": "长" * 501})
    assert (refused.status_code, f'value="{"长" * 501}"' in refused.text) == (400, True)
    assert confirmer.post(f"/adoptions/{number}/unconfirm", data=given).status_code == 303
    given["version"] = people.version_of(number)
    assert adopter.post(f"/adoptions/{number}/take-back", data=given).status_code == 303
    page = Page(adopter.get(f"/adoptions/{number}").text)
    assert page.says("落地 → 试行：报早了") and page.says("虚构学校党支部撤回确认：报早了")
    assert not page.says("✓ 已确认")


def test_only_the_unit_s_editor_makes_a_case_of_it_and_only_once_confirmed(people: People) -> None:
    number = people.land(people.adopter)
    assert people.adopter.post(f"/adoptions/{number}/case").status_code == 400
    people.confirm(people.confirmer, number)
    assert people.source.post(f"/adoptions/{number}/case").status_code == 403
    assert people.confirmer.post(f"/adoptions/{number}/case").status_code == 403


SEES = {"own": 200, "other unit": 200, "reviewer": 200, "steward": 200, "guest": 303}
"""Of what was reported."""
SEES_DRAFT = {"own": 200, "other unit": 404, "reviewer": 404, "steward": 200, "guest": 303}
CHANGES = {"own": 400, "other unit": 403, "reviewer": 403, "steward": 403, "guest": 403}
CHANGES_DRAFT = {"own": 400, "other unit": 404, "reviewer": 404, "steward": 403, "guest": 403}


def test_who_sees_and_changes_reported_ones_and_drafts(people: People) -> None:
    clients = {
        "own": people.adopter,
        "other unit": people.confirmer,
        "reviewer": people.of("reviewer", Role.REVIEWER, people.unit),
        "steward": people.steward,
        "guest": people.guest,
    }
    number = people.start(people.adopter, stage="same")
    for sees, changes in ((SEES_DRAFT, CHANGES_DRAFT), (SEES, CHANGES)):
        found = {who: client.get(f"/adoptions/{number}").status_code for who, client in clients.items()}
        assert found == sees
        for deed in ("", "/take-back"):
            address, form = f"/adoptions/{number}{deed}", {"version": people.version_of(number)}
            found = {who: client.post(address, data=form).status_code for who, client in clients.items()}
            assert found == changes, deed
        people.report(people.adopter, number, "intended", "2026-03-01")


def test_the_ledger_is_filtered_and_counts_no_draft_of_others(people: People) -> None:
    def total(client: FlaskClient, query: str = "") -> str:
        text = client.get(f"/adoptions/ledger?unit={people.unit}{query}").text
        return text.partition("共 <strong>")[2].partition("<")[0]

    everybody = (people.adopter, people.confirmer, people.steward)
    number = people.start(people.adopter, stage="same")
    assert [total(client) for client in everybody] == ["1", "0", "1"]
    for page in ("/adoptions/ledger", "/adoptions/new?mechanism=pair-up", "/help/editor", "/help/reader"):
        assert Page(people.adopter.get(page).text).says("只有本单位和管推广的人看得到"), page
    people.report(people.adopter, number, "intended", "2026-03-01")
    assert [total(client) for client in everybody] == ["1", "1", "1"]
    assert total(people.confirmer, "&stage=intended&year=2026&mechanism=pair-up") == "1"
    for query in ("&stage=trial", "&year=2025", "&mechanism=other", "&plan=7"):
        answer = people.confirmer.get(f"/adoptions/ledger?unit={people.unit}{query}")
        assert Page(answer.text).says("没有符合条件的采用"), query
    past_the_end = people.confirmer.get(f"/adoptions/ledger?unit={people.unit}&page=7").text
    assert f"/adoptions/{number}" in past_the_end and "没有符合条件" not in past_the_end
    assert people.confirmer.get("/adoptions/ledger?page=99999999999999999&year=%00&plan=x").status_code == 200


def count_queries(library: Library, ask: Callable[[], object]) -> int:
    """Questions to the kept database while a page is made."""
    asked: list[str] = []
    engine = library.desk.engine

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)


QUERIES = {
    "/adoptions": 6,
    "/adoptions/ledger": 7,
    "/adoptions/waiting": 5,
    "/plans": 6,
    "/promotion": 6,
    "/supervision": 7,
}


def test_lists_ask_as_often_for_three_rows_as_for_one(alone: People) -> None:
    def asked() -> dict[str, int]:
        found = {}
        for address in QUERIES:
            client = alone.steward if address in ("/plans", "/promotion", "/supervision") else alone.confirmer
            client.get(address)
            found[address] = count_queries(alone.library, partial(client.get, address))
        return found

    def add(unit: str) -> None:
        client = alone.of(f"editor of {unit}", Role.EDITOR, unit)
        number = alone.land(client)
        plan = alone.plan(title=f"虚构的计划 {unit}")
        form = {"kind": "supervision", "title": "虚构的事", "responsible": "虚构科室", "due_on": "2026-12-01"}
        assert alone.steward.post("/supervision/new", data={**form, "plan": str(plan)}).status_code == 303
        assert alone.steward.post("/supervision/new", data={**form, "adoption": str(number)}).status_code == 303

    add(VILLAGE)
    assert asked() == QUERIES
    add(OTHER_VILLAGE)
    add("虚构丙村党支部")
    assert asked() == QUERIES
