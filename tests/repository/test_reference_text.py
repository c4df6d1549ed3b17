"""One entry of a file of taxonomy or lexicon is written anew; every other line stays as it is, comments too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from difflib import unified_diff

import pytest

from kb.domain.flagged_wording import FlaggedWord, Level
from kb.domain.taxonomy import Indicator, ProblemType, Unit
from kb.errors import BrokenLibrary, Conflict
from kb.repository.reference_text import (
    FlaggedWordingText,
    IndicatorsText,
    ProblemTypesText,
    SynonymsText,
    TermsText,
    UnitsText,
)
from tests.made_up import ROOT

UNITS, SYNONYMS, TERMS, RULES, TYPES, INDICATORS = (
    UnitsText(), SynonymsText(), TermsText(), FlaggedWordingText(), ProblemTypesText(), IndicatorsText(),
)  # fmt: skip


def shipped(path: str) -> str:
    return (ROOT / "content" / path).read_text(encoding="utf-8")


def changed(before: str, after: str) -> list[str]:
    """Lines taken out and put in, with their sign."""
    lines = list(unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0))
    return [line for line in lines[2:] if not line.startswith("@@")]


def test_a_unit_takes_one_line() -> None:
    text = shipped(UNITS.path)
    unit = Unit("某: 单位", "000000", "镇街")
    was = '-  - {label: 仁和镇, region: "110113", level: 镇街}'
    assert changed(text, UNITS.add(text, unit)) == ['+  - {label: "某: 单位", region: "000000", level: 镇街}']
    assert changed(text, UNITS.change(text, "仁和镇", Unit("仁和镇", "110113", "单位"))) == [
        was, '+  - {label: 仁和镇, region: "110113", level: 单位}',
    ]  # fmt: skip
    assert changed(text, UNITS.remove(text, "仁和镇")) == [was]


def test_of_a_whole_list_of_indicators_only_the_lines_that_differ_change() -> None:
    text = shipped(INDICATORS.path)
    known = INDICATORS.entries(text)
    assert INDICATORS.become(text, known) == text and INDICATORS.become(text, known[::-1]) == text
    wanted = (
        *known[:2],
        replace(known[2], label="纪检、监察", area="反腐倡廉建设"),
        *known[4:],
        Indicator("I07", "新的"),
    )
    assert changed(text, INDICATORS.become(text, wanted)) == [
        "-  - {id: I03, label: 纪检工作}", "-  - {id: I04, label: 群众工作}",
        "+  - {id: I03, label: 纪检、监察, area: 反腐倡廉建设}", "+  - {id: I07, label: 新的}",
    ]  # fmt: skip
    few = "# 说明\nindicators:\n  - {id: I01, label: 甲}  # 记\nnote: 末\n"
    other = INDICATORS.become(few, (Indicator("I02", "乙: 丙"),))
    assert other == '# 说明\nindicators:\n  - {id: I02, label: "乙: 丙"}\nnote: 末\n'


def test_a_group_of_synonyms_takes_one_line() -> None:
    text = "# 说明\ngroups:\n  - [甲甲, 乙乙]\n\n  # 人\n  - [丙丙, 丁丁] # 记\n"
    assert changed(text, SYNONYMS.add(text, ("戊 戊", "[己"))) == ['+  - [戊 戊, "[己"]']
    assert changed(text, SYNONYMS.change(text, ("甲甲", "乙乙"), ("甲甲", "庚庚"))) == [
        "-  - [甲甲, 乙乙]", "+  - [甲甲, 庚庚]",
    ]  # fmt: skip
    assert changed(text, SYNONYMS.remove(text, ("甲甲", "乙乙"))) == ["-  - [甲甲, 乙乙]"]
    last = SYNONYMS.remove(SYNONYMS.remove(text, ("甲甲", "乙乙")), ("丙丙", "丁丁"))
    assert SYNONYMS.entries(SYNONYMS.add(last, ("辛辛", "壬壬"))) == (("辛辛", "壬壬"),)


def test_a_word_takes_one_line() -> None:
    text = "# 说明\n大党建\n\n一盘棋\n"
    assert TERMS.add(text, "新词") == "# 说明\n大党建\n\n一盘棋\n新词\n"
    assert TERMS.change(text, "大党建", "小党建") == "# 说明\n小党建\n\n一盘棋\n"
    assert TERMS.remove(text, "一盘棋") == "# 说明\n大党建\n\n"


def test_a_rule_takes_one_row_also_where_a_cell_has_line_ends() -> None:
    head = "错,正,级别,依据,有效期,例外\n"
    text = head + '甲甲,乙乙,红,"两行\n依据",长期,\n丙丙,丁丁,黄,书,2027-01-31,戊丙丙|丙丙己\n'
    rules = RULES.entries(text)
    new = FlaggedWord("庚,庚", "辛", Level.RED, "书", date(2028, 2, 29), ("大庚,庚",))
    assert changed(text, RULES.add(text, new)) == ['+"庚,庚",辛,红,书,2028-02-29,"大庚,庚"']
    assert (
        RULES.change(text, "甲甲", replace(rules[0], basis="书"))
        == head + "甲甲,乙乙,红,书,长期,\n" + text.split("\n", 3)[3]
    )
    assert RULES.remove(text, "甲甲") == head + text.split("\n", 3)[3]
    assert RULES.entries(RULES.add("", new)) == (new,)


def type_of(text: str, problem_id: str) -> ProblemType:
    return next(one for one in TYPES.entries(text) if one.id == problem_id)


def test_of_a_type_only_the_keys_that_changed_are_written_anew() -> None:
    text = shipped(TYPES.path)
    old = type_of(text, "P1.2")
    aliased = TYPES.change(text, replace(old, aliases=(*old.aliases, "管得松")))
    assert changed(text, aliased) == ["-        aliases: [失之于宽]", "+        aliases: [失之于宽, 管得松]"]
    signed = TYPES.change(text, replace(old, signs=("一", "二: 三")))
    assert changed(text, signed) == [
        *(f"-          - {sign}" for sign in old.signs), "+          - 一", '+          - "二: 三"',
    ]  # fmt: skip
    root = TYPES.change(text, replace(type_of(text, "P1"), aliases=("担责",)))
    assert changed(text, root) == ["+    aliases: [担责]"]
    assert TYPES.change(aliased, old) == text


def test_a_new_type_stands_last_under_its_parent() -> None:
    text = shipped(TYPES.path)
    added = TYPES.add(text, ProblemType("P1.6", "虚构的一类", "P1", ("虚构说法",), "虚构的定义。", ("虚构的表现",)))
    assert changed(text, added) == [
        "+      - id: P1.6", "+        label: 虚构的一类", "+        aliases: [虚构说法]", "+        definition: 虚构的定义。",
        "+        signs:", "+          - 虚构的表现",
    ]  # fmt: skip
    root = TYPES.add(text, ProblemType("P11", "虚构的大类", "", (), "定义。"))
    child = TYPES.add(root, ProblemType("P11.1", "虚构的小类", "P11", (), "定义。"))
    assert [(one.id, one.parent) for one in TYPES.entries(child)][-2:] == [("P11", ""), ("P11.1", "P11")]


def test_a_retired_id_leads_to_its_successor_and_so_do_those_that_led_to_it() -> None:
    text = shipped(TYPES.path)
    once = TYPES.retire(text, "P10.2", "P10.1")
    twice = TYPES.retire(once, "P10.1", "P1.1")
    assert TYPES.retired(once) == {"P10.2": "P10.1"}
    assert TYPES.retired(twice) == {"P10.2": "P1.1", "P10.1": "P1.1"}
    ids = [one.id for one in TYPES.entries(text)]
    assert [one.id for one in TYPES.entries(twice)] == [one for one in ids if one not in ("P10.1", "P10.2")]


@pytest.mark.parametrize("change", [
    lambda: UNITS.change(shipped(UNITS.path), "没有的单位", Unit("甲乙", "000000", "镇街")),
    lambda: SYNONYMS.remove(shipped(SYNONYMS.path), ("没有", "这组")),
    lambda: TERMS.remove(shipped(TERMS.path), "没有的词"),
    lambda: RULES.remove(shipped(RULES.path), "没有的词"),
    lambda: TYPES.retire(shipped(TYPES.path), "P99.9", "P1.1"),
    lambda: TYPES.change(shipped(TYPES.path), ProblemType("P99.9", "没有")),
    lambda: UNITS.change("units:\n  - {label: 甲, region: '1', level: 乙}\n  - {label: 甲, region: '2', level: 乙}\n", "甲", Unit("丙", "1", "乙")),
    lambda: UNITS.add("units: []\n", Unit("甲", "000000", "镇街")),
])  # fmt: skip
def test_what_is_gone_or_laid_out_otherwise_is_left_alone(change: Callable[[], str]) -> None:
    with pytest.raises(Conflict):
        change()


def test_a_file_that_cannot_be_read_is_named_with_its_line() -> None:
    with pytest.raises(BrokenLibrary, match=r"taxonomy/units.yaml 第 2 行"):
        UNITS.entries("units:\n  - {label: [\n")
