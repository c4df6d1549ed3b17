"""Threat row 15: whatever a text begins with, it is a text in the workbook and in the CSV. Made-up texts."""

import csv
import io
import time
import zipfile

import openpyxl
import pytest

from kb.domain.spreadsheet import Sheet
from kb.exports import build_csv, build_workbook
from kb.exports.sheets import legal_names

FORMULAS = (
    "=1+1", "=HYPERLINK(\"http://127.0.0.1/\",\"看\")", "+86", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "'=1",
    "http://127.0.0.1/x", "0123", "1e5", "2026-02-30", "{=1}", "=cmd|' /C calc'!A0",
)  # fmt: skip


def cells_of(data: bytes, name: str = "表") -> list[tuple[object, ...]]:
    return [tuple(row) for row in openpyxl.load_workbook(io.BytesIO(data))[name].iter_rows(values_only=True)]


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    data = build_workbook([Sheet("表", ("文字", "数"), tuple((text, 7) for text in FORMULAS))])
    page = openpyxl.load_workbook(io.BytesIO(data))["表"]
    assert [(cell.value, cell.data_type) for (cell,) in page.iter_rows(min_row=2, max_col=1)] == [
        (text.replace("\r", "\n"), "s") for text in FORMULAS
    ]
    assert {(cell.value, cell.data_type) for (cell,) in page.iter_rows(min_row=2, min_col=2)} == {(7, "n")}
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet and b"hyperlink" not in sheet


def test_a_csv_has_a_mark_before_what_could_be_a_formula() -> None:
    data = build_csv(Sheet("表", ("=列", "数"), (*((text, -7) for text in FORMULAS), ('引"号，\n换行', 0.5))))
    assert data.startswith(b"\xef\xbb\xbf'=")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    unmarked = {"http://127.0.0.1/x", "0123", "1e5", "2026-02-30", "{=1}"}
    assert rows == [
        ["'=列", "数"],
        *([("" if text in unmarked else "'") + text.replace("\r", "\n"), "-7"] for text in FORMULAS),
        ['引"号，\n换行', "0.5"],
    ]


def test_what_a_file_cannot_hold_is_left_out_or_cut_with_a_word_on_it() -> None:
    long = "汉" * 32_768
    data = build_workbook([Sheet("表", ("文字",), (("甲\x00\x0b\x1f\ufffe乙",), (long,), ("𠮷" * 20_000,), ("",)))])
    rows = [str(row[0] or "") for row in cells_of(data)[1:]]
    assert rows[0] == "甲乙"
    assert rows[1] == "汉" * (32_767 - 22) + "……（超过单元格能放的长度，余下的没有写出）"
    assert len(rows[2].encode("utf-16-le")) // 2 <= 32_767 and rows[2].startswith("𠮷" * 16_000)


def test_numbers_a_spreadsheet_would_round_or_refuse_are_texts() -> None:
    data = build_workbook([Sheet("表", ("数",), ((10**15,), (float("nan"),), (float("inf"),), (0.1,), (-12,)))])
    assert [row[0] for row in cells_of(data)[1:]] == ["1000000000000000", "nan", "inf", 0.1, -12]


@pytest.mark.parametrize(
    ("names", "legal"),
    [
        (("推广台账", "推广台账", "推广台账"), ["推广台账", "推广台账(2)", "推广台账(3)"]),
        (("a/b:c*?[d]\\", "'x'", "", "History"), ["a b c d", "x", "表", "History表"]),
        (("长" * 40, "长" * 40), ["长" * 31, "长" * 28 + "(2)"]),
        (("Abc", "aBC"), ["Abc", "aBC(2)"]),
    ],
)
def test_names_of_sheets_are_made_legal(names: tuple[str, ...], legal: list[str]) -> None:
    assert legal_names(names) == legal
    data = build_workbook([Sheet(name, ("列",), ()) for name in names])
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == legal


def test_it_prints_on_a4_landscape_under_a_header_that_is_repeated_and_stays_in_view() -> None:
    page = openpyxl.load_workbook(io.BytesIO(build_workbook([Sheet("表", ("单位名称", "数"), (("某单位" * 40, 1),))])))[
        "表"
    ]
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert (page.print_title_rows, page.freeze_panes, page.auto_filter.ref) == ("$1:$1", "A2", "A1:B2")
    assert page["A1"].font.b and page["A2"].alignment.wrap_text
    assert 48 <= page.column_dimensions["A"].width < 50 and 8 <= page.column_dimensions["B"].width < 10


def test_ten_times_the_rows_take_ten_times_as_long() -> None:
    def seconds(count: int) -> float:
        sheet = Sheet("表", ("甲", "乙"), (("虚构的一行", "=1"),) * count)
        began = time.process_time()
        build_workbook([sheet])
        return time.process_time() - began

    seconds(10)
    assert seconds(6_000) < 30 * seconds(600)
