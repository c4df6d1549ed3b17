"""Sheets people send in: read as the sheet shows them, odd cells named, hostile files refused in time and memory."""

import io
import resource
import time
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.bootstrap.office_files import read_sheet, sheet_reader
from kb.domain.spreadsheet import ReadSheet, Sheet, SheetRow
from kb.errors import UnreadableFile
from kb.exports import build_csv, build_workbook
from kb.intake.sheet_values import code_of
from tests.intake.made_sheets import MAIN_TYPE, number, row, sheet_xml, text, workbook

READER = sheet_reader()
HEADER = row(1, text("A1", "单位"), text("B1", "数"))


def sheet_of(data: bytes) -> ReadSheet:
    (sheet,) = READER.read("虚构.xlsx", data)
    return sheet


def test_rows_come_under_their_labels_with_the_numbers_a_spreadsheet_shows() -> None:
    page = openpyxl.Workbook()
    page.active.title = "台账"
    for line in (["2026 年台账（虚构）"], [], ["单位", "日期", "数"], ["甲", "2026-01-02", 3], [], ["乙", None, 0.25]):
        page.active.append(line)
    buffer = io.BytesIO()
    page.save(buffer)
    assert READER.read("虚构.xlsx", buffer.getvalue()) == (
        ReadSheet(
            "台账",
            ("单位", "日期", "数"),
            (
                SheetRow(4, {"单位": "甲", "日期": "2026-01-02", "数": "3"}),
                SheetRow(6, {"单位": "乙", "日期": "", "数": "0.25"}),
            ),
        ),
    )
    assert read_sheet(buffer.getvalue(), "虚构.xlsx")[1].texts["单位"] == "乙"


def test_days_and_percentages_are_read_as_the_sheet_shows_them() -> None:
    values = [("43000", 1), ("43000", 2), ("43000", 3), ("0.876", 4), ("0.07", 5), ("43000.5", 6), ("43000", 7), ("12.50", 0),
              ("0.1", 0), ("1.1011319900101E+17", 0), ("1e999", 1), ("-3", 1)]  # fmt: skip
    cells = [number(f"{'ABCDEFGHIJKL'[place]}2", *value) for place, value in enumerate(values)]
    labels = [text(f"{'ABCDEFGHIJKL'[place]}1", f"列{place}") for place in range(len(values))]
    sheet = sheet_of(workbook(sheet_xml(row(1, *labels) + row(2, *cells))))
    assert list(sheet.rows[0].texts.values()) == [
        "2017-09-22", "2017-09-22", "2017-09", "87.6%", "7%", "2017-09-22 12:00", "43000", "12.5", "0.1",
        "1.1011319900101e+17", "inf", "-3",
    ]  # fmt: skip
    old = workbook(sheet_xml(HEADER + row(2, text("A2", "甲"), number("B2", "41538", 1))), is_1904=True)
    assert sheet_of(old).rows[0].texts["数"] == "2017-09-22"


@pytest.mark.parametrize(
    ("format_id", "custom", "code"),
    [
        (0, "General", ""), (14, "", "d"), (57, "", "d"), (31, "", "d"), (20, "", "t"), (9, "", "%"), (49, "@", ""),
        (170, "[$-804]yyyy\"年\"m\"月\"d\"日\";@", "d"), (171, "yyyy", "y"), (172, "e/m/d", "d"), (173, "0.00E+00", ""),
        (174, "#,##0_);[Red](#,##0)", ""), (175, "h:mm", "t"), (176, "\"日\"0", ""), (177, "0\\%", ""),
    ],
)  # fmt: skip
def test_what_a_number_format_shows(format_id: int, custom: str, code: str) -> None:
    assert code_of(format_id, custom) == code


def test_formulas_merged_hidden_and_broken_cells_are_handled_and_named() -> None:
    rows = (
        HEADER
        + row(2, text("A2", "甲"), number("B2", "5", formula="SUM(C1:C9)"))
        + row(3, number("B3", "", formula="[1]别处!A1"), attributes='hidden="1"')
        + row(4, '<c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
        + row(5, text("A5", "乙"), '<c r="B5" t="b"><v>1</v></c>')
        + row(6, '<c r="A6" t="s"><v>0</v></c>', '<c r="B6" t="str"><f>"a"</f><v>字</v></c>')
    )
    shared = "<si><r><t>丙</t></r><r><t>单位</t></r><rPh><t>bing</t></rPh></si>"
    after = '<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="A8:A1048576"/></mergeCells>'
    columns = '<cols><col min="2" max="2" hidden="1"/></cols>'
    data = workbook(
        sheet_xml(rows, columns=columns, after=after), sheet_xml(""), states={1: "veryHidden"}, shared=shared
    )
    assert sheet_of(data) == ReadSheet(
        "甲",
        ("单位", "数"),
        (
            SheetRow(2, {"单位": "甲", "数": "5"}),
            SheetRow(4, {"单位": "甲", "数": "#DIV/0!"}),
            SheetRow(5, {"单位": "乙", "数": "是"}),
            SheetRow(6, {"单位": "丙单位", "数": "字"}),
        ),
        (
            "公式按表里显示的结果读入：B2、B4、B6。",
            "公式没有算好的结果，按空格读入：B3。请打开文件重新计算，保存后再上传。",
            "出错的单元格（如 #REF!）：B4。请改正。",
            "隐藏的列也读了。",
            "合并的单元格，每一行都按合并的内容读：A2:A4。",
            "隐藏的表没有读：乙。要读入的，请取消隐藏再上传。",
        ),
    )


def test_a_column_without_a_label_is_kept_under_its_letter_and_two_of_one_name_are_refused() -> None:
    rows = HEADER + row(2, text("A2", "甲"), text("AB2", "旁注"))
    assert sheet_of(workbook(sheet_xml(rows))).columns == ("单位", "数", "（AB 列没有列名）")
    with pytest.raises(UnreadableFile, match="“甲”第 1 行有两列都叫“单位”"):
        sheet_of(
            workbook(
                sheet_xml(row(1, text("A1", "单位"), text("B1", "数"), text("C1", " 单位 ")) + row(2, text("A2", "甲")))
            )
        )


def test_the_row_with_known_labels_is_the_header_even_where_titles_are_fuller() -> None:
    rows = (
        row(1, *(text(f"{c}1", f"填{c}") for c in "ABCD"))
        + row(2, text("A2", "单位"), text("B2", "数"))
        + row(3, text("A3", "甲"))
    )
    (sheet,) = READER.read("虚构.xlsx", workbook(sheet_xml(rows)), ("单位", "数"))
    assert (sheet.columns, [one.number for one in sheet.rows]) == (("单位", "数"), [3])


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ("单位,数\r\n甲,'=1+1\r\n".encode("utf-8-sig"), {"单位": "甲", "数": "=1+1"}),
        ("单位\t数\n甲,乙\t3\n".encode("gb18030"), {"单位": "甲,乙", "数": "3"}),
        ('单位,数\n"甲\n乙",""\n'.encode(), {"单位": "甲\n乙", "数": ""}),
        ("单位,数\n甲,''表\n".encode("utf-16"), {"单位": "甲", "数": "'表"}),
    ],
)
def test_csv_is_read_in_its_encoding_with_tabs_or_commas(data: bytes, texts: dict[str, str]) -> None:
    assert read_sheet(data, "虚构.csv") == (SheetRow(2, texts),)


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf")) | st.sampled_from("=+-@'\t\n,\""), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), max_size=4))
def test_what_goes_out_as_csv_comes_back(rows: list[tuple[str, str]]) -> None:
    sheet = Sheet("表", ("单位", "数"), tuple(rows))
    back = read_sheet(build_csv(sheet), "虚构.csv")
    assert [tuple(one.texts.values()) for one in back] == [
        (first.strip(), second.strip()) for first, second in rows if first.strip() or second.strip()
    ]


def test_what_goes_out_as_a_workbook_comes_back() -> None:
    rows = (("=1+1", 7), ("_x000D_ 与 \x07", 0.1), ("两\r\n行", -3), ("&<>\"'", 10**15), ("𠮷", 1))
    back = READER.read("虚构.xlsx", build_workbook([Sheet("甲/乙", ("文字", "数"), rows), Sheet("丙", ("空",), ())]))
    assert [(one.name, one.columns, one.remarks) for one in back] == [
        ("甲 乙", ("文字", "数"), ()),
        ("丙", ("空",), ()),
    ]
    assert [tuple(one.texts.values()) for one in back[0].rows] == [
        ("=1+1", "7"), ("_x000D_ 与", "0.1"), ("两\n行", "-3"), ("&<>\"'", "1000000000000000"), ("𠮷", "1"),
    ]  # fmt: skip


XXE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE w [<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
) + "]>"  # fmt: skip
BODY = HEADER + row(2, text("A2", "甲"))
HOSTILE = {
    "external entity in a sheet": (workbook(sheet_xml(BODY, before=XXE)), "声明了文档类型"),
    "entity bomb in the strings": (
        workbook(sheet_xml(BODY), parts={"xl/sharedStrings.xml": f"{LAUGHS}<sst>&a9;</sst>"}), "声明了文档类型",
    ),
    "a part of 31 MB": (workbook(sheet_xml(BODY), parts={"xl/x.bin": bytes(31_000_000)}), "展开后超过 30 MB"),
    "a part packed a thousandfold": (workbook(sheet_xml(BODY), parts={"xl/x.bin": bytes(9_000_000)}), "压缩得过分"),
    "more rows than are read": (
        workbook(sheet_xml(HEADER + "".join(row(n, number(f"A{n}", str(n * 7919))) for n in range(2, 40_003)))),
        "超过 40000 行",
    ),
    "one long text used over and over": (
        workbook(
            sheet_xml("".join(row(n, f'<c r="A{n}" t="s"><v>0</v></c>') for n in range(1, 9_000))),
            shared=f"<si><t>{''.join(chr(0x4E00 + n % 9000) for n in range(30_000))}</t></si>",
        ),
        "文字超过 1000 万字",
    ),
    "a cell far to the right": (workbook(sheet_xml(BODY + row(3, text("XFD3", "远")))), "XFD3 在第 200 列以外"),
    "a long cell": (
        workbook(sheet_xml(HEADER + row(2, text("A2", "".join(chr(0x4E00 + n % 20_000) for n in range(40_000)))))),
        "A2 超过 32767 字",
    ),
    "macros": (workbook(sheet_xml(BODY), parts={"xl/vbaProject.bin": b"x"}), "带有宏"),
    "macros by its type": (
        workbook(sheet_xml(BODY), main_type="application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "带宏",
    ),
    "a Word file": (workbook(sheet_xml(BODY), main_type=MAIN_TYPE.replace("spreadsheetml", "wordprocessingml")), "不是表格文件"),
    "a name that leads out": (workbook(sheet_xml(BODY), parts={"../../x": "x"}), "指向别处"),
    "a zip that is none": (b"PK\x03\x04" + bytes(200), "已损坏"),
    "no sheet in view": (workbook(sheet_xml(BODY), states={0: "hidden"}), "没有看得见的表"),
    "many sheets": (workbook(*[sheet_xml("")] * 21), "有 21 张表"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_by_name_in_time_and_memory(name: str, peak_of_child: Callable[[], int]) -> None:
    data, reason = HOSTILE[name]
    began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(UnreadableFile, match=reason) as refused:
        READER.read("虚构.xlsx", data)
    assert refused.value.advice
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began < 10
    assert 0 < peak_of_child() < 1024**3


def test_a_million_rows_by_its_word_and_a_row_far_down_cost_nothing() -> None:
    dimension = '<dimension ref="A1:XFD1048576"/>'
    rows = BODY + row(1_048_576, text("A1048576", "远"))
    after = '<mergeCells><mergeCell ref="C1:C1048576"/></mergeCells>'
    began = time.monotonic()
    sheet = sheet_of(workbook(sheet_xml(rows, dimension=dimension, after=after)))
    assert [one.number for one in sheet.rows] == [2, 1_048_576]
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("name", "data", "reason", "advice"),
    [
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 Excel 或 WPS", "另存为 xlsx"),
        ("某.et", b"PK\x03\x04", "WPS 表格文件（.et）", "另存为 xlsx"),
        ("某.xls", b"<html>", "旧版 Excel 文件（.xls）", "另存为 xlsx"),
        (
            "加密.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "打开密码",
            "去掉密码",
        ),
        ("某.xlsm", b"PK\x03\x04", "带宏", "不带宏的 .xlsx"),
        ("某.xlsb", b"PK\x03\x04", "二进制", "另存为 xlsx"),
        ("某.ods", b"PK\x03\x04", "OpenDocument", "另存为 xlsx"),
        ("某.xlsx", b"a,b\n", "内容却不是", "另存为 xlsx"),
        ("某.csv", b"PK\x03\x04", "内容却不是", "另存为 xlsx"),
        ("某.exe", b"MZ", "不认识", ".xlsx、.csv"),
        ("空.xlsx", b"", "空的", "选错"),
        ("大.xlsx", b"PK" + bytes(20_000_001), "超过 20 MB", "分几次"),
        ("大.csv", b"a,b\n" * 600_000, "超过 2 MB", ".xlsx"),
        ("多.csv", b"a,b\n" * 40_002, "超过 40000 行", "分几次"),
        ("宽.csv", b"a," * 300, "超过 200 列", "删去"),
        ("坏.csv", b'a,"b"c\n', "不成对", ".xlsx"),
        ("乱.csv", b"\xff\xff\x00\xfe", "编码无法识别", "UTF-8"),
    ],
)
def test_what_is_not_read_is_refused_by_name_with_what_to_do(name: str, data: bytes, reason: str, advice: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as refused:
        READER.read(name, data)
    assert advice in refused.value.advice
