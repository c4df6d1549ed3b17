"""查案例 on the in-memory twins: labels, facets, reasons, what is offered when nothing fits."""

from dataclasses import replace

import pytest

from kb.database.catalogue import SqlCatalogue
from kb.services.find_cases import CaseFinder, Question
from kb.services.index_document import SCHEMA
from kb.services.propose_types import nearest_problems
from search import Analyser, IndexMissing, Request, Results
from search.engines.memory import MemoryEngine
from tests.made_up import CASE, FILES, REFERENCE, TAXONOMY
from tests.services.memory_shelf import Shelf, build_catalogue, build_shelf

SECOND = (
    CASE.replace("000000-2020-01", "000000-2020-02")
    .replace("虚构镇用结对办法帮三个软弱涣散支部开起会来", "虚构镇用公示栏让支部的责任不再写在纸上")
    .replace("level: 镇街", "level: 村社区")
    .replace("start: 2019-01", "start: 2018")
)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    files = {**FILES, "cases/000000-2020-02.md": SECOND}
    return build_shelf(REFERENCE, files, Analyser(["软弱涣散"], [("软弱涣散", "后进整顿")]))


@pytest.fixture(scope="module")
def catalogue(shelf: Shelf) -> SqlCatalogue:
    return shelf.catalogue


@pytest.fixture(scope="module")
def finder(shelf: Shelf) -> CaseFinder:
    return CaseFinder(*shelf, REFERENCE)


def ids(finder: CaseFinder, text: str, **chosen: tuple[str, ...]) -> list[str]:
    return [hit.card.id for hit in finder.find(Question(text, chosen)).hits]


@pytest.mark.parametrize(
    "text", ["000000-2020-02", "案例 000000-2020-02", "（编号：000000-2020-02）", "No. 000000-2020-02。"]
)
def test_the_number_of_a_case_finds_that_case(finder: CaseFinder, text: str) -> None:
    answer = finder.find(Question(text))
    found = [(hit.card.id, hit.why) for hit in answer.hits]
    assert (answer.total, found, answer.words) == (1, [("000000-2020-02", "编号就是所写的")], ("000000-2020-02",))
    assert (answer.is_loose, answer.relaxed, answer.has_words) == (False, None, True)


def test_numbers_come_in_the_order_written_a_page_at_a_time(finder: CaseFinder) -> None:
    question = Question("000000-2020-02、000000-2020-01、000000-2020-02、999999-2020-01", size=1)
    pages = [finder.find(replace(question, page=page)) for page in (1, 2, 3)]
    assert [[hit.card.id for hit in answer.hits] for answer in pages] == [["000000-2020-02"], ["000000-2020-01"], []]
    assert [answer.total for answer in pages] == [2, 2, 2]


def test_a_number_no_case_has_or_with_other_words_is_searched_as_words_are(finder: CaseFinder) -> None:
    for text in ("999999-2020-01", "000000-2020-02 公示栏", "-000000-2020-02", "－000000-2020-02"):
        assert all(hit.why != "编号就是所写的" for hit in finder.find(Question(text)).hits)
    chosen = finder.find(Question("000000-2020-02", {"level": ("town",)}))
    assert all(hit.why != "编号就是所写的" for hit in chosen.hits)


def test_the_number_of_a_case_one_does_not_see_finds_nothing_of_it(shelf: Shelf) -> None:
    hidden = SECOND.replace("000000-2020-02", "000000-2020-03").replace("visibility: 公开", "visibility: 系统内")
    catalogue = build_catalogue(REFERENCE, {**FILES, "cases/000000-2020-03.md": hidden})
    finder = CaseFinder(shelf.engine, catalogue, REFERENCE)
    both = finder.find(Question("000000-2020-01、000000-2020-03"))
    assert ([hit.card.id for hit in both.hits], both.total, both.words) == (["000000-2020-01"], 1, ("000000-2020-01",))
    assert all(hit.why != "编号就是所写的" for hit in finder.find(Question("000000-2020-03")).hits)


def test_a_hit_says_what_it_is_and_why(finder: CaseFinder) -> None:
    answer = finder.find(Question("公示栏"))
    hit = answer.hits[0]
    assert (answer.total, hit.card.id, hit.mechanism, hit.card.problem) == (
        1,
        "000000-2020-02",
        "干部与支部结对",
        "软弱涣散",
    )
    assert (hit.card.level, hit.card.field, hit.card.year) == ("村社区", "农村", "2018")
    assert hit.why == "“公示栏”见于标题"
    assert (
        "".join(f"[{s.text}]" if s.is_match else s.text for s in hit.title)
        == "虚构镇用[公示栏]让支部的责任不再写在纸上"
    )


def test_facets_hide_what_has_one_value_and_count_without_their_own_choice(finder: CaseFinder) -> None:
    answer = finder.find(Question("支部", {"level": ("town",)}))
    assert answer.total == 1
    assert [(f.name, [(v.label, v.count, v.is_chosen) for v in f.values]) for f in answer.facets] == [
        ("level", [("镇街", 1, True), ("村社区", 1, False)])
    ]


def test_years_are_newest_first(finder: CaseFinder) -> None:
    years = next(facet for facet in finder.find(Question("")).facets if facet.name == "year")
    assert [value.id for value in years.values] == ["2019", "2018"]


def test_an_empty_question_lists_everything(finder: CaseFinder) -> None:
    assert sorted(ids(finder, "")) == ["000000-2020-01", "000000-2020-02"]


def test_an_alias_is_named_in_the_reason(finder: CaseFinder) -> None:
    why = finder.find(Question("后进整顿")).hits[0].why
    assert "后进整顿" in why


def test_nothing_found_offers_the_nearest_problem_types(finder: CaseFinder) -> None:
    answer = finder.find(Question("責任没人管", {"year": ("1999",)}))
    assert (answer.total, answer.hits) == (0, ())
    assert [problem.id for problem in answer.nearest] == ["P1.1"]


@pytest.mark.parametrize(("page", "size"), [(-1, 10), (0, 10), (10**18, 10), (1, 10**6), (1, -5)])
def test_page_and_size_are_clamped(finder: CaseFinder, page: int, size: int) -> None:
    question = finder.find(Question("支部", page=page, size=size)).question
    assert 1 <= question.page <= 1000 and 1 <= question.size <= 100


def test_unknown_facets_and_orders_are_passed_over(finder: CaseFinder) -> None:
    question = finder.find(Question("支部", {"nothing": ("x",)}, order="DROP TABLE")).question
    assert (question.chosen, question.order) == ({}, "relevance")


def test_near_cases_are_counted_whatever_the_page_size_and_come_after_the_matches(finder: CaseFinder) -> None:
    pages = [finder.find(Question("虚构镇 公示栏 结对", page=page, size=1)) for page in (1, 2, 3)]
    assert [[hit.card.id for hit in page.hits] for page in pages] == [["000000-2020-02"], ["000000-2020-01"], []]
    assert [page.total for page in pages] == [2, 2, 2]
    assert finder.find(Question("虚构镇 公示栏 结对")).total == 2
    assert pages[1].hits[0].why.startswith("意思相近：“")


def test_two_words_in_a_long_question_tell_a_problem_and_a_quoted_one_does_not(finder: CaseFinder) -> None:
    assert [hit.card.id for hit in finder.find(Question("软弱涣散支部公示栏")).hits] == [
        "000000-2020-02",
        "000000-2020-01",
    ]
    assert [hit.card.id for hit in finder.find(Question("公示栏")).hits] == ["000000-2020-02"]
    assert [hit.card.id for hit in finder.find(Question("“公示栏让支部的责任”")).hits] == ["000000-2020-02"]


def test_near_twins_stand_once_with_the_other_named(finder: CaseFinder) -> None:
    answer = finder.find(Question("结对"))
    assert [(hit.card.id, [twin.id for twin in hit.twins]) for hit in answer.hits] == [
        ("000000-2020-01", ["000000-2020-02"])
    ]
    assert answer.total == 2


def test_a_search_without_words_names_none_but_says_why(finder: CaseFinder) -> None:
    assert [hit.why for hit in finder.find(Question("-公示栏")).hits] == ["符合所写的条件"]
    assert {hit.why for hit in finder.find(Question("")).hits} == {""}


def test_the_notice_tells_what_was_relaxed_and_that_near_cases_follow(finder: CaseFinder) -> None:
    def told(text: str) -> str | None:
        return finder.find(Question(text)).relaxed

    assert told("公示 结对 潜艇 火箭") == (
        "没有同时包含全部词语的案例，以下案例包含其中至少一半。这样的案例只有 1 个，其后是意思相近的案例。"
    )
    assert told("虚构镇 公示 结对") == "与这些词语相符的案例只有 1 个，其后是意思相近的案例。"
    assert told("结对 潜艇 火箭 冰川") == "没有包含多数词语的案例，以下案例只有个别词语或字相符。"
    assert told("结对子") == "没有包含这些词语的案例，以下案例仅有部分字相符。"
    assert told("结对") is None


class DamagedEngine(MemoryEngine):
    """An engine whose index cannot be read."""

    def search(self, request: Request) -> Results:
        raise IndexMissing("尚未建立索引")


def test_while_the_index_cannot_be_read_titles_answer_within_the_conditions(catalogue: SqlCatalogue) -> None:
    finder = CaseFinder(DamagedEngine(SCHEMA, Analyser()), catalogue, REFERENCE, on_fault=lambda fault: None)
    assert [finder.find(Question("支部", chosen)).total for chosen in ({}, {"level": ("town",)}, {"year": ("1999",)})] == [
        2, 1, 0,
    ]  # fmt: skip
    answer = finder.find(Question("公示栏", {"level": ("village",)}))
    assert [(hit.card.id, hit.why) for hit in answer.hits] == [("000000-2020-02", "标题与所写的字相近")]


def test_hits_far_below_the_best_one_are_told_apart_on_the_first_page_by_relevance(finder: CaseFinder) -> None:
    answer = finder.find(Question("结对"))
    scores = [answer.hits[0]._replace(score=score) for score in (9.0, 5.0, 2.6, 1.0)]
    assert replace(answer, hits=tuple(scores)).weak_from == 2
    assert replace(answer, hits=tuple(scores[:2])).weak_from is None
    assert replace(answer, hits=tuple(scores), question=Question("结对", order="-year")).weak_from is None
    assert replace(answer, hits=tuple(scores), question=Question("结对", page=2)).weak_from is None


def test_nearest_problems_of_unrelated_words_are_none() -> None:
    assert nearest_problems("xyz", TAXONOMY) == ()
