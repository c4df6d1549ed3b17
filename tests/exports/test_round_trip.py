"""A case on the form comes back as it was: every shipped case, any Markdown of ours, and a form somebody filled in."""

import io
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.domain.word_form import choice_lists, is_list_line
from kb.exports import build_blank_form, build_case_document
from kb.intake.word_document import read_word
from kb.repository.record_file import parse_record
from kb.services.import_document import Confidence, Filled, fill_fields
from tests.made_up import CASE, CASE_TEMPLATE, ROOT, TAXONOMY

CASES = sorted((ROOT / "content/cases").glob("*.md"))


def answered(path: Path) -> dict[str, object]:
    fields = parse_record(path.read_bytes(), CASE_TEMPLATE).fields
    return {key: value for key, value in fields.items() if value not in ("", [], {})}


def there_and_back(plain: dict[str, object], names: dict[str, str] | None = None) -> Filled:
    data = build_case_document(CASE_TEMPLATE, plain, names or {}, is_read_in_part=True)
    return fill_fields(read_word(data), CASE_TEMPLATE, takes_automatic=True)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(6))
def test_every_shipped_case_comes_back_field_by_field(part: int) -> None:
    """In six parts, so that both processes take some: a case takes a tenth of a second."""
    names = {"P1.1": "虚化弱化", "P3.2": "合力不强节奏不统一", "shunyi-2017": "题名，发布单位，2017"}
    differing = {}
    for path in CASES[part::6]:
        plain, filled = answered(path), there_and_back(answered(path), names)
        if filled.fields != plain or filled.tray:
            differing[path.name] = [key for key in {*plain, *filled.fields} if plain.get(key) != filled.fields.get(key)]
    assert differing == {}


def test_all_shipped_cases_are_there() -> None:
    assert len(CASES) >= 186


def test_all_fields_of_our_form_are_sure() -> None:
    plain = parse_record(CASE.encode(), CASE_TEMPLATE).fields
    filled = there_and_back(dict(plain))
    assert set(filled.recognised) == set(plain)
    assert {found.confidence for found in filled.recognised.values()} == {Confidence.SURE}


LINES = (
    st.text(alphabet="虚构文字，。、（一）〔二〕一二、1.-·•*#a ：", min_size=1, max_size=20).map(str.strip).filter(bool)
)
BLOCKS = st.one_of(
    LINES.filter(lambda line: not line.startswith(("#", "•", "●", "-", "1", "2"))),
    st.lists(LINES.map(lambda line: f"- {line}"), min_size=1, max_size=4).map("\n".join),
    st.lists(LINES, min_size=1, max_size=4).map(lambda lines: "\n".join(f"{n}. {t}" for n, t in enumerate(lines, 1))),
    LINES.map(lambda line: f"### {line}"),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=6).map("\n\n".join))
def test_a_section_comes_back_as_the_markdown_it_was(text: str) -> None:
    assert there_and_back({"title": "虚构", "practice": text}).fields.get("practice") == text


@pytest.mark.parametrize(
    "fields",
    [
        {"keywords": ["甲、乙"]},
        {"quotes": ["甲、乙，丙；丁"]},
        {"also": ["P1.1"], "indicators": ["I01", "I02"]},
        {"period": {"start": "2017-04"}},
        {"period": "原文未载"},
        {"cost": {"people": "3", "months": "2"}, "contact": {"office": "虚构科：二室", "phone": "010-12345678"}},
        {"expected": {"aim": "三年内：全部建起来", "look_again_on": "2027-01"}},
        {"promotion": "原文未载", "steps": "原文未载"},
        {"promotion": {"scope": ["甲", "乙"], "risks": "原文未载"}},
        {"sources": [{"title": "虚构（二）", "publisher": "虚构报", "date": "2020", "url": "https://example.invalid/a"}]},
        {"sources": [{"record": "made-up", "parts": ["一", "二"]}, {"file": "a.pdf"}]},
        {"results": [{"measure": "不开会的支部"}, {"measure": "开会", "now": "0", "note": "一行\n两行"}]},
    ],
)  # fmt: skip
def test_every_kind_of_answer_comes_back(fields: dict[str, object]) -> None:
    filled = there_and_back({"title": "虚构", **fields}, {"P1.1": "虚化弱化", "made-up": "虚构的报道，虚构报"})
    assert filled.fields == {"title": "虚构", **fields}
    assert filled.tray == ()


def test_the_blank_form_says_nothing_by_itself() -> None:
    assert fill_fields(read_word(build_blank_form(CASE_TEMPLATE)), CASE_TEMPLATE) == Filled({}, {}, ())


def test_the_lists_of_the_blank_form_are_there_to_choose_from_and_no_answer() -> None:
    titles = {"pair-up": "干部与支部结对：逐月到场"}
    lists = choice_lists(TAXONOMY, {"pair-up": ("P5.1", "P1.1"), "draft": ("P1.1",)}, titles)
    assert lists == [
        "〔清单〕P1 责任落实：P1.1 虚化弱化",
        "〔清单〕P5 组织功能：P5.1 软弱涣散",
        "〔清单〕解决组织功能问题的机制：干部与支部结对：逐月到场",
    ]
    form = build_blank_form(CASE_TEMPLATE, lists)
    assert [paragraph.text for paragraph in docx.Document(io.BytesIO(form)).paragraphs][-3:] == lists
    told = [cell for row in docx.Document(io.BytesIO(form)).tables[0].rows for cell in row.cells[1:]]
    assert sum("清单在本表最后" in cell.text for cell in told) == 3
    assert fill_fields(read_word(form), CASE_TEMPLATE) == Filled({}, {}, ())


@pytest.mark.parametrize("text", ["〔清单〕见附件", "〔清单〕一：二。写了一句话。", "清单：甲；乙"])
def test_a_line_that_only_looks_like_a_list_is_kept(text: str) -> None:
    assert not is_list_line(text)


def test_a_paragraph_like_a_line_of_the_lists_is_the_writers_above_their_caption() -> None:
    written, listed = "〔清单〕到场办理的事：开会、谈心、走访", "〔清单〕P1 责任落实：P1.1 虚化弱化"
    form = docx.Document(io.BytesIO(build_blank_form(CASE_TEMPLATE, [listed])))
    texts = [paragraph.text for paragraph in form.paragraphs]
    form.paragraphs[texts.index("三、做法") + 2].add_run(written)
    buffer = io.BytesIO()
    form.save(buffer)
    filled = fill_fields(read_word(buffer.getvalue()), CASE_TEMPLATE)
    assert (filled.fields, filled.tray) == ({"practice": written}, ())


def test_a_form_somebody_filled_in_is_read_whole() -> None:
    form = docx.Document(io.BytesIO(build_blank_form(CASE_TEMPLATE)))
    answers, steps = form.tables[0], form.tables[1]
    typed = {
        "标题": "虚构镇用结对办法帮支部开起会来", "类型": "经验", "关键词": "结对、支部、开会", "层级": "镇街", "单位": "虚构镇党委",
        "主问题类型": "P5.1",
    }  # fmt: skip
    for row in answers.rows:
        if row.cells[0].text in typed:
            row.cells[1].paragraphs[0].add_run(typed[row.cells[0].text])
        if row.cells[0].text == "起止时间":
            row.cells[1].paragraphs[0].add_run("2019-01")
        if row.cells[0].text == "成稿方式":  # written over the grey hint
            row.cells[1].paragraphs[1].runs[0].text = "本单位自述"
    for place, text in enumerate(("摸底", "镇党委", "一月", "名单")):
        steps.rows[1].cells[place].paragraphs[0].add_run(text)
    heading = next(p for p in form.paragraphs if p.text == "三、做法")
    body = form.paragraphs[[p.text for p in form.paragraphs].index(heading.text) + 2]
    body.add_run("镇党委先摸底，再派干部结对。")
    buffer = io.BytesIO()
    form.save(buffer)
    filled = fill_fields(read_word(buffer.getvalue()), CASE_TEMPLATE)
    assert filled.fields == {
        "title": "虚构镇用结对办法帮支部开起会来", "kind": "经验", "origin": "本单位自述", "keywords": ["结对", "支部", "开会"],
        "unit": "虚构镇党委", "level": "镇街", "period": {"start": "2019-01"}, "problem": "P5.1",
        "practice": "镇党委先摸底，再派干部结对。",
        "steps": [{"action": "摸底", "responsible": "镇党委", "due": "一月", "output": "名单"}],
    }  # fmt: skip
    assert filled.tray == ()
