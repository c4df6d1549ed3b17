"""导入: which text goes into which field, how sure it is, and that nothing is lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.domain.document import Aside, Document, Paragraph, Table
from kb.services.import_document import Confidence, Filled, fill_fields
from kb.services.import_document.headings import find_section
from kb.services.import_document.labels import ALSO_CALLED, Labels, normalise
from kb.services.import_document.values import plain_value
from tests.made_up import CASE_TEMPLATE


def fill(*blocks: str | Table, asides: tuple[Aside, ...] = ()) -> Filled:
    made = tuple(Paragraph(block) if isinstance(block, str) else block for block in blocks)
    return fill_fields(Document(made, asides), CASE_TEMPLATE)


def table(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(tuple((Paragraph(cell),) for cell in row) for row in rows))


def test_a_paper_in_the_usual_form_fills_sections_by_what_its_headings_say() -> None:
    filled = fill(
        "虚构镇结对帮支部", "——虚构的副题", "报送单位：虚构镇党委", "关键词：结对；支部；开会", "　　开头的一段话。",
        "一、基本情况", "　　三个支部两年没有开会。", "（一）数字", "两年。", "二、主要做法", "1. 摸底。", "2. 结对。",
        "三、取得成效", "都开会了。", "四、下一步打算", "再看一年。",
        asides=(Aside("页脚", "内部资料"),),
    )  # fmt: skip
    assert filled == Filled(
        fields={
            "title": "虚构镇结对帮支部——虚构的副题",
            "unit": "虚构镇党委",
            "keywords": ["结对", "支部", "开会"],
            "situation": "### 一、基本情况\n\n三个支部两年没有开会。\n\n### （一）数字\n\n两年。",
            "practice": "### 二、主要做法\n\n1. 摸底。\n2. 结对。",
            "effect": "### 三、取得成效\n\n都开会了。",
        },
        recognised=filled.recognised,
        tray=("开头的一段话。", "四、下一步打算", "再看一年。", "页脚：内部资料"),
    )
    assert {key: found.confidence for key, found in filled.recognised.items()} == {
        "title": Confidence.GUESSED, "unit": Confidence.LIKELY, "keywords": Confidence.SURE,
        "situation": Confidence.LIKELY, "practice": Confidence.LIKELY, "effect": Confidence.LIKELY,
    }  # fmt: skip
    assert filled.recognised["situation"].why == "按标题“一、基本情况”的用词"


@pytest.mark.parametrize(
    ("heading", "section", "is_own"),
    [
        ("一、问题", "situation", True), ("三、做法", "practice", True), ("二、做法", "practice", True), ("成因", "causes", True),
        ("一、背景与起因", "situation", False), ("问题成因分析", "causes", False), ("（三）经验做法", "practice", False),
        ("四、工作成效", "effect", False), ("五、经验启示", "carrying", False), ("六、机制建设", "forming", False),
        ("存在的不足", "lessons", False), ("主要成效和经验", "effect", False), ("七、附件", None, False),
    ],
)  # fmt: skip
def test_headings_tell_their_section(heading: str, section: str | None, is_own: bool) -> None:
    slot, own = find_section(CASE_TEMPLATE, heading)
    assert (slot.key if slot else None, own) == (section, is_own)


def test_tables_become_rows_or_fields_or_stay_in_the_text() -> None:
    filled = fill(
        "虚构的标题",
        table(("单位", "虚构镇党委", "层级", "镇街"), ("主 持 人", "某人", "", "")),
        "三、做法",
        "先摸底。",
        table(("步骤", "责任方", "经办人"), ("摸底", "镇党委", "某人"), ("", "", "")),
        "五、成效",
        table(("时间", "次数"), ("2019", "3")),
    )
    assert filled.fields == {
        "title": "虚构的标题",
        "unit": "虚构镇党委",
        "level": "镇街",
        "practice": "先摸底。",
        "steps": [{"action": "摸底", "responsible": "镇党委"}],
        "effect": "| 时间 | 次数 |\n|---|---|\n| 2019 | 3 |",
    }
    assert filled.tray == ("主 持 人 | 某人", "经办人", "某人")


def test_a_choice_the_list_does_not_have_goes_to_the_tray() -> None:
    filled = fill("虚构的标题", "层级：乡镇", "领域：□村 ☑农村")
    assert filled.fields == {"title": "虚构的标题", "field": "农村"}
    assert filled.tray == ("层级：乡镇", "领域：□村 ☑农村")


def test_a_field_named_twice_keeps_the_first_and_shows_the_other() -> None:
    filled = fill("虚构的标题", "单位：甲镇", "申报单位：乙镇")
    assert (filled.fields["unit"], filled.tray) == ("甲镇", ("申报单位：乙镇",))


def test_a_label_alone_waits_for_the_paragraph_after_it() -> None:
    filled = fill("虚构的标题", "摘　要", "虚构镇做了一件事。", "【关键词】结对、支部")
    assert filled.fields == {"title": "虚构的标题", "summary": "虚构镇做了一件事。", "keywords": ["结对", "支部"]}


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2017年4月至2018年", {"start": "2017-04", "end": "2018"}),
        ("2017-04—2018-05-06", {"start": "2017-04", "end": "2018-05-06"}),
        ("2017.4", {"start": "2017-04"}),
        ("2017年10月17日", {"start": "2017-10-17"}),
        ("去年", ""),
        ("2017年13月", ""),
    ],
)
def test_periods_are_read_as_offices_write_them(text: str, period: object) -> None:
    assert plain_value(CASE_TEMPLATE["period"], [text]).value == period


def test_labels_are_found_whatever_stands_around_them() -> None:
    assert normalise(" 关 键 词（3—5个）：") == "关键词"
    labels = Labels(CASE_TEMPLATE)
    found = labels.find("*单位*：")
    assert found is None or found.slot.key == "unit"
    assert labels.find_line("我们说过：这不是栏目") is None


def squeezed(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def words(value: object) -> str:
    if isinstance(value, str):
        return value
    entries = value.values() if isinstance(value, dict) else value
    return "".join(map(words, entries))  # type: ignore[call-overload]


TEXTS = st.text(alphabet="虚构的文字一二三、（）1.。：；单位关键词问题做法成效步骤 \u3000-#|", max_size=24)
NAMES = [slot.label for slot in CASE_TEMPLATE.slots] + [c.label for slot in CASE_TEMPLATE.slots for c in slot.columns]
LABELS = st.sampled_from(NAMES + [word for words in ALSO_CALLED.values() for word in words] + ["原文未载"])
HEADINGS = st.sampled_from(
    [slot.heading for slot in CASE_TEMPLATE.sections] + ["一、背景", "（一）做法", "第一章 问题"]
)
LABELLED = st.builds(
    lambda name, mark, text: name + mark + text, LABELS, st.sampled_from(["：", ":", "（盖章）："]), TEXTS
)
TEXT = st.one_of(TEXTS, LABELS, HEADINGS, LABELLED)
CELLS = st.lists(st.lists(TEXT, min_size=1, max_size=4), min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(TEXT, CELLS), max_size=10))
def test_no_text_is_lost_whatever_the_document(blocks: list[str | list[list[str]]]) -> None:
    """But for the template's own labels; other labels are told with the field they led to."""
    made = [block if isinstance(block, str) else table(*map(tuple, block)) for block in blocks]
    filled = fill(*made)
    told = "".join(found.why for found in filled.recognised.values())
    kept = squeezed(words(filled.fields) + "".join(filled.tray) + told)
    own = {squeezed(name) for slot in CASE_TEMPLATE.slots for name in (slot.label, slot.heading)}
    own |= {squeezed(column.label) for slot in CASE_TEMPLATE.slots for column in slot.columns}
    for block in blocks:
        for text in [block] if isinstance(block, str) else [cell for row in block for cell in row]:
            lost = [part for part in re.split("[：:；、]", text) if squeezed(part) not in kept]
            assert squeezed(text) in kept or squeezed(text) in own or {*map(squeezed, lost)} <= own, filled
