"""Sheets out: a workbook (xlsx) and CSV, in which text stays text whatever it begins with."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import xlsxwriter
from xlsxwriter.format import Format

from kb.domain.spreadsheet import Cell, Sheet

LONGEST_CELL = 32_767
"""UTF-16 units a cell of a workbook holds; a spreadsheet program calls a file with more of them damaged."""
LONGEST_NAME = 31
_CUT = "……（超过单元格能放的长度，余下的没有写出）"
_FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_BEGINS_A_FORMULA = re.compile("['=+\\-@＝＋－＠\t\r\n]")
_NARROW, _WIDE = 8, 48
"""Bounds of a column's width, in Latin characters."""
_LOOKED_AT = 200
"""Rows whose texts decide how wide a column is."""
_EXACT_DIGITS = 10**15
"""A spreadsheet keeps fifteen digits of a number; longer ones are written as text."""
_OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "constant_memory": True, "nan_inf_to_errors": False,
}  # fmt: skip


def build_workbook(sheets: Sequence[Sheet]) -> bytes:
    """An xlsx of one sheet or more: bold header that stays in view, A4 landscape, no formula anywhere."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        header = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bg_color": "#F3EEE6"}
        )
        body = book.add_format({"text_wrap": True, "valign": "top"})
        for name, sheet in zip(legal_names([sheet.name for sheet in sheets]), sheets, strict=True):
            _write(book.add_worksheet(name), sheet, header, body)
    return buffer.getvalue()


def build_csv(sheet: Sheet) -> bytes:
    """UTF-8 with BOM, lines ending in CR LF; a text that could be taken for a formula, or begins with ', has ' before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in (sheet.columns, *sheet.rows):
        writer.writerow([_guard(cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def legal_names(names: Iterable[str]) -> list[str]:
    """Names a workbook accepts: none of []:*?/\\, 31 characters at most, no two the same."""
    taken: set[str] = set()
    legal: list[str] = []
    for name in names:
        base = " ".join(_NOT_IN_NAMES.sub(" ", _clean(name)).split()).strip("'")[:LONGEST_NAME] or "表"
        base = f"{base}表" if base.lower() == "history" else base  # the name of a sheet of its own in Excel
        made, number = base, 1
        while made.lower() in taken:
            number += 1
            tail = f"({number})"
            made = base[: LONGEST_NAME - len(tail)] + tail
        taken.add(made.lower())
        legal.append(made)
    return legal


def _write(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, header: Format, body: Format) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_footer("&L&A&R第 &P 页，共 &N 页")
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    for place, width in enumerate(_widths(sheet)):
        page.set_column(place, place, width)
    for place, label in enumerate(sheet.columns):
        page.write_string(0, place, _fit(label), header)
    for number, row in enumerate(sheet.rows, 1):  # in order: rows once written are out of memory
        for place, cell in enumerate(row):
            if cell == "":
                continue
            if isinstance(cell, str) or not _is_exact(cell):
                page.write_string(number, place, _fit(str(cell)), body)
            else:
                page.write_number(number, place, cell, body)
    if sheet.columns:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _is_exact(number: int | float) -> bool:
    return -_EXACT_DIGITS < number < _EXACT_DIGITS  # false for a value that is no number, too


def _widths(sheet: Sheet) -> list[float]:
    widths = [_width(label) + 2 for label in sheet.columns]
    for row in sheet.rows[:_LOOKED_AT]:
        for place, cell in enumerate(row[: len(widths)]):
            widths[place] = max(widths[place], _width(str(cell)))
    return [min(max(width + 1, _NARROW), _WIDE) for width in widths]


def _width(text: str) -> int:
    """Of the longest line; a Han character is as wide as two Latin ones."""
    return max((sum(1 + (character > "\u2e7f") for character in line[:_WIDE]) for line in text.split("\n")), default=0)


def _fit(text: str) -> str:
    if text.isprintable() and len(text) * 2 <= LONGEST_CELL:
        return text  # most cells: no need to look at each character
    text = _clean(text)
    if len(text) * 2 <= LONGEST_CELL or len(text.encode("utf-16-le")) <= LONGEST_CELL * 2:
        return text
    kept = text.encode("utf-16-le")[: (LONGEST_CELL - len(_CUT)) * 2]
    return kept.decode("utf-16-le", errors="ignore") + _CUT  # a pair cut in two goes whole


def _guard(cell: Cell) -> str:
    if not isinstance(cell, str):
        return str(cell)
    text = _clean(cell)
    return f"'{text}" if _BEGINS_A_FORMULA.match(text) else text


def _clean(text: str) -> str:
    """Line ends as one character, and none that XML cannot hold."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
