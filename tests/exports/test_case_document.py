"""The looks of a Word file of ours: the numbers of GB/T 9704, named faces, characters Word accepts."""

import io

import docx
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.exports import build_blank_form, build_case_document
from kb.repository.record_file import parse_record
from tests.exports.word_file import W, WordFile
from tests.made_up import CASE, CASE_TEMPLATE

PLAIN = parse_record(CASE.encode(), CASE_TEMPLATE).fields


def case_file(**changes: object) -> WordFile:
    return WordFile(build_case_document(CASE_TEMPLATE, {**PLAIN, **changes}, {"P5.1": "软弱涣散"}))


def test_page_margins_and_grid_are_those_of_the_standard() -> None:
    file = case_file()
    assert file.values("word/document.xml", "pgSz") == {"w": "11906", "h": "16838"}
    margins = file.values("word/document.xml", "pgMar")
    wanted = {"top": "2098", "bottom": "1984", "left": "1588", "right": "1474", "footer": "1307"}
    assert {key: margins[key] for key in wanted} == wanted
    assert file.values("word/document.xml", "docGrid") == {"type": "lines", "linePitch": "579"}


def test_body_is_sixteen_point_fangsong_with_twenty_eight_characters_and_exact_lines() -> None:
    file = case_file()
    assert file.style("CaseBody", "rPr/sz") == {"val": "32"}
    assert file.style("CaseBody", "rPr/rFonts") == {
        "ascii": "Times New Roman", "hAnsi": "Times New Roman", "cs": "Times New Roman",
        "eastAsia": "仿宋_GB2312", "hint": "eastAsia",
    }  # fmt: skip
    assert file.style("CaseBody", "rPr/spacing") == {"val": "-5"}
    assert file.style("CaseBody", "pPr/spacing") == {"before": "0", "after": "0", "line": "579", "lineRule": "exact"}
    assert file.style("CaseBody", "pPr/ind") == {"firstLineChars": "200", "firstLine": "640"}
    assert file.style("CaseBody", "pPr/widowControl") == {"val": "0"}
    assert file.style("CaseTitle", "rPr/sz") == {"val": "44"}


def test_headings_have_outline_levels_and_no_face_comes_from_a_theme() -> None:
    file = case_file()
    levels = {
        style: file.style(style, "pPr/outlineLvl")["val"] for style in ("CaseTitle", "CaseHeading", "CaseSubheading")
    }
    assert levels == {"CaseTitle": "0", "CaseHeading": "1", "CaseSubheading": "2"}
    faces = {
        style: file.style(style, "rPr/rFonts")["eastAsia"] for style in ("CaseTitle", "CaseHeading", "CaseSubheading")
    }
    assert faces == {"CaseTitle": "方正小标宋简体", "CaseHeading": "黑体", "CaseSubheading": "楷体_GB2312"}
    assert file.faces_of_theme() == []
    assert [name for name in file.file.namelist() if "font" in name.lower() and not name.endswith(".xml")] == []


def test_pages_are_numbered_outside_on_odd_and_even_ones() -> None:
    file = case_file()
    assert file.values("word/settings.xml", "evenAndOddHeaders") == {}
    sides = {}
    for name in ("word/footer1.xml", "word/footer2.xml"):
        root = file.root(name)
        assert root.find(f".//{W}fldSimple").get(f"{W}instr") == " PAGE "
        assert "".join(t.text for t in root.iter(f"{W}t")) == "— 1 —"
        sides[file.values(name, "jc")["val"]] = file.values(name, "ind")
    assert sides == {"right": {"rightChars": "100"}, "left": {"leftChars": "100"}}


def test_a_character_gb2312_lacks_is_set_in_a_face_that_has_it() -> None:
    file = case_file(title="虚构镇𠮷某与镕某结对", unit="虚构镇党委")
    title = next(node for node in file.root("word/document.xml").iter(f"{W}p"))
    runs = []
    for run in title.iter(f"{W}r"):
        style = run.find(f"{W}rPr/{W}rStyle")
        face = None if style is None else file.style(style.get(f"{W}val"), "rPr/rFonts")["eastAsia"]
        runs.append(("".join(t.text for t in run.iter(f"{W}t")), face))
    wanted = [("虚构镇", None), ("𠮷", "SimSun-ExtB"), ("某与", None), ("镕", "宋体"), ("某结对", None)]
    assert runs == wanted


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_no_title_makes_a_file_that_cannot_be_opened(title: str) -> None:
    text = f'a&<>"\x0b{title}\U0001f600'
    opened = docx.Document(io.BytesIO(build_case_document(CASE_TEMPLATE, {**PLAIN, "title": text}, {})))
    assert opened.paragraphs[0].text.startswith('a&<>"')
    assert "\x0b" not in opened.paragraphs[0].text


def test_ids_say_what_they_mean_and_the_blank_form_asks_everything_an_editor_answers() -> None:
    words = [text for _, text in case_file().paragraphs()]
    assert "P5.1（软弱涣散）" in words
    form = [text for _, text in WordFile(build_blank_form(CASE_TEMPLATE)).paragraphs()]
    asked = [slot for slot in CASE_TEMPLATE.slots if slot.need.value != "automatic"]
    assert [slot.key for slot in asked if (slot.heading or slot.label) not in form] == []
    assert not {"编号", "阶段", "复核日期"} & set(form)
