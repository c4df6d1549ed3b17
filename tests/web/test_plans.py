"""推广计划 and 督导: drafted from the mechanism, put in force, followed, withdrawn; step by step, nothing changed after. Made up."""

from collections.abc import Iterator

import pytest

from kb.bootstrap import Library
from kb.database.unit_sheets import SqlUnitSheets
from kb.domain.accounts import Role
from kb.domain.unit_sheet import UnitSheet
from tests.exports.word_file import WordFile
from tests.web.adopting import PLAN, SCHOOL, VILLAGE, People
from tests.web.page import Page
from tests.web.reviewing import SHIPPED, open_library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    made = open_library(tmp_path_factory.mktemp("plans"))
    yield made
    made.close()


@pytest.fixture
def people(library: Library) -> People:
    return People(library)


def test_a_plan_is_drafted_from_its_mechanism_and_promotes_once_it_is_in_force(people: People) -> None:
    steward, guest, adopter = people.steward, people.guest, people.adopter
    assert ("拟订推广计划", f"/plans/new?mechanism=pair-up&case={SHIPPED}") in Page(
        steward.get(f"/cases/{SHIPPED}").text
    ).links
    form = steward.get("/plans/new?mechanism=pair-up").text
    assert "逐月到场</textarea>" in form and "结对的人数</textarea>" in form and "“干部与支部结对”推广计划" in form
    number = people.plan(in_force=False)
    assert not Page(guest.get(f"/cases/{SHIPPED}").text).says("推广中")
    assert people.confirmer.get(f"/plans/{number}").status_code == 404
    moved = steward.post(f"/plans/{number}/state", data={"version": "1", "state": "in_force"})
    assert moved.status_code == 303
    for address in (f"/cases/{SHIPPED}", "/mechanisms/pair-up", "/", "/promotion"):
        assert Page(guest.get(address).text).says("推广中"), address
    assert Page(guest.get("/promotion").text).says("应采用 1 个单位，确认落地 0 个，报了的 0 个")
    assert Page(people.confirmer.get(f"/plans/{number}").text).says("应采用 1 个单位：还没有报 1")
    assert Page(adopter.get("/messages").text).says("推广计划“虚构的推广计划”已推出，你单位在内，2027年6月30日前完成。")
    assert Page(steward.get(f"/plans/{number}/edit").text).says("这份计划已经推出：改了必须照做")
    form = {**PLAN, "version": "2", "starts_on": "2026-11-25", "must_follow": "逐月到场\n按季通报"}
    for answerable in ("虚构科室", "虚构二科"):
        assert steward.post(f"/plans/{number}", data={**form, "answerable": answerable}).status_code == 303
        form["version"] = "3"
    told = adopter.get("/messages").text
    words = "推广计划“虚构的推广计划”改了必须照做，你单位在内，2027年6月30日前完成。请打开看必须照做的，按现在的办。"
    assert Page(told).says(words) and told.count("改了必须照做") == told.count("已推出")
    assigned = people.start(people.adopter, plan=str(number))
    page = Page(people.adopter.get(f"/adoptions/{assigned}").text)
    assert page.says("部署") and ("虚构的推广计划", f"/plans/{number}") in page.links
    shown = Page(people.confirmer.get(f"/plans/{number}").text)
    assert shown.says(f"{VILLAGE}●——拟学") or shown.says("拟学 1")
    word = people.confirmer.get(f"/plans/{number}.docx")
    text = "\n".join(text for _, text in WordFile(word.data).paragraphs())
    for words in ("虚构的推广计划", "逐月到场", "有可派的干部", VILLAGE, "拟学"):
        assert words in text, words
    ended = steward.post(f"/plans/{number}/state", data={"version": "4", "state": "ended"})
    assert ended.status_code == 303
    assert not Page(guest.get(f"/cases/{SHIPPED}").text).says("推广中")
    late = {"mechanism": "pair-up", "plan": str(number), "stage": "intended", "on": "2026-03-01"}
    assert people.confirmer.post("/adoptions/new", data=late).status_code == 400


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "名称要写"),
        ({"units": "没有的单位"}, "单位名册里没有“没有的单位”"),
        ({"target_on": "2026-02-30"}, "“完成日期”不是日历上的日期"),
        ({"starts_on": "2027-12-01"}, "完成日期早于开始日期"),
        ({"must_follow": "字" * 301}, "每行不超过 300 字"),
    ],
)
def test_a_wrong_plan_is_refused_and_stands_there_again(people: People, change: dict[str, str], words: str) -> None:
    answer = people.steward.post("/plans/new", data={**PLAN, "may_adapt": "虚构的可调整", **change})
    assert answer.status_code == 400 and words in answer.text and "虚构的可调整" in answer.text


def test_a_plan_without_scope_day_or_name_does_not_come_in_force(people: People) -> None:
    number = people.plan(in_force=False, levels="", target_on="", answerable="")
    answer = people.steward.post(f"/plans/{number}/state", data={"version": "1", "state": "in_force"})
    assert answer.status_code == 400
    for words in ("还没有定推广到哪些单位或层级", "还没有定完成日期", "还没有写由谁负责"):
        assert words in answer.text
    without = people.steward.post(f"/plans/{number}/state", data={"version": "1", "state": "withdrawn"})
    assert without.status_code == 400 and "还没有写为什么撤回" in without.text
    given = {"version": "1", "state": "withdrawn", "reason": "虚构的原因"}
    assert people.steward.post(f"/plans/{number}/state", data=given).status_code == 303
    assert people.steward.post(f"/plans/{number}", data={**PLAN, "version": "2"}).status_code == 400


def test_two_who_change_a_plan_at_once_lose_nothing(people: People) -> None:
    number = people.plan(in_force=False)
    form = {**PLAN, "version": "1"}
    assert people.steward.post(f"/plans/{number}", data={**form, "answerable": "先写的科室"}).status_code == 303
    late = people.steward.post(f"/plans/{number}", data={**form, "answerable": "后写的科室", "title": "后写的名称"})
    assert late.status_code == 409 and "后写的科室" in late.text and 'name="version" value="2"' in late.text


def test_a_matter_goes_through_its_steps_and_what_was_noted_stays(people: People) -> None:
    steward = people.steward
    plan = people.plan()
    assert ("立项督办", f"/supervision/new?plan={plan}") in Page(steward.get(f"/plans/{plan}").text).links
    form = {
        "plan": str(plan),
        "kind": "inspection",
        "title": "虚构的事",
        "responsible": "虚构科室",
        "due_on": "2026-11-01",
    }
    wrong = steward.post("/supervision/new", data={**form, "due_on": "11月", "title": ""})
    assert wrong.status_code == 400 and "期限要写成日历上的日期" in wrong.text and 'value="虚构科室"' in wrong.text
    answer = steward.post("/supervision/new", data=form)
    address = answer.headers["Location"]
    assert Page(steward.get("/supervision").text).says("2026年11月1日 逾期")
    steps = ("分解立项", "台账督办", "督查报告", "督查催报", "回访复核")
    for version, step in enumerate(steps, start=1):
        assert f"办完了“{step}”" in steward.get(address).text
        done = {"version": str(version), "done_on": "2026-11-20", "note": f"{step}办了", "next_due_on": "2026-12-31"}
        assert steward.post(f"{address}/step", data=done).status_code == 303
    page = Page(steward.get(address).text)
    assert page.says("已办结") and all(page.says(f"{step}办了") for step in steps)
    assert (
        steward.post(f"{address}/step", data={"version": "6", "done_on": "2026-11-20", "note": "再办"}).status_code
        == 400
    )
    assert Page(steward.get("/supervision").text).says("5/5 已办结")


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"note": ""}, 400, "办得怎样要写"),
        ({"done_on": "2027-01-01"}, 400, "不能在今天以后"),
        ({"next_due_on": "明天"}, 400, "下一步的期限不是日历上的日期"),
        ({"version": "9"}, 409, "有人刚记过"),
    ],
)
def test_a_wrong_step_is_refused(people: People, change: dict[str, str], status: int, words: str) -> None:
    number = people.start(people.of("school", Role.READER, SCHOOL)) if change == {"note": ""} else 0
    form = {"kind": "supervision", "title": "虚构的事", "responsible": "虚构科室", "due_on": "2026-12-01"}
    subject = {"adoption": str(number)} if number else {"plan": str(people.plan())}
    address = people.steward.post("/supervision/new", data={**form, **subject}).headers["Location"]
    given = {"version": "1", "done_on": "2026-11-20", "note": "虚构的说明", **change}
    answer = people.steward.post(f"{address}/step", data=given)
    assert answer.status_code == status and words in answer.text


def test_nothing_is_supervised_that_is_no_plan_and_no_adoption(people: People) -> None:
    form = {"kind": "supervision", "title": "虚构的事", "responsible": "虚构科室", "due_on": "2026-12-01"}
    assert people.steward.post("/supervision/new", data=form).status_code == 400
    assert people.steward.post("/supervision/new", data={**form, "plan": "999"}).status_code == 404
    assert Page(people.steward.get("/supervision/new").text).says("还没有选督办什么")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            "?level=town&field=rural",
            ("做过的层级：镇街", "符合", "有先例", "有支部不开会的镇", "写到了本单位的层级“镇街”"),
        ),
        ("?level=village", ("还没有先例，不等于不能用", "不符合", "写的是镇街，本单位是村社区")),
        ("", ("要自己判断的", "没有填本单位的层级", "有可派的干部")),
    ],
)
def test_conditions_are_matched_line_by_line(people: People, query: str, words: tuple[str, ...]) -> None:
    page = Page(people.guest.get(f"/mechanisms/pair-up/match{query}").text)
    assert all(page.says(word) for word in words)


def test_the_level_is_known_of_somebody_signed_in(people: People) -> None:
    text = people.adopter.get("/mechanisms/pair-up/match").text
    assert '<option value="village" selected>' in text
    chosen = people.adopter.get("/adoptions/new?mechanism=pair-up&judged=有可派的干部&judged=不在其中").text
    assert 'value="有可派的干部" checked' in chosen and 'value="不在其中"' not in chosen


def test_what_the_unit_sheet_tells_is_known_too(people: People) -> None:
    fields = {"unit_kind": "村", "people": {"members": "37"}}
    with people.library.desk.writing() as session:
        assert SqlUnitSheets(session).put(UnitSheet(VILLAGE, fields))
    text = people.adopter.get("/mechanisms/pair-up/match").text
    assert 'value="rural" selected' in text and 'value="37"' in text
    assert 'value="37"' not in people.adopter.get("/mechanisms/pair-up/match?level=&field=&members=").text
