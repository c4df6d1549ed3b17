"""Office documents as Word files: GB/T 9704-2012 for every shipped case in every set of faces; no word lost, none refused."""

import io
import re
from collections import Counter

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.config import FACES
from kb.domain.office_document import DataTable, Facts, OfficeDocument, PageBreak, Signature, Text
from kb.exports import FACE_SETS, build_word
from kb.exports.office_word import DocumentWriter
from kb.exports.title_lines import title_lines
from kb.exports.word_ends import free_at_right
from kb.exports.word_looks import CONTENTS_LINES, OFFICE_LOOKS
from kb.exports.word_page import new_document
from kb.exports.word_text import clean
from tests.exports.made_documents import DOCUMENTS, WHOLE, words_of
from tests.exports.shipped import case_documents, mechanism_documents
from tests.exports.word_file import W, WordFile

FACES_OF = {
    "official": {"title": "方正小标宋简体", "heading": "黑体", "script": "楷体_GB2312", "text": "仿宋_GB2312", "number": "宋体"},
    "windows": {"title": "宋体", "heading": "黑体", "script": "楷体", "text": "仿宋", "number": "宋体"},
    "open": {
        "title": "Noto Serif SC SemiBold", "heading": "Noto Sans SC", "script": "霞鹜文楷", "text": "Noto Serif SC",
        "number": "Noto Serif SC",
    },
}  # fmt: skip
ROLES = {
    "OfficeTitle": "title", "OfficeHeadName": "title", "OfficeHeading1": "heading", "OfficeHeading2": "script",
    "OfficeHeading3": "text", "OfficeHeading4": "text", "OfficeText": "text", "OfficeFlush": "text",
    "OfficeQuotation": "script", "OfficeNote": "text", "CaseCell": "text", "CaseLabel": "heading",
}  # fmt: skip
BODY = ("OfficeHeading1", "OfficeHeading2", "OfficeHeading3", "OfficeHeading4", "OfficeText", "OfficeQuotation")


def test_the_sets_a_library_may_name_are_those_there_are() -> None:
    assert tuple(FACE_SETS) == FACES == tuple(FACES_OF)


@pytest.mark.parametrize("faces", FACES)
def test_styles_page_and_numbers_are_those_of_the_standard(faces: str) -> None:
    file, wanted = WordFile(build_word(WHOLE, FACE_SETS[faces])), FACES_OF[faces]
    latin = dict.fromkeys(("ascii", "hAnsi", "cs"), "Times New Roman")
    for style, role in ROLES.items():
        assert file.style(style, "rPr/rFonts") == {**latin, "eastAsia": wanted[role], "hint": "eastAsia"}, style
    for style in BODY:
        assert file.style(style, "rPr/sz") == {"val": "32"}
        assert file.style(style, "rPr/spacing") == {"val": "-5"}
        assert file.style(style, "pPr/spacing") == {"before": "0", "after": "0", "line": "579", "lineRule": "exact"}
        assert file.style(style, "pPr/ind") == {"firstLineChars": "200", "firstLine": "640"}
        assert file.style(style, "pPr/snapToGrid") == file.style(style, "pPr/widowControl") == {"val": "0"}
    assert file.style("OfficeTitle", "rPr/sz") == {"val": "44"}
    assert file.style("OfficeTitle", "pPr/spacing")["line"] == "660"
    outline = [file.style(f"OfficeHeading{level}", "pPr/outlineLvl")["val"] for level in range(1, 5)]
    assert (file.style("OfficeTitle", "pPr/outlineLvl")["val"], outline) == ("0", ["1", "2", "3", "4"])
    assert file.values("word/document.xml", "pgSz") == {"w": "11906", "h": "16838"}
    margins = {"top": "2098", "bottom": "1984", "left": "1588", "right": "1474", "footer": "1307"}
    assert margins.items() <= file.values("word/document.xml", "pgMar").items()
    assert file.values("word/document.xml", "docGrid") == {"type": "lines", "linePitch": "579"}
    for footer, side in (("word/footer1.xml", "right"), ("word/footer2.xml", "left")):
        assert file.values(footer, "jc")["val"] == side
        assert file.values(footer, "rPr/rFonts")["eastAsia"] == wanted["number"]
        assert file.values(footer, "rPr/sz") == {"val": "28"}
    assert file.faces_of_theme() == []
    assert ("rPr/b" in _tags(file, "OfficeTitle")) == (faces == "windows")


def _tags(file: WordFile, style_id: str) -> set[str]:
    style = next(one for one in file.root("word/styles.xml").iter(f"{W}style") if one.get(f"{W}styleId") == style_id)
    return {f"{part.tag.rpartition('}')[2]}/{child.tag.rpartition('}')[2]}" for part in style for child in part}


def test_every_shipped_case_and_mechanism_stands_in_these_styles_and_in_nothing_else() -> None:
    """So that what holds of the styles of a set of faces holds of each of them."""
    file = new_document("", FACE_SETS["official"], OFFICE_LOOKS)
    known = {look.style.id for look in OFFICE_LOOKS}
    documents = [*case_documents(), *(one for both in mechanism_documents() for one in both)]
    assert len(documents) >= 186 + 2 * 72
    odd: Counter[str] = Counter()
    for document in documents:
        for part in DocumentWriter(file, document).parts():
            for paragraph in part.iter(f"{W}p"):
                style = paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val")
                odd[style] += style not in known
            for properties in part.iter(f"{W}rPr"):
                odd.update(child.tag for child in properties if child.tag != f"{W}rStyle")
                odd.update(
                    child.get(f"{W}val") for child in properties if not re.match("Rare|Beyond", child.get(f"{W}val"))
                )
            odd.update(child.tag for child in part.iter(f"{W}pPr") if len(child) > 1 and not _is_placing(child))
    assert +odd == Counter()


def _is_placing(properties: object) -> bool:
    """Whether a paragraph says of itself only where it stands: on a new page, with the next, free at the right, under a rule."""
    placing = {"pStyle", "keepNext", "keepLines", "pageBreakBefore", "pBdr", "spacing", "ind"}
    return {child.tag.rpartition("}")[2] for child in properties} <= placing  # type: ignore[attr-defined]


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_no_word_is_lost_and_no_character_makes_a_file_that_cannot_be_opened(document: OfficeDocument) -> None:
    data = build_word(document)
    docx.Document(io.BytesIO(data))
    body = "".join("".join(text.split()) for _, text in WordFile(data).paragraphs())
    place = 0
    for words in words_of(document):
        wanted = "".join(clean(words).split())
        place = body.find(wanted, place)
        assert place >= 0, words


def test_rare_characters_stand_in_a_face_that_has_them() -> None:
    file = WordFile(build_word(OfficeDocument("", (Text("虚构镇𠮷某与㛃某、镕某🙂“好”"),))))
    runs = []
    for run in file.root("word/document.xml").iter(f"{W}r"):
        style = run.find(f"{W}rPr/{W}rStyle")
        face = "" if style is None else file.style(style.get(f"{W}val"), "rPr/rFonts")["eastAsia"]
        runs.append(("".join(text.text for text in run.iter(f"{W}t")), face))
    assert runs == [
        ("虚构镇", ""), ("𠮷", "SimSun-ExtB"), ("某与", ""), ("㛃", "仿宋"), ("某、", ""), ("镕", "仿宋"), ("某🙂“好”", ""),
    ]  # fmt: skip


def test_the_contents_list_has_real_entries_each_of_which_leads_to_its_heading() -> None:
    root = WordFile(build_word(WHOLE)).root("word/document.xml")
    links = {
        link.get(f"{W}anchor"): "".join(text.text for text in link.iter(f"{W}t")) for link in root.iter(f"{W}hyperlink")
    }
    marks = {mark.get(f"{W}name"): mark.getparent() for mark in root.iter(f"{W}bookmarkStart")}
    assert list(links.values()) == ["一、虚构的情况2", "（一）虚构的做法2", "二、新的一页4"]
    assert {name: "".join(text.text for text in heading.iter(f"{W}t")) for name, heading in marks.items()} == {
        name: text[:-1] for name, text in links.items()
    }
    one = ["begin", "separate", "end"]
    assert [field.get(f"{W}fldCharType") for field in root.iter(f"{W}fldChar")] == [*one[:2], *one * 3, "end"]
    told = [found.text for found in root.iter(f"{W}instrText")]
    assert told[1:] == [f" PAGEREF {name} \\h " for name in links]
    assert "dirty" not in str(WordFile(build_word(WHOLE)).file.read("word/document.xml"))
    assert told[0] == ' TOC \\h \\z \\t "文件一级标题,1,文件二级标题,2" '
    styles = [p.find(f"{W}pPr/{W}pStyle").get(f"{W}val") for p in root.iter(f"{W}p")]
    assert [style for style in styles if style in {line.id for line in CONTENTS_LINES}] == ["TOC1", "TOC2", "TOC1"]


def test_a_page_break_goes_before_what_follows_and_leaves_no_empty_line() -> None:
    document = OfficeDocument(
        "", (Text("前"), PageBreak(), Text("后"), PageBreak(), DataTable("", ("甲",), (("乙",),)))
    )
    file = WordFile(build_word(document))
    breaks = [p.find(f"{W}pPr/{W}pageBreakBefore") is not None for p in file.root("word/document.xml").iter(f"{W}p")]
    assert list(zip([text for _, text in file.paragraphs()], breaks, strict=True)) == [
        ("前", False), ("后", True), ("", True), ("甲", False), ("乙", False), ("", False),
    ]  # fmt: skip


def test_a_table_repeats_its_header_keeps_short_rows_whole_and_lets_long_ones_go_on() -> None:
    table = DataTable("", ("步骤", "做法"), (("一", "短"), ("二", "长" * 600)))
    root = WordFile(build_word(OfficeDocument("", (table,)))).root("word/document.xml")
    rows = [{child.tag.rpartition("}")[2] for child in row.find(f"{W}trPr")} for row in root.iter(f"{W}tr")]
    assert rows == [{"cantSplit", "tblHeader"}, {"cantSplit"}, set()]
    widths = [int(column.get(f"{W}w")) for column in root.iter(f"{W}gridCol")]
    assert (sum(widths) <= 8844, widths[0] < 900) == (True, True)


def test_a_short_table_of_answers_stays_together() -> None:
    for rows, wanted in (
        ((("甲", "短"), ("乙", "短")), [True, False]),
        ((("甲", "长" * 900), ("乙", "短")), [False, False]),
    ):
        root = WordFile(build_word(OfficeDocument("", (Facts(rows),)))).root("word/document.xml")
        answers = [row.findall(f"{W}tc")[1] for row in root.iter(f"{W}tr")]
        assert [answer.find(f"{W}p/{W}pPr/{W}keepNext") is not None for answer in answers] == wanted


def test_pictures_are_no_wider_than_the_type_area_and_keep_their_shape() -> None:
    [extent] = [
        node for node in WordFile(build_word(WHOLE)).root("word/document.xml").iter() if node.tag.endswith("}extent")
    ]
    width, height = int(extent.get("cx")), int(extent.get("cy"))
    assert (width, height) == (8844 * 635, 8844 * 635 // 4)


@pytest.mark.parametrize(
    ("unit", "day", "wanted"),
    [
        ("中共虚构镇委员会", "2026年11月26日", (3.0, 2.0)),
        ("中共虚构县委党的建设工作领导小组办公室", "2026年11月26日", (2.0, 12.0)),
        ("虚构镇", "", (2.0, 3.0)),
    ],
)
def test_unit_and_day_stand_as_without_a_seal(unit: str, day: str, wanted: tuple[float, float]) -> None:
    """The longer one two characters from the right, the day beginning two further in than the unit."""
    assert free_at_right(Signature(unit, day)) == pytest.approx(wanted)


@given(st.text(alphabet="党建工作与的“”，、（）《》0123456789ABC ", min_size=1, max_size=90), st.integers(8, 24))
def test_a_title_is_broken_into_the_fewest_lines_without_losing_a_character(title: str, longest: int) -> None:
    lines = title_lines(title, longest)
    assert "".join(lines) == title
    assert len(lines) == -(-len(title) // longest)
    assert max(map(len, lines)) <= longest


def test_a_title_breaks_after_its_comma_and_never_leaves_one_character() -> None:
    assert title_lines("四家单位用四条标准和固定体例，征集评选基层党建创新案例", 20) == [
        "四家单位用四条标准和固定体例，", "征集评选基层党建创新案例"
    ]  # fmt: skip
    assert [len(line) for line in title_lines("党" * 21, 20)] == [11, 10]
