"""Every rule of domain.md that a case must keep, each shown by the one edit that breaks it."""

import re
from dataclasses import replace
from datetime import date

import pytest

from kb.domain.template import label_of_field
from kb.repository.record_file import parse_record
from kb.services.build_records import judge_case, judge_mechanism
from tests.made_up import CASE, CASE_TEMPLATE, MECHANISM, MECHANISM_TEMPLATE, REFERENCE

TODAY = date(2026, 11, 23)
PATH = "cases/000000-2020-01.md"


def findings(text: str) -> list[tuple[str, str, str]]:
    """(severity, field, message) of a case text."""
    plain = parse_record(text.encode(), CASE_TEMPLATE)
    found = judge_case(plain, REFERENCE, PATH, today=TODAY).findings
    return [(finding.severity.value, finding.field, finding.message) for finding in found]


def test_the_made_up_case_and_mechanism_are_clean() -> None:
    plain = parse_record(MECHANISM.encode(), MECHANISM_TEMPLATE)
    assert findings(CASE) == []
    assert judge_mechanism(plain, REFERENCE, "mechanisms/pair-up.md").findings == ()


EDITS = [
    ("title: 虚构镇用结对办法帮三个软弱涣散支部开起会来", "title: 短", ("提醒", "title", "“标题”有 1 个汉字，宜在 8 到 40 个之间。")),
    ("kind: 经验", "kind: 故事", ("错误", "kind", "“类型”没有“故事”这一项。")),
    ("kind: 经验\n", "", ("错误", "kind", "缺少“类型”。")),
    ("unit: 虚构镇党委", "unit: 别处", ("错误", "unit", "单位名册里没有“别处”。")),
    ("level: 镇街", "level: 原文未载", ("错误", "level", "“层级”不能答“原文未载”。")),
    ("start: 2019-01", "start: 2039-01", ("错误", "period.start", "开始时间晚于今天。")),
    ("start: 2019-01", "start: 2019-02-30", ("错误", "period.start", "“开始”不是日历上的日期：2019-02-30。")),
    ("end: 原文未载", "end: 2018", ("错误", "period", "结束早于开始。")),
    ("problem: P5.1", "problem: P5", ("错误", "problem", "没有问题类型“P5”。")),
    ("problem: P5.1", "problem: P9.9", ("提醒", "problem", "问题类型“P9.9”已停用。")),
    ("problem: P5.1", "problem: P1.1", ("错误", "mechanism", "这个机制解决的问题类型里没有本案例的主问题类型。")),
    ("problem: P5.1", "problem: P5.1\nalso: [P5.1]", ("错误", "also", "相关问题类型与主问题类型重复。")),
    ("problem: P5.1", "problem: P5.1\nalso: [P1.1, P1.1]", ("错误", "also", "有的相关问题类型写了两次。")),
    ("problem: P5.1", "problem: P5.1\nalso: [P1.1, P5.1, P1.1]", ("错误", "also", "“相关问题类型”有 3 条，应当是 0 到 2 条。")),
    ("problem: P5.1", "problem: P5.1\nindicators: [I99]", ("错误", "indicators.0", "指标体系里没有“I99”。")),
    ("record: made-up", "record: nowhere", ("错误", "sources.0", "没有出处记录“nowhere”。")),
    ("parts: [一, 二]}\nmechanism", "parts: [一, 二, 九]}\nmechanism", ("错误", "sources.0.parts", "出处记录里没有“九”这一部分。")),
    ("{record: made-up, parts: [一, 二]}\nmechanism", "{title: 题, publisher: 某报, date: 2020, url: \"https://example.invalid/\"}\nmechanism", ("提醒", "sources.0", "这个来源没有出处记录，数字和文件名没有核对过。")),
    ("mechanism: pair-up", "mechanism: nothing", ("错误", "mechanism", "没有机制“nothing”。")),
    ("due: 一月, output: 名单, part: 一}\nresults", "due: 一月, output: 名单}\nresults", ("错误", "steps.0", "这一行的“见原文”没有写，不在所列的来源部分中。")),
    ("measure: 不开会的支部, ", "", ("错误", "results.0", "成效数据缺少成效指标。")),
    ("now: \"0\"", "now: \"7\"", ("错误", "results.0.now", "“7”在出处“二”中找不到。")),
    ("有 3 个支部", "有 4 个支部", ("错误", "situation", "“4”在出处“一”中找不到。")),
    ("没有开会〔一〕", "没有开会〔三〕", ("错误", "situation", "引用的“三”不在所列的来源部分中。")),
    ("没有开会〔一〕", "没有开会", ("错误", "situation", "“3”没有注明出自来源的哪一部分。")),
    ("《虚构镇支部工作办法》检查", "《另一个办法》检查", ("错误", "practice", "“《另一个办法》”在出处“一”中找不到。")),
    ("status: 纳入", "status: 纳入\nquotes: [不在正文里的话]", ("错误", "quotes.0", "金句没有逐字出现在正文里。")),
    ("status: 纳入", "status: 纳入\ncontact: {office: 组织办, phone: \"13812345678\"}", ("错误", "contact.phone", "这里是个人手机号。")),
    ("status: 纳入", "status: 纳入\ncost: {people: \"-3\"}", ("错误", "cost.people", "“人”应当是不小于零的数：-3。")),
    ("status: 纳入", "status: 纳入\nprogress: 好", ("提醒", "progress", "模板里没有“progress”这一项，它不会显示。")),
    ("id: 000000-2020-01", "id: x", ("错误", "id", "“编号”的写法不对：x。")),
    ("id: 000000-2020-01", "id: 000000-2020-02", ("提醒", "id", "文件名与编号“000000-2020-02”不一致。")),
]  # fmt: skip
"""What is changed in a clean case, and the finding it gives."""
WORDS_OF_FILES = re.compile(r"content/|taxonomy/|yaml|\b(parts|solves|record|start|end|url|file|key|measure|scope)\b")


@pytest.mark.parametrize(("old", "new", "expected"), EDITS)
def test_one_edit_gives_its_finding(old: str, new: str, expected: tuple[str, str, str]) -> None:
    assert old in CASE
    assert expected in findings(CASE.replace(old, new, 1))


UNSHAPED = [
    ("period: {start: 2019-01, end: 原文未载}", "period: 2019"), ("  - {record: made-up, parts: [一, 二]}", "  - 虚构报"),
    ("  scope: [有支部不开会的镇]\n  preconditions: 原文未载", "  - 适合各镇"), ("- {action: 摸底,", "- 摸底\n  - {action: 摸底,"),
    ("sources:\n  - {record: made-up, parts: [一, 二]}", "sources:\n  - {title: 题, publisher: 某报, date: 2020}"),
    ("parts: [一, 二]}\nmechanism", "parts: [一, 二], page: 3}\nmechanism"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [*((old, new) for old, new, _ in EDITS), *UNSHAPED])
def test_no_finding_tells_an_editor_of_files_or_their_keys(old: str, new: str) -> None:
    assert old in CASE
    plain = parse_record(CASE.replace(old, new, 1).encode(), CASE_TEMPLATE)
    found = judge_case(plain, REFERENCE, PATH, today=TODAY).findings
    assert found
    assert [one for one in found if WORDS_OF_FILES.search(re.sub("“[^”]*”", "", one.message + one.advice))] == []
    labels = [label_of_field(CASE_TEMPLATE, one.field) for one in found if "不会显示" not in one.message]
    assert [label for label in labels if re.search("[a-z]", label)] == []


def test_those_who_edit_the_files_are_told_which() -> None:
    plain = parse_record(CASE.replace("unit: 虚构镇党委", "unit: 别处").encode(), CASE_TEMPLATE)
    (found,) = judge_case(plain, REFERENCE, PATH, today=TODAY).findings
    assert found.advice == "改成名册中的名称，或请库管员登记这个单位。"
    assert found.advice_in_files == "改成名册中的名称，或请库管员登记这个单位。（content/taxonomy/units.yaml）"


@pytest.mark.parametrize(
    ("old", "new", "message", "advice"),
    [
        ("problem: P5.1", "problem: 软弱", "没有问题类型“软弱”。",
         "从清单里选二级的一个，写编号或名称；最接近的：P5.1 软弱涣散、P1.1 虚化弱化。"),
        ("problem: P5.1", "problem: 组织功能", "没有问题类型“组织功能”。",
         "从清单里选二级的一个，写编号或名称；最接近的：P5.1 软弱涣散。"),
        ("mechanism: pair-up", "mechanism: 干部结对", "没有机制“干部结对”。",
         "从清单里选一个，最接近的：“干部与支部结对”；没有合适的先不选，在“四、机制”里写清楚。"),
    ],
)  # fmt: skip
def test_what_is_not_in_the_list_is_told_with_the_nearest(old: str, new: str, message: str, advice: str) -> None:
    references = replace(REFERENCE.references, titles={"pair-up": "干部与支部结对"})
    plain = parse_record(CASE.replace(old, new, 1).encode(), CASE_TEMPLATE)
    found = judge_case(plain, replace(REFERENCE, references=references), PATH, today=TODAY).findings
    assert (message, advice) in [(one.message, one.advice) for one in found]


def test_of_an_unknown_problem_the_mechanism_is_not_blamed() -> None:
    assert findings(CASE.replace("problem: P5.1", "problem: 软弱")) == [("错误", "problem", "没有问题类型“软弱”。")]


def test_an_own_case_may_not_say_unstated() -> None:
    own = CASE.replace("origin: 据公开来源", "origin: 本单位自述").replace(
        "promotion:\n  scope: [有支部不开会的镇]\n  preconditions: 原文未载\n", "promotion: 原文未载\n"
    )
    assert findings(own) == [("错误", "promotion", "本单位自述的案例不能答“原文未载”。")]


def test_causes_may_not_copy_the_problem() -> None:
    head, tail = CASE.split("## 二、成因")
    copied = head + "## 二、成因\n\n" + head.split("## 一、问题")[1] + "\n## 三、做法" + tail.split("## 三、做法")[1]
    assert ("错误", "causes", "“成因”照抄了“问题”。") in findings(copied)


def test_lessons_may_not_be_nothing() -> None:
    assert ("错误", "lessons", "“难点与教训”不能只写“无”。") in findings(CASE + "\n## 七、难点与教训\n\n无。\n")


def test_a_draft_may_be_unfinished() -> None:
    draft = CASE.replace("status: 纳入", "status: 草稿").replace("kind: 经验\n", "")
    assert findings(draft) == []


def test_a_thousands_comma_is_the_same_figure() -> None:
    assert findings(CASE.replace("有 3 个支部", "有 1200 名党员、3 个支部")) == []


def test_a_part_of_a_longer_figure_is_not_that_figure() -> None:
    wrong = findings(CASE.replace("减到 0 个〔二〕", "减到 0 个，占 7.6%〔二〕"))
    assert wrong == [("错误", "effect", "“7.6%”在出处“二”中找不到。")]
