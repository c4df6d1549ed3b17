"""Every number and quotation of a passage stands verbatim in its source revision: all shipped cases and 200 made ones."""

import hashlib
import random
import re
from collections.abc import Iterator
from functools import cache

import pytest

from kb.domain.case import Case
from kb.domain.passage import QUOTES, RESULTS, Passage, PassageKind, SourceRevision
from kb.domain.plain_text import plain_text
from kb.repository.content_folder import MarkdownContentRepository
from kb.repository.record_file import RecordFormat
from kb.services import propose_highlights as rules
from kb.services.build_records import restore_case
from kb.services.ports import PlainRecord
from kb.services.propose_highlights import all_places, list_sentences, propose_highlights, sentences_of
from tests.made_up import CASE, CASE_TEMPLATE, REFERENCE, ROOT

NUMBER = re.compile(r"[0-9０-９]+(?:[.,．][0-9０-９]+)*")
QUOTATION = re.compile(r"“[^“”]*”|‘[^‘’]*’|《[^《》]*》")
FORM = RecordFormat(CASE_TEMPLATE)


def missing_from(text: str, passage: str) -> list[str]:
    """Numbers and quotations of the passage that do not stand in the text."""
    numbers = [
        one for one in NUMBER.findall(passage) if not re.search(rf"(?<![0-9.]){re.escape(one)}(?!\.?[0-9])", text)
    ]
    return numbers + [one for one in QUOTATION.findall(passage) if one not in text]


@cache
def shipped() -> tuple[tuple[str, Case, SourceRevision], ...]:
    """The text of each file, the case read from it, its revision."""
    repository = MarkdownContentRepository(ROOT / "content", ROOT / "templates")
    reference = repository.reference_data()
    found = []
    for file in repository.list_files()[0]:
        if file.kind == "case":
            case = restore_case(repository.read(file.path), reference)
            text = (ROOT / "content" / file.path).read_text(encoding="utf-8")
            found.append((text, case, SourceRevision(case.id, 0, file.digest)))
    return tuple(found)


PIECES = (
    "支部由 {a} 个减到 {b} 个〔一〕。", "党员{a}名，占{c}%〔二〕。", "书记说：“{a}天之内办结。不推。”", "按《虚构镇第{a}号办法》办。",
    "这是编者判断：大约{a}户。", "- 摸底{a}户，建台账{b}本；\n- 回访{c}次〔一〕。", "1. 第一步，定{a}人。\n2. 第二步，走{b}户！",
    "所见部分没有写第{a}项。", "从 {a}.{b} 万元增加到 {c}.{b} 万元〔二〕，来源注明‘{a}’。", "没有数字的一句完整的话，写得清清楚楚。",
)  # fmt: skip
ROW = '  - {{measure: 虚构指标{a}, before: "{b}", now: "{c}", now_on: 20{d}, counted_in: "{u}", part: 二{n}}}\n'


def made(seed: int) -> str:
    """A made-up case file: no unit, person or figure in it is real."""
    dice = random.Random(seed)

    def filled(text: str) -> str:
        numbers = {name: str(dice.randint(0, 999)) for name in "abc"}
        return text.format(
            **numbers, d=dice.choice(["19", "20-05", "21-12-31"]), u=dice.choice(["个", "%", "原文未载", "万元"]),
            n=dice.choice(["", ", note: 第3次核对，照录"]),
        )  # fmt: skip

    sections = ("问题", "成因", "做法", "机制", "成效", "推广")
    text = CASE[: CASE.index("results:")] + "results:\n" + "".join(filled(ROW) for _ in range(dice.randint(1, 4)))
    quote = filled("办结{a}件，不留{b}件尾巴")
    text += (
        CASE[CASE.index("promotion:") : CASE.index("visibility:")]
        + f"quotes: [{quote}]\nvisibility: 公开\nstatus: 纳入\n---\n"
    )
    for number, name in zip("一二三四五六", sections, strict=True):
        body = "\n\n".join(filled(dice.choice(PIECES)) for _ in range(dice.randint(1, 5)))
        text += f"\n## {number}、{name}\n\n{body}{quote + '。' if name == '做法' else ''}\n"
    return text


def made_cases() -> Iterator[tuple[str, Case, SourceRevision]]:
    for seed in range(200):
        text = made(seed)
        case = restore_case(PlainRecord(FORM.parse(text).fields), REFERENCE)
        yield text, case, SourceRevision(case.id, 3, hashlib.sha256(text.encode()).hexdigest())


def faults(text: str, case: Case, source: SourceRevision) -> list[tuple[str, str]]:
    """Passages that do not stand in the text, or whose words are not the case's own."""
    found = []
    for passage in (*propose_highlights(case, source).passages, *all_places(case, source)):
        found += [(passage.text, one) for one in missing_from(text, passage.text)]
        if passage.source != source:
            found.append((passage.text, "another revision"))
        if passage.section not in (RESULTS, QUOTES) and passage.text not in plain_text(getattr(case, passage.section)):
            found.append((passage.text, "not a sentence of its section"))
        if passage.section == RESULTS:
            row = case.results[passage.position]
            cells = [str(row[key]) for key in ("measure", "before", "now", "note") if row.get(key)]
            found += [(passage.text, cell) for cell in cells if cell not in passage.text and cell != "原文未载"]
    return found


def test_every_number_and_quotation_of_all_shipped_cases_stands_in_their_files() -> None:
    assert len(shipped()) > 150
    assert [fault for text, case, source in shipped() for fault in faults(text, case, source)] == []


def test_the_same_of_two_hundred_made_cases() -> None:
    cases = list(made_cases())
    proposed = [one for _, case, source in cases for one in propose_highlights(case, source).passages]
    assert {one.kind for one in proposed} == set(PassageKind) - {PassageKind.PICKED}
    assert [fault for text, case, source in cases for fault in faults(text, case, source)] == []


@pytest.mark.parametrize(
    ("text", "passage", "expected"),
    [
        ("由3个减到0个", "由3个减到0个", []),
        ("由13个减到0个", "由3个减到0个", ["3"]),
        ("占87.6%", "占87%", ["87"]),
        ("他说“不推”。", "他说“不推。”", ["“不推。”"]),
        ("按《办法》办", "按《新办法》办", ["《新办法》"]),
    ],
)
def test_what_does_not_stand_in_a_text_is_found(text: str, passage: str, expected: list[str]) -> None:
    assert missing_from(text, passage) == expected


def test_a_rounded_figure_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    text, case, source = next(made_cases())
    whole = rules._with_unit
    monkeypatch.setattr(rules, "_with_unit", lambda value, unit: whole(f"{value}0", unit))
    assert faults(text, case, source) != []


def told(passages: tuple[Passage, ...]) -> list[tuple[str, str]]:
    return [(passage.kind.label, passage.text) for passage in passages]


def test_the_rules_on_one_case() -> None:
    text = CASE.replace("counted_in: 个", "counted_in: 个, note: 两个数照录").replace(
        "visibility: 公开", "quotes: [不必另设机构]\nvisibility: 公开"
    )
    case = restore_case(PlainRecord(FORM.parse(text).fields), REFERENCE)
    assert told(propose_highlights(case, SourceRevision(case.id, 0, "made-up")).passages) == [
        ("成效数据", "不开会的支部：3个 → 0个（两个数照录）"),
        ("前后对比", "不开会的支部由 3 个减到 0 个。"),
        ("金句", "不必另设机构"),
        ("可引用的句子", "虚构镇有 3 个支部两年没有开会，党员不知道支部在做什么，村里的事也没有人商量，群众意见很多。"),
        ("可引用的句子", "每次会后把没有办成的事记下来，下个月接着办，直到办完为止。"),
        ("可引用的句子", "结对办法写进制度，每个支部有固定的联系人，每月一次，记录备查。"),
        ("可引用的句子", "适合有支部长期不开会的镇，先摸底，再结对，不必另设机构。"),
        (
            "可引用的句子",
            "镇党委先摸底，再派干部与每个支部结对，逐月到场，帮着定议题、通知党员、记录结果，并按《虚构镇支部工作办法》检查。",
        ),
    ]


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("3", "个", "3个"), ("2000多", "个", "2000多个"), ("87.6%", "%", "87.6%"), ("27轮次", "轮次", "27轮次"),
        ("13左右", "万元", "13左右（万元）"), ("全面完成整治", "个", "全面完成整治"), ("3", "原文未载", "3"),
    ],
)  # fmt: skip
def test_the_unit_stands_behind_a_bare_figure(value: str, unit: str, expected: str) -> None:
    assert rules.row_text({"measure": "虚构指标", "now": value, "counted_in": unit}) == f"虚构指标：{expected}"


def test_a_row_without_a_present_figure_is_no_highlight() -> None:
    assert rules.row_text({"measure": "虚构指标", "before": "3", "now": "原文未载"}) == ""


def test_an_editor_s_reading_and_what_was_not_seen_are_not_proposed() -> None:
    said = "编者判断：这样做可以省下3个人。所见部分没有写第2年的数。来源写的单位是虚构镇的3个站所。"
    text = CASE.replace("不开会的支部由 3 个减到 0 个〔二〕。", said)
    case = restore_case(PlainRecord(FORM.parse(text).fields), REFERENCE)
    source = SourceRevision(case.id, 0, "made-up")
    assert [one for one in propose_highlights(case, source).passages if one.section == "effect"] == []
    assert len(sentences_of(case, "effect")) == 3


def test_all_sentences_are_listed_in_the_order_of_reading_and_those_proposed_are_marked() -> None:
    case = restore_case(PlainRecord(FORM.parse(CASE).fields), REFERENCE)
    listed = list_sentences(case, CASE_TEMPLATE, SourceRevision(case.id, 0, "made-up"))
    assert [(one.heading, len(one.passages)) for one in listed] == [
        ("摘要", 3), ("一、问题", 1), ("二、成因", 1), ("三、做法", 2), ("四、机制", 1), ("五、成效", 1), ("成效数据", 1), ("六、推广", 1),
    ]  # fmt: skip
    assert [one.passages[0].kind.label for one in listed if one.section in ("causes", "effect")] == ["自选", "前后对比"]
