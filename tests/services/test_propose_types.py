"""Types on a made-up shelf of six cases: each sentence of a mixed text speaks for its own, none for what it does not tell."""

from dataclasses import replace

import pytest

from kb.database.catalogue import SqlCatalogue
from kb.domain.check_case import References
from kb.domain.taxonomy import ProblemType, Taxonomy
from kb.services.describe_problem import describe_problem
from kb.services.find_cases import CaseFinder
from kb.services.index_document import SCHEMA
from kb.services.propose_types import TypeProposer, find_telling_sentence
from search import Analyser, IndexMissing, Request, Results
from search.engines.memory import MemoryEngine
from tests.made_up import CASE, MECHANISM, RECORD, REFERENCE, TAXONOMY
from tests.services.memory_shelf import Shelf, build_shelf

STORIES = {
    "P1.1": "外出务工的流动党员联系不上，组织关系没有转接，过年才见一面。",
    "P1.2": "报表台账太多，村干部忙着填表，迎检的本子堆满了柜子。",
    "P1.3": "村民私自建房占了耕地，乡镇没有执法权，吹哨以后部门才到场。",
    "P1.4": "集体没有收入，几个山村入股买厂房收租，年底分红。",
    "P1.5": "企业挂牌以后不活动，派指导员上门帮着转起来。",
    "P1.6": "老旧小区没有物业，停车位不够，居民自己议事来定。",
}
"""A type of a made-up taxonomy, and what its one case tells."""
NAMES = dict(zip(STORIES, ("流动", "减负", "执法", "增收", "空转", "停车"), strict=True))
TYPES = {id: ProblemType(id, name, "P1", (), f"{name}的难处。", ()) for id, name in NAMES.items()}
SHELF = replace(
    REFERENCE,
    references=References(
        Taxonomy({"P1": ProblemType("P1", "各样问题"), **TYPES}, {}, TAXONOMY.units, TAXONOMY.indicators),
        {"made-up": RECORD},
        {"pair-up": tuple(STORIES)},
    ),
)
TITLE = "虚构镇用结对办法帮三个软弱涣散支部开起会来"
SUMMARY = "虚构镇有支部长期不开会。镇党委派人与支部结对，逐月帮助，把支部的会开起来，把办法写成制度。"
SITUATION = "虚构镇有 3 个支部两年没有开会〔一〕，党员不知道支部在做什么，村里的事也没有人商量，群众意见很多。"
MIXED = (
    "我们村党员外出务工联系不上。上面报表多，干部忙着填表。有人私自建房，没有执法权叫不来部门。"
    "集体没有收入想买厂房收租。企业挂牌以后不活动。"
)


def told(place: int, problem: str, story: str) -> str:
    return (
        CASE.replace("000000-2020-01", f"000000-2020-0{place}")
        .replace(TITLE, f"虚构镇的一件事，{story.rstrip('。')}")
        .replace(SUMMARY, story)
        .replace(SITUATION, story * 2)
        .replace("problem: P5.1", f"problem: {problem}")
    )


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    cases = {f"cases/000000-2020-0{n}.md": told(n, *pair) for n, pair in enumerate(STORIES.items(), 1)}
    mechanism = MECHANISM.replace("solves: [P5.1]", "solves: [P1.1, P1.2, P1.3, P1.4, P1.5, P1.6]")
    return build_shelf(SHELF, {**cases, "mechanisms/pair-up.md": mechanism})


@pytest.fixture(scope="module")
def catalogue(shelf: Shelf) -> SqlCatalogue:
    return shelf.catalogue


@pytest.fixture(scope="module")
def engine(shelf: Shelf) -> MemoryEngine:
    return shelf.engine


@pytest.fixture
def proposer(engine: MemoryEngine, catalogue: SqlCatalogue) -> TypeProposer:
    return TypeProposer(engine, catalogue, SHELF)


def test_a_text_of_five_problems_gets_five_types_each_by_its_own_sentence(proposer: TypeProposer) -> None:
    said = {proposal.problem.id: proposal.sentence for proposal in proposer.propose(MIXED)}
    assert said == {
        "P1.1": "我们村党员外出务工联系不上。",
        "P1.2": "上面报表多，干部忙着填表。",
        "P1.3": "有人私自建房，没有执法权叫不来部门。",
        "P1.4": "集体没有收入想买厂房收租。",
        "P1.5": "企业挂牌以后不活动。",
    }


def test_a_text_of_one_problem_gets_that_type_first_and_surest(proposer: TypeProposer) -> None:
    first, *others = proposer.propose("老旧小区没有物业，车没有停车位，居民吵了好几年。")
    assert (first.problem.id, first.confidence) == ("P1.6", "很像")
    assert all(other.share < first.share for other in others)


def test_a_short_text_is_a_question_and_gets_no_type(proposer: TypeProposer) -> None:
    assert proposer.propose("停车位不够") == ()


def test_while_the_index_cannot_be_read_the_words_of_the_types_speak(catalogue: SqlCatalogue) -> None:
    class DamagedEngine(MemoryEngine):
        def search(self, request: Request) -> Results:
            raise IndexMissing("尚未建立索引")

    proposals = TypeProposer(DamagedEngine(SCHEMA, Analyser()), catalogue, SHELF).propose(
        "这里停车的难处年年有人来说。"
    )
    assert proposals[0].problem.id == "P1.6"


def test_every_proposed_type_has_a_case_and_every_sentence_fits_its_case(
    engine: MemoryEngine, catalogue: SqlCatalogue, proposer: TypeProposer
) -> None:
    described = describe_problem(MIXED, CaseFinder(engine, catalogue, SHELF), proposer, catalogue)
    sentences = {case.found.card.problem_id: case.sentence for case in described.cases}
    assert {proposal.problem.id for proposal in described.proposals} <= sentences.keys()
    assert sentences["P1.3"] == "有人私自建房，没有执法权叫不来部门。"
    assert sentences.get("P1.6", "") == ""


def test_no_sentence_is_tied_to_words_it_shares_next_to_nothing_with() -> None:
    text = "小区里停车位不够，邻居天天为这个吵。老人在楼下晒太阳。"
    assert find_telling_sentence(text, ["停车位不够的老旧小区"]) == "小区里停车位不够，邻居天天为这个吵。"
    assert find_telling_sentence(text, ["村集体入股买厂房收租分红"]) == ""
    assert find_telling_sentence("", ["停车"]) == find_telling_sentence("停车", []) == ""
