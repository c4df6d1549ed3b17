"""What a writer calls a problem type or a mechanism: code, label, another name, or code and name in any dress."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.check_case import check_problems
from kb.domain.finding import Report
from kb.domain.named_ids import find_ids, names_of_problems, nearest_ids, settle_ids
from kb.domain.taxonomy import ProblemType
from tests.made_up import CASE_TEMPLATE, TAXONOMY

SHARED = replace(TAXONOMY, problems={**TAXONOMY.problems, "P5.2": ProblemType("P5.2", "换届难", "P5", ("后进整顿",))})
NAMES = names_of_problems(SHARED)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("P5.1", ("P5.1",)), ("p5.1", ("P5.1",)), ("Ｐ５．１", ("P5.1",)), ("软弱涣散", ("P5.1",)), ("党建虚化", ("P1.1",)),
        ("P5.1 软弱涣散", ("P5.1",)), ("P5.1（软弱涣散）", ("P5.1",)), ("软弱涣散(P5.1)", ("P5.1",)), ("“软弱涣散”", ("P5.1",)),
        ("P5.2、后进整顿", ("P5.2",)), ("后进整顿", ("P5.1", "P5.2")), ("P1.1 软弱涣散", ()), ("P5", ()), ("组织功能", ()),
        ("软弱", ()), ("P51", ()), ("", ()), ("。", ()),
    ],
)  # fmt: skip
def test_codes_and_names_find_what_is_meant(text: str, ids: tuple[str, ...]) -> None:
    assert find_ids(text, NAMES) == ids


@given(st.sampled_from(sorted(NAMES)), st.sampled_from([" ", "（", "：", "　", ""]), st.data())
def test_every_name_the_library_shows_leads_to_its_type(one: str, mark: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES[one]))
    assert find_ids(f"{one}{mark}{name}", NAMES) == find_ids(f"{name}{mark}{one}", NAMES) == (one,)
    assert one in find_ids(name, NAMES)


def test_the_nearest_begin_with_those_the_text_names() -> None:
    assert nearest_ids("虚化弱化、换届难", NAMES) == ("P1.1", "P5.2", "P5.1")


def test_names_in_a_draft_become_ids_and_what_is_unsure_stays() -> None:
    fields = {
        "title": "软弱涣散", "problem": "P5.1 软弱涣散", "also": ["党建虚化", "后进整顿", "没有的", "P9.9"],
        "indicators": ["组织"], "mechanism": "干部与支部结对", "keywords": ["软弱涣散"], "unknown": "软弱涣散",
    }  # fmt: skip
    settled = settle_ids(CASE_TEMPLATE, fields, SHARED, {"pair-up": "干部与支部结对"})
    assert settled == fields | {
        "problem": "P5.1", "also": ["P1.1", "后进整顿", "没有的", "P9.9"], "indicators": ["I01"], "mechanism": "pair-up",
    }  # fmt: skip
    assert settle_ids(CASE_TEMPLATE, settled, SHARED, {"pair-up": "干部与支部结对"}) == settled


def test_a_name_of_several_types_is_told_with_all_of_them() -> None:
    report = Report("x")
    check_problems(("后进整顿",), ["problem"], SHARED, report)
    (found,) = report.findings
    assert found.message == "“后进整顿”可以指几个问题类型。"
    assert found.advice == "从清单里选二级的一个，写编号或名称；最接近的：P5.1 软弱涣散、P5.2 换届难、P1.1 虚化弱化。"


def test_a_type_named_in_two_ways_is_one() -> None:
    written = {"also": ["P1.1 虚化弱化", "党建虚化", "没有的", "没有的"], "keywords": ["甲", "甲"]}
    found = settle_ids(CASE_TEMPLATE, written, TAXONOMY, {})
    assert found == {"also": ["P1.1", "没有的"], "keywords": ["甲", "甲"]}


def test_of_a_long_text_only_the_beginning_is_held_against_the_names() -> None:
    assert nearest_ids("某" * 50 + "换届难", NAMES)[0] == "P5.2"
    assert nearest_ids("某" * 60 + "换届难", NAMES) == ("P1.1", "P5.1", "P5.2")
