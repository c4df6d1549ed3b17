"""Similar cases, proposed types and suggestions on the in-memory twins."""

from dataclasses import replace

import pytest

from kb.services.find_similar import SimilarFinder
from kb.services.propose_types import TypeProposer
from kb.services.suggest import Suggestion, suggest
from search import Analyser
from tests.made_up import CASE, MECHANISM, REFERENCE
from tests.services.memory_shelf import Shelf, build_shelf

LEDGER = (
    CASE.replace("000000-2020-01", "000000-2020-02")
    .replace("title: 虚构镇用结对办法帮三个软弱涣散支部开起会来", "title: 虚构镇用台账逐条落实支部的责任清单")
    .replace("problem: P5.1", "problem: P1.1\nalso: [P5.1]")
    .replace("mechanism: pair-up", "mechanism: ledger")
    .replace("level: 镇街", "level: 村社区")
)
FILES = {
    "cases/000000-2020-01.md": CASE,
    "cases/000000-2020-02.md": LEDGER,
    "cases/000000-2020-03.md": CASE.replace("000000-2020-01", "000000-2020-03").replace(
        "三个软弱涣散支部", "五个涣散支部"
    ),
    "mechanisms/pair-up.md": MECHANISM,
    "mechanisms/ledger.md": MECHANISM.replace("pair-up", "ledger").replace("solves: [P5.1]", "solves: [P1.1]"),
}


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    solves = {"pair-up": ("P5.1",), "ledger": ("P1.1",)}
    reference = replace(REFERENCE, references=replace(REFERENCE.references, solves=solves))
    return build_shelf(reference, FILES, Analyser(["软弱涣散", "责任清单"]))


def test_similar_cases_come_nearest_first_with_why_and_in_what_they_differ(shelf: Shelf) -> None:
    entry = shelf.catalogue.find_case("000000-2020-01")
    assert entry is not None
    near = SimilarFinder(shelf.engine, shelf.catalogue, REFERENCE).similar_to(entry.case)
    assert [(one.card.id, one.differs) for one in near] == [
        ("000000-2020-03", ""),
        ("000000-2020-02", "层级是村社区，这里是镇街；首先解决的是“虚化弱化”"),
    ]
    assert near[0].why.startswith("形成同一个机制；同样要解决“软弱涣散”")
    assert near[1].why.startswith("同样要解决“软弱涣散”")


def test_words_of_much_of_the_library_and_bare_numbers_are_no_reason() -> None:
    files = {f"cases/000000-2020-0{n}.md": CASE.replace("000000-2020-01", f"000000-2020-0{n}") for n in range(1, 9)}
    for path in list(files)[:2]:
        files[path] = files[path].replace("title: 虚构镇用结对办法帮三个", "title: 虚构镇1200人照责任清单整治")
    eight = build_shelf(REFERENCE, {**files, "mechanisms/pair-up.md": MECHANISM}, Analyser(["软弱涣散", "责任清单"]))
    entry = eight.catalogue.find_case("000000-2020-01")
    assert entry is not None
    near = SimilarFinder(eight.engine, eight.catalogue, REFERENCE).similar_to(entry.case)
    same = "形成同一个机制；同样要解决“软弱涣散”"
    assert (near[0].card.id, [one.why for one in near]) == (
        "000000-2020-02",
        [f"{same}；都说到“责任清单”", *[same] * 3],
    )


def test_a_problem_of_both_that_comes_first_there_is_no_other_problem(shelf: Shelf) -> None:
    entry = shelf.catalogue.find_case("000000-2020-01")
    assert entry is not None
    also = replace(entry.case, also=("P1.1",))
    near = SimilarFinder(shelf.engine, shelf.catalogue, REFERENCE).similar_to(also)
    assert [one.differs for one in near if one.card.id == "000000-2020-02"] == [
        "层级是村社区，这里是镇街；“虚化弱化”在那里是首要问题"
    ]


def test_a_pasted_description_is_typed_with_the_sentence_that_says_so(shelf: Shelf) -> None:
    text = "村里有三个支部，书记都在外面。支部开不成会，也办不成事，党员两年没有见过面。"
    proposals = TypeProposer(shelf.engine, shelf.catalogue, REFERENCE).propose(text)
    assert proposals[0].problem.id == "P5.1"
    assert proposals[0].sentence == "支部开不成会，也办不成事，党员两年没有见过面。"
    assert all(0 < proposal.share <= 1 for proposal in proposals)
    assert proposals[0].confidence in ("很像", "较像")


def test_a_short_question_is_not_typed(shelf: Shelf) -> None:
    assert TypeProposer(shelf.engine, shelf.catalogue, REFERENCE).propose("软弱涣散") == ()


def test_suggestions_put_what_starts_with_the_text_first(shelf: Shelf) -> None:
    assert suggest("软弱", shelf.catalogue, REFERENCE) == (
        Suggestion("软弱涣散", "问题类型", "P5.1"),
        Suggestion("虚构镇用结对办法帮三个软弱涣散支部开起会来", "案例", "000000-2020-01"),
    )
    assert suggest("后进", shelf.catalogue, REFERENCE) == (Suggestion("软弱涣散", "问题类型", "P5.1"),)
    assert suggest("  ", shelf.catalogue, REFERENCE) == ()
    assert suggest("没有这样的词", shelf.catalogue, REFERENCE) == ()


def test_quotes_and_dashes_in_a_text_are_text(shelf: Shelf) -> None:
    entry = shelf.catalogue.find_case("000000-2020-01")
    assert entry is not None
    odd = replace(entry.case, title="“结对”办法 -支部 「开会」", summary="“两新”组织 —— 支部\n\n- 一\n- 二")
    assert SimilarFinder(shelf.engine, shelf.catalogue, REFERENCE).similar_to(odd) != ()
    assert TypeProposer(shelf.engine, shelf.catalogue, REFERENCE).propose("-支部“开不成会”，也 -办不成事") != ()
