"""查案例: what is asked reaches the finder within bounds, and the page shows all of the answer."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from kb.bootstrap import Library
from kb.services.find_cases import CaseFinder, Question
from kb.web import create_app
from kb.web.find.addresses import Addresses, page_numbers
from kb.web.question import read_question
from search import QueryError
from tests.made_up import CASE
from tests.web.conftest import open_synced
from tests.web.made_up_folder import UNITS
from tests.web.page import Page

HOSTILE = [
    "*", "[TO", "(((", "a^9e9", "~99", "NOT", "的", "😀🚩", '"', "“”", "-", "- -", "\x00", "\ud7ff", "字" * 10_000,
    "<script>alert(1)</script>", "' OR 1=1 --", "title:*", "%ff", "\u202e倒", "a" * 10_000, "-软弱涣散", '"没有这句"',
]  # fmt: skip


def test_a_question_shows_words_cards_reasons_and_facets(client: FlaskClient) -> None:
    answer = client.get("/find?q=软弱涣散")
    page = Page(answer.text)
    assert page.says("已按「软弱涣散」检索。")
    assert page.says("找到 2 个案例")
    assert [words for level, words in page.headings if level == 3] == [
        "虚构镇用结对办法帮三个软弱涣散支部开起会来",
        "虚构村催报表催出一堆空台账的教训",
    ]
    assert page.says("为什么命中 “软弱涣散”见于标题")
    assert page.says("关键做法 摸底")
    assert page.says("怎么推广 有支部不开会的镇")
    assert page.says("怎么推广 教训只供对照，不推广")
    assert ("镇街 1 个", "/find?q=%E8%BD%AF%E5%BC%B1%E6%B6%A3%E6%95%A3&level=town") in [
        (words.strip(), link) for words, link in page.links
    ]


def test_the_way_past_the_filters_leads_to_the_heading_of_the_results(client: FlaskClient) -> None:
    text = client.get("/find?q=软弱涣散").text
    places = [text.index(words) for words in ('<a class="skip" href="#count">', '<aside class="facets', 'id="count"')]
    assert places == sorted(places)
    assert '<h2 id="count" class="count" tabindex="-1">' in text


def test_no_words_list_all_cases_newest_first(client: FlaskClient) -> None:
    page = Page(client.get("/find").text)
    assert page.says("没有写检索词，列出全部案例。")
    assert [words for level, words in page.headings if level == 3] == [
        "虚构村催报表催出一堆空台账的教训",
        "虚构镇用结对办法帮三个软弱涣散支部开起会来",
    ]
    assert not page.says("最相关")


NO_WORD = "这些字里没有可以检索的词"


@pytest.mark.parametrize(
    ("text", "said", "total"),
    [
        ("-台账", "只排除“台账”，列出其余案例。", 1),
        ("-台账 －不出现的", "只排除“台账”“不出现的”，列出其余案例。", 1),
        ("-软弱涣散", "只排除“软弱涣散”，没有其余的案例。", 0),
        ("-", f"{NO_WORD}，列出全部案例。", 2),
        ("软弱涣散 -", "已按「软弱涣散」检索。", 2),
    ],
)
def test_what_is_only_to_be_left_out_is_told_as_that_and_a_dash_alone_is_no_word(
    client: FlaskClient, text: str, said: str, total: int
) -> None:
    page = Page(client.get("/find", query_string={"q": text}).text)
    assert page.says(said) and page.says(NO_WORD) == (NO_WORD in said)
    assert page.says(f"找到 {total} 个案例")


def test_the_number_of_a_case_shows_that_case_and_asks_for_nothing_more(client: FlaskClient) -> None:
    page = client.get("/find", query_string={"q": "案例 000000-2020-01"}).text
    assert "找到 <strong>1</strong> 个案例" in page and "编号就是所写的" in page
    assert [told for told in ("像是这类问题", "没有合适的案例", "待征集问题</a>") if told in page] == []


def test_conditions_narrow_and_can_be_taken_away(client: FlaskClient) -> None:
    page = Page(client.get("/find?q=软弱涣散&kind=lesson&level=village").text)
    assert page.says("找到 1 个案例")
    chips = {words: parse_qs(urlsplit(link).query) for words, link in page.links if "去掉条件" in words}
    assert chips == {
        "去掉条件 层级：村社区×": {"q": ["软弱涣散"], "kind": ["lesson"]},
        "去掉条件 类型：教训×": {"q": ["软弱涣散"], "level": ["village"]},
    }
    assert page.says("筛选（2）")


def test_nothing_found_says_what_to_do_next(client: FlaskClient) -> None:
    page = Page(client.get("/find?q=支部没有人管zzz&kind=lesson&year=1999").text)
    assert page.says("没有找到合适的案例")
    links = dict(page.links)
    assert links["去掉筛选条件再查"].startswith("/find?q=")
    assert links["按问题找"] == "/problems"
    assert links["虚化弱化"] == "/problems/P1.1"


def test_cases_that_only_touch_the_question_come_after_saying_so_and_asking(client: FlaskClient) -> None:
    page = client.get("/find?q=支部食堂火锅").text
    order = [
        page.index(words)
        for words in ("没有找到完全对得上的案例", "提为待征集问题", "只沾边的案例", '<li class="card"')
    ]
    assert order == sorted(order) and page.count('class="offer"') == 1
    assert "没有找到完全对得上的案例" not in client.get("/find?q=支部").text + client.get("/find").text


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_gives_a_page(client: FlaskClient, text: str) -> None:
    answer = client.get("/find", query_string={"q": text})
    assert answer.status_code in (200, 400)
    page = Page(answer.text)
    assert page.unclosed == []
    assert "<script>alert" not in answer.text
    assert len(answer.data) < 1_500_000


@pytest.mark.parametrize("page", ["-1", "0", "1", "2", "10", str(10**18), "1e3", "١", "<b>", "", "9" * 5000])
def test_a_page_number_is_clamped(client: FlaskClient, page: str) -> None:
    answer = client.get("/find", query_string={"page": page, "size": str(10**6)})
    assert answer.status_code == 200
    assert Page(answer.text).says("找到 2 个案例")
    assert answer.text.count('<li class="card"') == 2


@pytest.mark.parametrize("name", ["problem", "field", "level", "unit", "kind", "year", "order", "nosuch"])
@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "\x00", "' OR 1=1", "x" * 5000, "", "..", "P5.1"])
def test_unknown_conditions_are_shown_as_text_or_passed_over(client: FlaskClient, name: str, value: str) -> None:
    answer = client.get("/find", query_string={name: [value] * 50})
    assert answer.status_code == 200
    assert Page(answer.text).unclosed == []
    assert "<script>alert" not in answer.text


def test_a_question_is_read_within_bounds() -> None:
    args = MultiDict([("q", " 党\n建\x00 "), ("level", "town"), ("level", "town"), ("level", "city"), ("order", "id"),
                      ("unit", "x" * 61), ("page", "3"), ("evil", "1")])  # fmt: skip
    assert read_question(args) == Question("党 建", {"level": ("town", "city")}, "id", 3)
    assert read_question(MultiDict({"order": "relevance"})) == Question("", {}, "-year", 1)
    assert read_question(MultiDict({"q": "党", "order": "rm -rf"})) == Question("党", {}, "relevance", 1)
    assert len(read_question(MultiDict({"q": "字" * 9999})).text) == 2000


def test_a_long_text_is_cut_and_the_page_says_so(client: FlaskClient) -> None:
    assert "只用了前 2000 字检索" in client.get("/find", query_string={"q": "支部开会" * 501}).text
    assert "只用了前" not in client.get("/find", query_string={"q": "支部开会" * 500}).text


def test_a_query_error_stands_on_the_find_page_with_the_words_in_the_box(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise QueryError("引号套叠过多")

    monkeypatch.setattr(CaseFinder, "find", refuse)
    answer = create_app(library).test_client().get("/find?q=<i>难题")
    assert answer.status_code == 400
    assert Page(answer.text).says("没能检索： 引号套叠过多")
    assert re.search(r'<input id="q"[^>]*value="&lt;i&gt;难题"', answer.text)


def test_addresses_change_one_thing_and_start_at_page_one() -> None:
    addresses = Addresses("/find", Question("党 建", {"level": ("town",)}, "id", 4))
    assert addresses.page(5) == "/find?q=%E5%85%9A+%E5%BB%BA&level=town&order=id&page=5"
    assert addresses.order("relevance") == "/find?q=%E5%85%9A+%E5%BB%BA&level=town"
    assert addresses.toggle("level", "town") == "/find?q=%E5%85%9A+%E5%BB%BA&order=id"
    assert addresses.toggle("level", "city") == "/find?q=%E5%85%9A+%E5%BB%BA&level=town&level=city&order=id"
    assert addresses.without_conditions() == "/find?q=%E5%85%9A+%E5%BB%BA&order=id"
    assert Addresses("/find", Question("", {}, "-year")).order("-year") == "/find"


@pytest.mark.parametrize(
    ("current", "last", "shown"),
    [
        (1, 1, (1,)),
        (1, 3, (1, 2, 3)),
        (5, 9, (1, 0, 3, 4, 5, 6, 7, 0, 9)),
        (9, 9, (1, 0, 7, 8, 9)),
        (2, 99, (1, 2, 3, 4, 0, 99)),
    ],
)
def test_page_numbers_show_both_ends_and_the_neighbourhood(current: int, last: int, shown: tuple[int, ...]) -> None:
    assert page_numbers(current, last) == shown


def test_of_many_units_the_page_lists_thirty_and_those_chosen(tmp_path: Path) -> None:
    names = sorted(f"虚构第{first}{second}镇党委" for first in "甲乙丙丁" for second in "子丑寅卯辰巳午未申酉")
    rows = "".join(f'  - {{label: {name}, region: "000000", level: 镇街}}\n' for name in names)
    cases = {
        f"cases/000000-2022-{number:02}.md": CASE.replace("id: 000000-2020-01", f"id: 000000-2022-{number:02}").replace(
            "unit: 虚构镇党委", f"unit: {name}"
        )
        for number, name in enumerate(names, start=1)
    }
    library = open_synced(tmp_path, {"taxonomy/units.yaml": UNITS + rows, **cases})
    with create_app(library).test_client() as client:
        text = client.get("/find?q=支部").text
        assert "只列前 30 项" in text
        assert [name for name in (names[28], names[29]) if f'facet-label">{name}</span>' in text] == [names[28]]
        assert f'facet-label">{names[39]}</span>' in client.get(f"/find?q=支部&unit={names[39]}").text
