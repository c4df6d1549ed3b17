"""Sheets people send in: .xlsx in a child process, .csv here; the header row found, every row under its labels."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from kb.domain.spreadsheet import ReadSheet, SheetRow
from kb.errors import UnreadableFile
from kb.intake.child_process import CPU_SECONDS, WAIT_SECONDS, ask_child
from kb.intake.file_kinds import check_sheet_kind
from kb.intake.workbook import LONGEST_CELL, MAX_COLUMNS, MAX_ROWS, letters

MAX_CSV_BYTES = 2_000_000
HEADER_WITHIN = 20
"""Rows that say something among which the header is looked for."""
FULL_SHARE = 0.8
"""A header has at least this share of the cells of the fullest of those rows: titles above it have fewer."""
_GUARDED = "'=+-@＝＋－＠\t\n"
"""After a ' at the beginning: it was put there so that no formula is seen (`kb.exports.sheets.build_csv`)."""


class OfficeSheetReader:
    """A SheetReader; safe to use from many threads, each workbook its own child."""

    def __init__(
        self, decode: Callable[[bytes], str], *, wait_seconds: float = WAIT_SECONDS, cpu_seconds: int = CPU_SECONDS
    ) -> None:
        self._decode = decode
        self._wait_seconds = wait_seconds
        self._cpu_seconds = cpu_seconds

    def read(self, name: str, data: bytes, labels: Sequence[str] = ()) -> tuple[ReadSheet, ...]:
        """The sheets in order; raises UnreadableFile with what is wrong and what to do."""
        if check_sheet_kind(name, data) == ".csv":
            return (_table("", self._read_csv(data), (), labels),)
        answer, _ = ask_child("sheet", data, wait_seconds=self._wait_seconds, cpu_seconds=self._cpu_seconds)
        return tuple(
            _table(str(sheet["name"]), _plain_rows(sheet["rows"]), tuple(map(str, sheet["remarks"])), labels)
            for sheet in answer["sheets"]
        )

    def _read_csv(self, data: bytes) -> dict[int, dict[int, str]]:
        if len(data) > MAX_CSV_BYTES:
            raise UnreadableFile(f"CSV 超过 {MAX_CSV_BYTES // 1_000_000} MB。", advice="另存为 .xlsx 再上传。")
        text = self._decode(data)
        first = text.split("\n", 1)[0]
        lines = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",", strict=True)
        rows: dict[int, dict[int, str]] = {}
        try:
            for number, line in enumerate(lines, 1):
                told = enumerate(map(_unguarded, line))
                cells = {column: cell for column, cell in told if cell}
                _check_bounds(number, cells, len(rows))
                if cells:
                    rows[number] = cells
        except csv.Error as error:
            raise UnreadableFile(
                "CSV 的引号或逗号不成对，读不下去。",
                line=lines.line_num,
                advice="用 Excel 或 WPS 打开，另存为 .xlsx 再上传。",
            ) from error
        return rows


def _check_bounds(number: int, cells: Mapping[int, str], before: int) -> None:
    if before >= MAX_ROWS:
        raise UnreadableFile(f"超过 {MAX_ROWS} 行。", advice="请拆成几个文件，分几次上传。")
    if max(cells, default=0) >= MAX_COLUMNS:
        raise UnreadableFile(f"第 {number} 行超过 {MAX_COLUMNS} 列。", advice="删去用不着的列再上传。")
    if max(map(len, cells.values()), default=0) > LONGEST_CELL:
        raise UnreadableFile(f"第 {number} 行有一格超过 {LONGEST_CELL} 字。", advice="写得短些，或分成几格。")


def _unguarded(cell: str) -> str:
    return (cell[1:] if cell[:1] == "'" and cell[1:2] in tuple(_GUARDED) else cell).strip()


def _plain_rows(rows: Sequence[tuple[int, Mapping[str, str]]]) -> dict[int, dict[int, str]]:
    plain = {int(number): {int(column): str(text) for column, text in cells.items()} for number, cells in rows}
    return dict(sorted(plain.items()))  # a file may hold its rows in any order


def _table(
    name: str, rows: Mapping[int, Mapping[int, str]], remarks: tuple[str, ...], labels: Sequence[str]
) -> ReadSheet:
    if not rows:
        return ReadSheet(name, (), (), remarks)
    header = _find_header(rows, frozenset(labels))
    columns = {column: " ".join(text.split()) for column, text in rows[header].items()}
    for label in columns.values():
        if list(columns.values()).count(label) > 1:
            where = f"“{name}”" if name else ""
            raise UnreadableFile(f"{where}第 {header} 行有两列都叫“{label}”。", advice="把其中一列改名或删去再上传。")
    below = {number: cells for number, cells in rows.items() if number > header}
    for cells in below.values():
        for column in cells:
            columns.setdefault(column, f"（{letters(column)} 列没有列名）")
    ordered = dict(sorted(columns.items()))
    made = (
        SheetRow(number, {label: cells.get(column, "") for column, label in ordered.items()})
        for number, cells in below.items()
    )
    return ReadSheet(name, tuple(ordered.values()), tuple(made), remarks)


def _find_header(rows: Mapping[int, Mapping[int, str]], labels: frozenset[str]) -> int:
    first = list(rows)[:HEADER_WITHIN]
    known = {number: sum(" ".join(text.split()) in labels for text in rows[number].values()) for number in first}
    best = max(first, key=lambda number: known[number])
    if known[best]:
        return best
    most = max(len(rows[number]) for number in first)
    return next(number for number in first if len(rows[number]) >= FULL_SHARE * most)
