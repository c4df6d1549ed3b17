"""What LibreOffice makes of our files: lines and characters of a page, faces, nothing outside the type area; one run for all."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from kb.domain.office_document import DataTable, Head, Heading, ItemList, OfficeDocument, PageBreak, Signature, Text
from kb.exports import FACE_SETS, OFFICIAL, build_case_document, build_word
from kb.exports.office_pdf import FONTS
from tests.exports.made_documents import WHOLE
from tests.exports.other_pieces import OTHER_PIECES
from tests.exports.shipped import case_documents, mechanism_documents
from tests.made_up import CASE_TEMPLATE

PLAIN = "虚构的文字只为量版面" * 200
LONG_TITLE = "虚构市虚构县虚构镇党委以清单管理和结对帮扶推动软弱涣散基层党组织整顿提升并建立长效机制的做法与成效研究报告和下一步工作的建议意见"
ODD = "控制\x00\x0b\x1f字符，表情🙂👨‍👩‍👧，𠮷某、㛃某、镕某，<w:p>&amp;\ufffe，阿拉伯عربي，零宽\u200b字，" + "长" * 90
LEFT, RIGHT, TOP, BOTTOM = 28 / 25.4 * 72, 595.3 - 26 / 25.4 * 72, 37 / 25.4 * 72, 841.9 - 35 / 25.4 * 72
"""The type area in points from the upper left corner."""
SLACK = 3.0
"""Points by which a box may reach over: a glyph's own bearing, and half a line's leading above the first line."""
PUNCTUATION, HANGING = "，。、；：？！”》）", 16.0
"""What may hang over at the end of a line, as Word lets it by default, so that the characters keep their columns."""
XHTML = "{http://www.w3.org/1999/xhtml}"


class Line(NamedTuple):
    left: float
    right: float
    top: float
    bottom: float
    text: str


def _longest(documents: list[OfficeDocument]) -> OfficeDocument:
    return max(documents, key=lambda document: len(str(document.blocks)))


FILES = {
    "form": lambda: build_case_document(CASE_TEMPLATE, {"practice": PLAIN}, {}),
    "plain": lambda: build_word(OfficeDocument("", (Text(PLAIN),))),
    "windows": lambda: build_word(OfficeDocument("", (Text(PLAIN),)), FACE_SETS["windows"]),
    "whole": lambda: build_word(WHOLE),
    "case": lambda: build_word(_longest(list(case_documents()))),
    "mechanism": lambda: build_word(_longest([whole for whole, _ in mechanism_documents()])),
    "odd": lambda: build_word(
        OfficeDocument(
            ODD[:60],
            (Heading(ODD), Text(ODD), ItemList((ODD, ODD)), DataTable(ODD[:40], (ODD[:20], "乙"), ((ODD, ODD),))),
            head=Head(ODD[:30], ODD[:20], ODD[:20], ODD[:10]),
            signature=Signature(ODD[:20], ODD[:10]),
            notes=(ODD, "https://example.invalid/" + "a" * 300),
        )
    ),
    "title": lambda: build_word(OfficeDocument(LONG_TITLE, (Text("虚构的一段。"),))),
    "compilation": lambda: build_word(_compilation()),
    **{name: lambda make=make: build_word(make()) for name, make in OTHER_PIECES.items()},
    **{f"one-page-{part}": lambda part=part: build_word(_fullest()[part]) for part in range(4)},
}


def _fullest() -> list[OfficeDocument]:
    """The four mechanisms with most to put on one page."""
    return sorted((page for _, page in mechanism_documents()), key=lambda page: -len(str(page.blocks)))[:4]


def _compilation() -> OfficeDocument:
    blocks = [(PageBreak(), Heading(one.title), *one.blocks[:6]) for one in case_documents()[:4]]
    return OfficeDocument("典型案例汇编", tuple(block for part in blocks for block in part), has_contents=True)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with every file as PDF, by one LibreOffice of our own profile and font substitutes."""
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("没有 LibreOffice（soffice）或 pdftotext：版面没有量。")
    folder = tmp_path_factory.mktemp("printed")
    for name, build in FILES.items():
        (folder / f"{name}.docx").write_bytes(build())
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
        + [str(folder / f"{name}.docx") for name in FILES],
        cwd=folder, check=True, capture_output=True, timeout=300, env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "FONTCONFIG_FILE": FONTS},
    )  # fmt: skip
    yield folder


def pages_of(folder: Path, name: str) -> list[list[Line]]:
    """The lines of each page, as pdftotext finds them."""
    subprocess.run(["pdftotext", "-bbox-layout", f"{name}.pdf", f"{name}.html"], cwd=folder, check=True, timeout=240)
    root = etree.fromstring((folder / f"{name}.html").read_bytes(), etree.XMLParser(recover=True))
    return [
        [
            Line(
                *(float(line.get(key)) for key in ("xMin", "xMax", "yMin", "yMax")),
                "".join(word.text or "" for word in line.iter(f"{XHTML}word")),
            )
            for line in page.iter(f"{XHTML}line")
        ]
        for page in root.iter(f"{XHTML}page")
    ]


@pytest.mark.parametrize("name", ["form", "plain", "windows"])
def test_a_page_has_twenty_two_lines_of_twenty_eight_characters_28_95_points_apart(printed: Path, name: str) -> None:
    full = sorted(pages_of(printed, name)[1], key=lambda line: line.top)
    lines, number = full[:-1], full[-1]
    assert number.text.startswith("—")
    assert Counter(len(line.text) for line in lines) == {28: 22}
    pitches = {round(below.top - above.top, 1) for above, below in pairwise(lines)}
    assert pitches <= {28.9, 29.0}
    assert (lines[-1].top - lines[0].top) / 21 == pytest.approx(28.95, abs=0.02)


@pytest.mark.parametrize("name", [name for name in FILES if name != "form"])
def test_nothing_stands_outside_the_type_area_but_the_page_number(printed: Path, name: str) -> None:
    over = []
    for place, page in enumerate(pages_of(printed, name), start=1):
        for line in page:
            if re.fullmatch(rf"—\s*{place}\s*—", line.text) and line.top > BOTTOM:
                continue
            right = RIGHT + (HANGING if line.text[-1:] in PUNCTUATION else 0)
            is_beside = line.left < LEFT - SLACK or line.right > right + SLACK
            if is_beside or line.top < TOP - SLACK or line.bottom > BOTTOM + SLACK:
                over.append((place, line.text))
    assert over == []


def test_the_day_of_a_bulletin_stands_in_one_line_under_a_long_unit(printed: Path) -> None:
    assert {"虚构省虚构市虚构县虚构镇虚构社区联合委员会", "2026年11月26日"} <= {
        "".join(line.text.split()) for line in pages_of(printed, "bulletin")[0]
    }


@pytest.mark.parametrize("name", ["case", "mechanism"])
def test_no_heading_stands_last_on_its_page(printed: Path, name: str) -> None:
    last = [
        max((line for line in page if line.top < BOTTOM), key=lambda line: line.top).text
        for page in pages_of(printed, name)
    ]
    assert [
        text for text in last if re.match(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d\. \S{4}$", text)
    ] == []


def test_one_page_is_one_page(printed: Path) -> None:
    assert [len(pages_of(printed, f"one-page-{part}")) for part in range(4)] == [1] * 4


def test_faces_are_those_of_the_substitutes_and_no_single_one_for_all(printed: Path) -> None:
    listed = subprocess.run(["pdffonts", "whole.pdf"], cwd=printed, check=True, capture_output=True).stdout.decode()
    found = {_face(line.split()[0].partition("+")[2]) for line in listed.splitlines()[2:]}
    wanted = {role: _face(_match(OFFICIAL.of(role).name)) for role in ("title", "heading", "script", "text")}
    assert set(wanted.values()) <= found, (wanted, found)
    assert len({wanted["heading"], wanted["script"], wanted["text"]}) == 3


def _match(family: str) -> str:
    done = subprocess.run(["fc-match", "-f", "%{postscriptname}", family], env={"PATH": "/usr/bin:/bin", "FONTCONFIG_FILE": FONTS}, capture_output=True, check=True)  # fmt: skip
    return done.stdout.decode()


def _face(name: str) -> str:
    """Without region and style: LibreOffice calls a collection by its first face (NotoSerifCJKjp for NotoSerifCJKsc)."""
    return re.sub(r"(CJK)(jp|sc|tc|hk|kr)", r"\1", name).partition("-")[0]


def test_what_was_odd_is_all_there_but_the_characters_word_refuses(printed: Path) -> None:
    done = subprocess.run(["pdftotext", "odd.pdf", "-"], cwd=printed, capture_output=True, check=True, timeout=240)
    text = "".join(done.stdout.decode().split())
    for words in ("控制字符，表情", "某、㛃某、镕某，<w:p>&amp;"):
        assert words in text


def test_a_title_of_sixty_characters_stands_in_lines_of_like_length(printed: Path) -> None:
    lines = [line for line in pages_of(printed, "title")[0] if line.text in LONG_TITLE and len(line.text) > 8]
    assert "".join(line.text for line in lines) == LONG_TITLE
    assert max(len(line.text) for line in lines) - min(len(line.text) for line in lines) <= 6


def test_the_contents_list_tells_the_pages_its_headings_stand_on(printed: Path) -> None:
    pages = ["".join(line.text for line in page) for page in pages_of(printed, "compilation")]
    titles = [one.title for one in case_documents()[:4]]
    standing = [next(place for place, text in enumerate(pages[1:], start=2) if title in text) for title in titles]
    listed = [re.search(rf"{re.escape(title)}[.…]*(\d+)", pages[0]) for title in titles]
    assert [int(found[1]) for found in listed if found] == standing


def test_the_contents_list_shows_its_entries_before_anybody_updates_it(printed: Path) -> None:
    first = [line.text for line in pages_of(printed, "compilation")[0]]
    titles = [one.title for one in case_documents()[:4]]
    assert first[:3] == ["典型案例汇编", "目", "录"]
    assert all(title in "".join(first) for title in titles)
