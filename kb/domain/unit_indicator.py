"""A unit's own indicators (本单位指标体系): 纵向分级 by level, 横向分类 by category, and what in the library covers each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.domain.sheet_import import RowReport, SheetReport, report_row
from kb.domain.spreadsheet import ReadSheet, SheetRow
from kb.domain.taxonomy import Taxonomy

CODE, LABEL, PARENT, LEVEL = "编码", "名称", "上级编码", "层级"
CATEGORY, COUNTED_IN, COVERS = "类别", "计量单位", "对应编号"
COLUMNS = (CODE, LABEL, PARENT, LEVEL, CATEGORY, COUNTED_IN, COVERS)
"""Of the sheet; 编码 and 名称 must be there."""
MOST_ROWS = 2_000
LONGEST = {CODE: 30, LABEL: 100, PARENT: 30, LEVEL: 30, CATEGORY: 30, COUNTED_IN: 20, COVERS: 100}
"""Characters of each cell."""


@dataclass(frozen=True)
class UnitIndicator:
    """A line of the unit's system; `parent` is the code of another line or "", `covers` ids of library indicators and problem types."""

    code: str
    label: str
    parent: str = ""
    level: str = ""
    category: str = ""
    counted_in: str = ""
    covers: tuple[str, ...] = ()


def judge_sheet(sheet: ReadSheet, taxonomy: Taxonomy) -> tuple[SheetReport, tuple[UnitIndicator, ...]]:
    """What each row would be, with all that is wrong with it; the indicators count only where the report is sound."""
    missing = [label for label in (CODE, LABEL) if label not in sheet.columns]
    if missing:
        fault = f"表里没有“{'”“'.join(missing)}”这一列；第一行写列名：{'、'.join(COLUMNS)}。"
        return SheetReport((), (fault,), sheet.remarks), ()
    faults = () if 0 < len(sheet.rows) <= MOST_ROWS else (f"要有 1 到 {MOST_ROWS} 行，这份有 {len(sheet.rows)} 行。",)
    found = [_read(row) for row in sheet.rows]
    parents = {one.code: one.parent for one in found if one.code}
    reports: list[RowReport] = []
    seen: set[str] = set()
    for row, one in zip(sheet.rows, found, strict=True):
        findings = [*_faults(row, one, parents, taxonomy), *(["编码与前面的行重复"] if one.code in seen else [])]
        seen.add(one.code)
        reports.append(
            report_row(row.number, f"{one.code} {one.label}".strip(), is_new=True, changes=(), findings=findings)
        )
    return SheetReport(tuple(reports), faults, sheet.remarks), tuple(found)


def _read(row: SheetRow) -> UnitIndicator:
    cells = {label: " ".join(row.texts.get(label, "").split()) for label in COLUMNS}
    covers = tuple(dict.fromkeys(cells[COVERS].replace("，", "、").replace(",", "、").replace(" ", "、").split("、")))
    return UnitIndicator(
        code=cells[CODE],
        label=cells[LABEL],
        parent=cells[PARENT],
        level=cells[LEVEL],
        category=cells[CATEGORY],
        counted_in=cells[COUNTED_IN],
        covers=tuple(filter(None, covers)),
    )


def _faults(row: SheetRow, one: UnitIndicator, parents: Mapping[str, str], taxonomy: Taxonomy) -> Iterator[str]:
    yield from (f"没有写“{label}”" for label, text in ((CODE, one.code), (LABEL, one.label)) if not text)
    for label, most in LONGEST.items():
        if len(row.texts.get(label, "")) > most:
            yield f"“{label}”超过 {most} 字"
    if one.parent and one.parent not in parents:
        yield f"表里没有编码为“{one.parent}”的上级"
    elif one.code and _goes_round(one.code, parents):
        yield "上级绕了一圈又回到自己"
    unknown = [name for name in one.covers if name not in taxonomy.indicators and not taxonomy.find_problem(name)]
    if unknown:
        yield f"库里没有编号为“{'、'.join(unknown)}”的党建指标或问题类型"


def _goes_round(code: str, parents: Mapping[str, str]) -> bool:
    passed, at = {code}, parents.get(code, "")
    while at:
        if at in passed:
            return True
        passed.add(at)
        at = parents.get(at, "")
    return False


def covers_of(indicators: Sequence[UnitIndicator]) -> Mapping[str, frozenset[str]]:
    """By code what covers it or any line under it."""
    parents = {one.code: one.parent for one in indicators}
    gathered: dict[str, set[str]] = {one.code: set() for one in indicators}
    for one in indicators:
        at = one.code
        while at in gathered:
            gathered[at].update(one.covers)
            at = parents[at]
    return {code: frozenset(names) for code, names in gathered.items()}
