"""拟答: what a made-up 公文 seems to answer, field by field; and that nothing is proposed for a field that has its answer."""

from datetime import date

import pytest

from kb.domain.document import Document, Paragraph
from kb.domain.drafting import piece_id
from kb.domain.template import UNSTATED
from kb.services.import_document import Filled, fill_fields
from kb.services.propose_answers import propose_answers
from kb.services.propose_answers.carrying import find_promotion
from kb.services.propose_answers.practice import find_steps
from kb.services.propose_answers.results import find_results
from kb.services.propose_answers.whole import find_keywords, find_period, find_summary
from kb.services.propose_types import Proposal
from tests.browser.word_case import TEXT, TITLE
from tests.made_up import CASE_TEMPLATE, REFERENCE, TAXONOMY

TODAY = date(2026, 11, 26)
LEAD = TEXT.format("结对开会").split("\n")[3]
LIKELY = Proposal(TAXONOMY.problems["P5.1"], 0.4, "支部两年没有开会。")


@pytest.fixture(scope="module")
def filled() -> Filled:
    lines = (TITLE.format("结对开会"), *TEXT.format("结对开会").split("\n"))
    return fill_fields(Document(tuple(Paragraph(line) for line in lines)), CASE_TEMPLATE)


def propose(filled: Filled, **known: object) -> dict[str, object]:
    fields = {"origin": "本单位自述", **filled.fields, **known}
    found = propose_answers(fields, filled.tray, REFERENCE, (LIKELY,), original="结对开会.docx", today=TODAY)
    return {key: answer.value for key, answer in found.items()}


def test_a_document_of_two_pages_answers_all_but_what_a_person_decides(filled: Filled) -> None:
    row = {"part": "三", "responsible": "镇党委"}
    assert propose(filled) == {
        "kind": "经验",
        "summary": LEAD,
        "keywords": ["结对开会", "软弱涣散", "三会一课", "办事单"],
        "unit": "虚构镇党委",
        "level": "镇街",
        "field": "农村",
        "period": {"start": "2022-03", "end": "2023-12"},
        "problem": "P5.1",
        "sources": [
            {
                "title": TITLE.format("结对开会"),
                "publisher": "虚构镇党委",
                "date": "2024-03",
                "file": "结对开会.docx",
            }
        ],
        "steps": [
            {**row, "action": "摸清底数，一村一策", "due": "2022年3月", "output": "“为什么开不起来”的清单"},
            {**row, "action": "干部结对开会，逐月到场", "due": "2022年4月起"},
            {**row, "action": "一会一单，会后回访", "responsible": "镇纪委", "due": "每季度", "output": "办事单"},
            {**row, "action": "立下规矩，长期坚持", "due": "2023年12月", "output": "《虚构镇党支部结对开会办法》"},
        ],
        "results": [
            {"measure": "不开会的支部", "before": "3", "now": "0", "counted_in": "个", "part": "四"},
            {"measure": "党员到会率", "before": "31%", "now": "87%", "part": "四"},
            {
                "measure": "三个村的信访件", "before": "46", "before_on": "2021", "now": "9", "now_on": "2023",
                "counted_in": "件", "part": "四",
            },
        ],
        "promotion": {
            "scope": ["适合村党支部长期不开会、书记不在村的乡镇"],
            "preconditions": ["前提是镇里能抽出干部按月到场"],
            "must_follow": ["干部必须每月到场，不能用电话代替"],
            "may_adapt": ["办事单的格式各地可以自己定"],
            "risks": ["要防止干部包办代替，支部能自己开会以后要及时退出"],
        },
        "forming": "2023年12月，镇党委印发《虚构镇党支部结对开会办法》，把到场、办事单、回访三项做法固定下来，"
        "写明支部连续两个月没有开会的，自动进入名单。",
    }  # fmt: skip


def test_a_field_with_an_answer_gets_no_proposal(filled: Filled) -> None:
    known = {"kind": "教训", "summary": "写好了。", "period": UNSTATED, "steps": UNSTATED, "problem": "P1.1"}
    everything = propose(filled)
    assert propose(filled, **known) == {key: value for key, value in everything.items() if key not in known}


def test_only_what_the_unit_tells_of_itself_has_its_own_file_as_source(filled: Filled) -> None:
    assert "sources" not in propose(filled, origin="据公开来源")


def test_the_piece_of_the_tray_that_a_summary_is_is_named(filled: Filled) -> None:
    fields = {"origin": "本单位自述", **filled.fields}
    found = propose_answers(fields, filled.tray, REFERENCE, (), original="", today=TODAY)
    assert [(key, answer.piece) for key, answer in found.items() if answer.piece] == [("summary", piece_id(LEAD))]


def test_nothing_is_proposed_for_a_text_that_says_nothing() -> None:
    found = propose_answers({}, (), REFERENCE, (), original="", today=TODAY)
    assert {key: answer.value for key, answer in found.items()} == {"kind": "经验"}


def test_without_a_lead_a_summary_is_the_first_sentence_of_each_section() -> None:
    sections = ["### 一、基本情况\n\n村里不开会。没有人管。", "（一）先摸底。再派人。", "", "会开起来了。"]
    assert find_summary(["短的一段。"], sections) == ("村里不开会。先摸底。会开起来了。", "")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2022年初摸底，2022年3月派人，2023年12月写成制度。", {"start": "2022-03", "end": "2023-12"}),
        ("2021年派人。", {"start": "2021", "end": "2021"}),
        ("到2030年全部开起来。", {}),
        ("按〔2021〕3号文件。", {}),
    ],
)
def test_a_period_runs_from_the_first_to_the_last_date_up_to_today(text: str, period: dict[str, str]) -> None:
    assert find_period(text, TODAY) == period


def test_words_within_other_words_are_no_keywords() -> None:
    assert find_keywords("讲“结对”的事", "软弱涣散的支部，涣散。", ["软弱涣散", "涣散", "没有的词"]) == [
        "结对",
        "软弱涣散",
    ]


@pytest.mark.parametrize(
    ("practice", "actions"),
    [
        ("一是摸底，逐户走访；二是派人，按月到场。", ["摸底，逐户走访", "派人，按月到场"]),
        ("### （一）摸底\n\n镇党委逐户走访。\n\n### （二）派人\n\n按月到场。", ["摸底", "派人"]),
        ("只有一段，没有编号。", []),
    ],
)
def test_measures_are_counted_in_several_ways(practice: str, actions: list[str]) -> None:
    assert [row["action"] for row in find_steps(practice)] == actions


@pytest.mark.parametrize("text", ["党员3名。", "由镇党委牵头，3个支部都去了。", "从2021年到2023年。"])
def test_a_single_figure_is_no_row(text: str) -> None:
    assert find_results(text) == []


def test_a_sentence_that_says_none_of_it_stays_out_of_promotion() -> None:
    assert find_promotion("这件事办得好。") == {}
