"""The sheets of an .xlsx as rows of texts: what a formula shows, merged cells filled downwards, hidden sheets left out."""

import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from kb.errors import UnreadableFile
from kb.intake.package import SheetPackage
from kb.intake.sheet_values import clean, code_of, named, number_text, words_of

MAX_ROWS = 40_000
"""Rows of one sheet that say something: ten thousand adoptions with their result rows."""
MAX_COLUMNS = 200
MAX_CELLS = 500_000
MAX_SHEETS = 20
MAX_CHARACTERS = 10_000_000
"""Of all sheets together, a text used many times counted each time: so large a workbook packs to a few kilobytes."""
LONGEST_CELL = 32_767
_SPLIT = "请拆成几个文件，分几次上传。"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class RawSheet(NamedTuple):
    """Rows by their number in the sheet, their texts by column from 0; rows and cells that say nothing are left out."""

    name: str
    rows: dict[int, dict[int, str]]
    remarks: list[str]


def read_workbook(data: bytes) -> list[RawSheet]:
    """Raises UnreadableFile for what is no sound workbook or over its bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return _Workbook(SheetPackage(file)).sheets()
    except (zipfile.BadZipFile, NotImplementedError) as error:  # the latter: packed in a way zipfile does not know
        raise UnreadableFile(
            "文件已损坏，打不开。", advice="请用 Excel 或 WPS 打开，另存一份 .xlsx 再上传。"
        ) from error


class _Names(NamedTuple):
    """Names of elements in the namespace of a sheet, of which there are two (ECMA-376 and ISO 29500 strict)."""

    space: str
    cell: str
    value: str
    inline: str
    formula: str

    @classmethod
    def of(cls, root: etree._Element) -> "_Names":
        space = root.tag[: root.tag.index("}") + 1] if "}" in root.tag else ""
        return cls(space, *(f"{space}{name}" for name in ("c", "v", "is", "f")))


class _Workbook:
    def __init__(self, package: SheetPackage) -> None:
        self._package = package
        self._book = package.parse(package.main)
        self._parts = {relation.id: relation for relation in package.relations(package.main)}
        properties = self._book.find("{*}workbookPr")
        self._is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._shared = self._shared_texts()
        self._codes = self._number_codes()
        self._characters = 0

    def sheets(self) -> list[RawSheet]:
        found = self._book.findall("{*}sheets/{*}sheet")
        if len(found) > MAX_SHEETS:
            raise UnreadableFile(f"文件里有 {len(found)} 张表，超过 {MAX_SHEETS} 张。", advice=_SPLIT)
        shown = [node for node in found if node.get("state") in (None, "visible")]
        if not shown:
            raise UnreadableFile("文件里没有看得见的表。", advice="取消隐藏，或检查是不是选错了文件。")
        sheets = [self._sheet(node) for node in shown]
        hidden = [node.get("name") or "" for node in found if node not in shown]
        if hidden:
            sheets[0].remarks.append(f"隐藏的表没有读：{named(hidden)}。要读入的，请取消隐藏再上传。")
        return sheets

    def _sheet(self, node: etree._Element) -> RawSheet:
        name = clean(node.get("name") or "")
        part = self._parts.get(node.get(_RELATION) or node.get(_STRICT_RELATION) or "")
        if part is None or part.is_outside:
            raise UnreadableFile(f"“{name}”这张表不在文件里。", advice="请用 Excel 或 WPS 打开，另存一份再上传。")
        if part.kind != "worksheet":
            return RawSheet(name, {}, [f"“{name}”不是表格（可能是图表），没有读。"])
        return self._read(name, self._package.parse(part.target))

    def _read(self, name: str, root: etree._Element) -> RawSheet:
        sheet = RawSheet(name, {}, [])
        formulas: list[str] = []
        unsolved: list[str] = []
        broken: list[str] = []
        hidden: list[str] = []
        count = 0
        names = _Names.of(root)
        for number, row in _numbered(root.iterfind(f"{names.space}sheetData/{names.space}row")):
            texts: dict[int, str] = {}
            for column, cell in _placed(row, names.cell):
                kind, value, has_formula = self._value(cell, names)
                text = self._text(kind, value, cell)
                count += 1
                if text:
                    self._check(name, number, column, text)
                    texts[column] = text
                if has_formula or kind == "e":
                    place = f"{letters(column)}{number}"
                    if has_formula:
                        (formulas if text else unsolved).append(place)
                    if text and kind == "e":
                        broken.append(place)
            if texts:
                sheet.rows.setdefault(number, {}).update(texts)
                if row.get("hidden") in ("1", "true"):
                    hidden.append(str(number))
            if len(sheet.rows) > MAX_ROWS or count > MAX_CELLS:
                raise UnreadableFile(f"“{name}”超过 {MAX_ROWS} 行或 {MAX_CELLS} 格。", advice=_SPLIT)
        if formulas:
            sheet.remarks.append(f"公式按表里显示的结果读入：{named(formulas)}。")
        if unsolved:
            sheet.remarks.append(
                f"公式没有算好的结果，按空格读入：{named(unsolved)}。请打开文件重新计算，保存后再上传。"
            )
        if broken:
            sheet.remarks.append(f"出错的单元格（如 #REF!）：{named(broken)}。请改正。")
        if hidden:
            sheet.remarks.append(f"隐藏的行也读了：第 {named(hidden)} 行。")
        if any(column.get("hidden") in ("1", "true") for column in root.iterfind("{*}cols/{*}col")):
            sheet.remarks.append("隐藏的列也读了。")
        self._fill_merged(sheet, root)
        return sheet

    def _check(self, name: str, row: int, column: int, text: str) -> None:
        self._characters += len(text)
        if column < MAX_COLUMNS and len(text) <= LONGEST_CELL and self._characters <= MAX_CHARACTERS:
            return
        place = f"{letters(column)}{row}"
        if column >= MAX_COLUMNS:
            raise UnreadableFile(f"“{name}”的 {place} 在第 {MAX_COLUMNS} 列以外。", advice="删去用不着的列再上传。")
        if len(text) > LONGEST_CELL:
            raise UnreadableFile(f"“{name}”的 {place} 超过 {LONGEST_CELL} 字。", advice="写得短些，或分成几格。")
        raise UnreadableFile(f"文件里的文字超过 {MAX_CHARACTERS // 10_000} 万字。", advice=_SPLIT)

    @staticmethod
    def _value(cell: etree._Element, names: "_Names") -> tuple[str, str, bool]:
        """The cell's kind, what it holds, and whether a formula made it."""
        value, has_formula = "", False
        for child in cell:
            if child.tag == names.value:
                value = child.text or ""
            elif child.tag == names.inline:
                value = words_of(child)
            elif child.tag == names.formula:
                has_formula = True
        return cell.get("t") or "n", value, has_formula

    def _text(self, kind: str, value: str, cell: etree._Element) -> str:
        if not value or kind == "inlineStr":
            return value
        if kind == "s":
            return self._shared[int(value)] if value.isdecimal() and int(value) < len(self._shared) else ""
        if kind == "b":
            return "是" if value == "1" else "否"
        if kind == "d":
            return clean(value).removesuffix("T00:00:00")
        if kind != "n":
            return clean(value)
        style = cell.get("s") or "0"
        code = self._codes[int(style)] if style.isdecimal() and int(style) < len(self._codes) else ""
        return number_text(value, code, is_1904=self._is_1904)

    def _fill_merged(self, sheet: RawSheet, root: etree._Element) -> None:
        """A value written once beside several rows counts for each that says something besides."""
        filled = []
        looked_at = 0
        for merged in root.iterfind("{*}mergeCells/{*}mergeCell"):
            first, _, last = (merged.get("ref") or "").partition(":")
            begin, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
            text = sheet.rows.get(int(begin[2]), {}).get(_column(begin[1])) if begin else None
            if not begin or not end or not text:
                continue
            looked_at += max(int(end[2]) - int(begin[2]), 1)
            if looked_at > MAX_CELLS:
                raise UnreadableFile(f"“{sheet.name}”合并的单元格太多。", advice="取消合并再上传。")
            below = [number for number in range(int(begin[2]) + 1, int(end[2]) + 1) if number in sheet.rows]
            for number in below:
                self._check(sheet.name, number, _column(begin[1]), text)
                sheet.rows[number].setdefault(_column(begin[1]), text)
            if below:
                filled.append(f"{first}:{last}")
        if filled:
            sheet.remarks.append(f"合并的单元格，每一行都按合并的内容读：{named(filled)}。")

    def _shared_texts(self) -> list[str]:
        for relation in self._parts.values():
            if relation.kind == "sharedStrings" and not relation.is_outside:
                return [words_of(node) for node in self._package.parse(relation.target).iterfind("{*}si")]
        return []

    def _number_codes(self) -> list[str]:
        """By style: see `code_of`."""
        for relation in self._parts.values():
            if relation.kind == "styles" and not relation.is_outside:
                root = self._package.parse(relation.target)
                formats = root.iterfind("{*}numFmts/{*}numFmt")
                custom = {node.get("numFmtId"): node.get("formatCode") or "" for node in formats}
                ids = [node.get("numFmtId") or "0" for node in root.iterfind("{*}cellXfs/{*}xf")]
                return [code_of(int(one) if one.isdecimal() else 0, custom.get(one, "")) for one in ids]
        return []


def _numbered(rows: Iterator[etree._Element]) -> Iterator[tuple[int, etree._Element]]:
    """A row may leave out its number: it follows the one before."""
    number = 0
    for row in rows:
        told = row.get("r") or ""
        number = int(told) if told.isdecimal() and len(told) <= 7 else number + 1
        yield number, row


def _placed(row: etree._Element, tag: str) -> Iterator[tuple[int, etree._Element]]:
    """Column from 0 and cell; a cell may leave out its reference."""
    column = -1
    for cell in row:
        if cell.tag == tag:
            told = _REFERENCE.fullmatch(cell.get("r") or "")
            column = _column(told[1]) if told else column + 1
            yield column, cell


@lru_cache(maxsize=1024)
def _column(name: str) -> int:
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def letters(column: int) -> str:
    """A for column 0, AA for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
