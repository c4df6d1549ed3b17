"""What no unit, word, group, rule or problem type can be, and what is in use and must stay."""

from collections.abc import Callable
from datetime import date

import pytest

from kb.domain.flagged_wording import FlaggedWord, Level
from kb.domain.taxonomy import ProblemType, Unit
from kb.errors import AskedWrongly
from kb.repository.reference_text import (
    FlaggedWordingText,
    ProblemTypesText,
    SynonymsText,
    TermsText,
    UnitsText,
)
from kb.services.keep_flagged_wording import RuleWish, add_rule, change_rule, wish_of
from kb.services.keep_lexicon import add_group, add_term, change_group, change_term, split_words
from kb.services.keep_problem_types import TypeWish, add_type, change_type, next_id, retire_type
from kb.services.keep_units import add_unit, change_unit, remove_unit
from kb.services.reference_edits import Change
from kb.services.reference_uses import Use
from tests.web.made_up_folder import TYPES, UNITS

LEVELS = ["镇街", "村社区"]
USES = [Use("000000-2020-01", "虚构的案例", is_case=True)]
VILLAGE = Unit("虚构村党支部", "000000", "村社区")
RULES = "错,正,级别,依据,有效期,例外\n甲甲,乙乙,红,书,长期,\n"
GROUPS = "groups:\n  - [甲甲, 乙乙]\n  - [丙丙, 丁丁]\n"
TREE = ProblemTypesText()


def unit(label: str = "虚构新单位", region: str = "000001", level: str = "镇街") -> Unit:
    return Unit(label, region, level)


def change_village(to: Unit, accounts: int = 0) -> Change:
    return change_unit(UNITS, VILLAGE.label, to, LEVELS, USES, accounts, UnitsText())


def wish(label: str = "虚构新类", aliases: str = "", definition: str = "虚构。", signs: str = "") -> TypeWish:
    return TypeWish(label, aliases, definition, signs)


def rule(**given: str) -> RuleWish:
    return RuleWish(**{"wrong": "丙丙", "right": "丁丁", "basis": "书", **given})


@pytest.mark.parametrize(
    ("deed", "says"),
    [
        (lambda: add_unit(UNITS, unit(""), LEVELS, UnitsText()), "单位名称要写"),
        (lambda: add_unit(UNITS, unit("虚" * 41), LEVELS, UnitsText()), "单位名称要写"),
        (lambda: add_unit(UNITS, VILLAGE, LEVELS, UnitsText()), "名册里已有"),
        (lambda: add_unit(UNITS, unit(region="11011"), LEVELS, UnitsText()), "六位数字"),
        (lambda: add_unit(UNITS, unit(region="１１０１１３"), LEVELS, UnitsText()), "六位数字"),
        (lambda: add_unit(UNITS, unit(level="国家"), LEVELS, UnitsText()), "没有选层级"),
        (lambda: change_village(unit()), r"1 个案例（000000-2020-01）在用，不能改名"),
        (lambda: remove_unit(UNITS, VILLAGE.label, USES, 2, UnitsText()), "1 个案例.*、2 个账号在用，不能去掉"),
        (lambda: remove_unit(UNITS, VILLAGE.label, [], 2, UnitsText()), "还有2 个账号在用"),
        (lambda: add_term("大党建\n", "大党建", TermsText()), "词典里已有"),
        (lambda: add_term("", "党", TermsText()), "不能作词语"),
        (lambda: add_term("", "大 党建", TermsText()), "不能作词语"),
        (lambda: add_term("", "#党建", TermsText()), "不能作词语"),
        (lambda: change_term("甲甲\n乙乙\n", "甲甲", "乙乙", TermsText()), "词典里已有"),
        (lambda: add_group(GROUPS, ["戊戊"], SynonymsText()), "2 到 30 个不同的词"),
        (lambda: add_group(GROUPS, ["戊戊", "戊戊"], SynonymsText()), "2 到 30 个不同的词"),
        (lambda: add_group(GROUPS, ["乙乙", "甲甲"], SynonymsText()), "已有这样的一组"),
        (lambda: change_group(GROUPS, ("甲甲", "乙乙"), ["丁丁", "丙丙"], SynonymsText()), "已有这样的一组"),
        (lambda: add_rule(RULES, rule(basis=""), FlaggedWordingText()), "依据都要写"),
        (lambda: add_rule(RULES, rule(right="丙丙"), FlaggedWordingText()), "不能相同"),
        (lambda: add_rule(RULES, rule(wrong="甲甲"), FlaggedWordingText()), "已有“甲甲”"),
        (lambda: add_rule(RULES, rule(level="绿"), FlaggedWordingText()), "没有选级别"),
        (lambda: add_rule(RULES, rule(until="2027-02-30"), FlaggedWordingText()), "有效期的最后一天"),
        (lambda: add_rule(RULES, rule(allowed="戊己"), FlaggedWordingText()), "例外“戊己”里没有“丙丙”"),
        (lambda: add_type(TYPES, "P1", wish(""), TREE), "名称和定义都要写"),
        (lambda: add_type(TYPES, "P1", wish(definition=" "), TREE), "名称和定义都要写"),
        (lambda: add_type(TYPES, "P1", wish("软弱涣散"), TREE), "已经是 P5.1“软弱涣散”的名称或别名"),
        (lambda: add_type(TYPES, "P1", wish(aliases="后进整顿"), TREE), "“后进整顿”已经是 P5.1"),
        (lambda: add_type(TYPES, "P1.1", wish(), TREE), "只有两级"),
        (lambda: add_type(TYPES, "P1", wish(signs="\n".join("一二三四五六七八九十甲乙丙")), TREE), "表现最多 12 条"),
        (lambda: retire_type(TYPES, "P1.1", "P5.1", USES, TREE), r"还有 1 个案例或机制在用（000000-2020-01）"),
        (lambda: retire_type(TYPES, "P1", "P5.1", [], TREE), "下面还有类型"),
        (lambda: retire_type(TYPES, "P1.1", "P1.1", [], TREE), "没有选由哪个类型代替"),
        (lambda: retire_type(TYPES, "P1.1", "P7", [], TREE), "没有选由哪个类型代替"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(deed: Callable[[], Change], says: str) -> None:
    with pytest.raises(AskedWrongly, match=says):
        deed()


def test_a_unit_in_use_may_still_be_placed_otherwise() -> None:
    made = change_village(Unit(VILLAGE.label, "000002", "镇街"))
    assert made.deed == "修改单位“虚构村党支部”"
    assert UnitsText().entries(made.text)[1] == Unit(VILLAGE.label, "000002", "镇街")
    assert remove_unit(UNITS, VILLAGE.label, [], 0, UnitsText()).deed == "去掉单位“虚构村党支部”"


def test_a_type_gets_the_words_of_the_form_and_keeps_its_remedies() -> None:
    made = change_type(
        TYPES, "P5.1", wish("软弱涣散", "后进整顿，不开会、不开会", "支部 开不成会。", " 一 \n\n二"), TREE
    )
    before, after = ({one.id: one for one in TREE.entries(text)}["P5.1"] for text in (TYPES, made.text))
    assert after == ProblemType(
        "P5.1", "软弱涣散", "P5", ("后进整顿", "不开会"), "支部 开不成会。", ("一", "二"), before.remedies
    )


def test_an_id_is_never_given_twice() -> None:
    assert next_id("P1", ["P1", "P1.1", "P1.3", "P10.9"], {"P1.7": "P1.1"}) == "P1.8"
    assert next_id("", ["P1", "P10", "P10.2"], {}) == "P11"
    retired = TREE.retire(TYPES, "P1.1", "P5.1")
    made = add_type(retired, "P1", wish(), TREE)
    assert made.deed == "新增问题类型 P1.2“虚构新类”"


def test_words_of_a_form_come_apart_at_any_sign() -> None:
    assert split_words("甲甲、乙乙，丙丙, 丁丁\n戊戊；甲甲") == ("甲甲", "乙乙", "丙丙", "丁丁", "戊戊")


def test_a_rule_goes_into_a_form_and_back() -> None:
    stands = FlaggedWord("甲甲", "乙乙", Level.YELLOW, "书", date(2027, 1, 31), ("大甲甲", "甲甲子"))
    made = change_rule(RULES, "甲甲", wish_of(stands), FlaggedWordingText())
    assert FlaggedWordingText().entries(made.text) == (stands,)
