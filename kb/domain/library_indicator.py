"""党建指标 of the library as a sheet has them: the whole list, a row each; what is in use stays."""

import re
from collections.abc import Iterator, Mapping, Sequence

from kb.domain.sheet_import import CellChange, RowReport, SheetReport, report_row
from kb.domain.spreadsheet import ReadSheet, Sheet, SheetRow
from kb.domain.taxonomy import Indicator

NUMBER, LABEL, ASPECT, AREA = "编号", "名称", "方面", "建设领域"
COLUMNS = (NUMBER, LABEL, ASPECT, AREA)
"""Of the sheet; 编号 and 名称 must be there."""
MOST_ROWS, LONGEST_LABEL = 500, 60
_NUMBER = re.compile(r"[A-Z][A-Z0-9]{0,3}[0-9](\.[0-9]{1,3})?")
"""Ids like I01 or I01.2."""


def indicator_sheet(indicators: Sequence[Indicator]) -> Sheet:
    """The list as one takes it away, to be changed and sent in again."""
    return Sheet("党建指标", COLUMNS, tuple((one.id, one.label, one.aspect, one.area) for one in indicators))


def judge_indicators(
    sheet: ReadSheet,
    known: Sequence[Indicator],
    aspects: Sequence[str],
    areas: Sequence[str],
    uses: Mapping[str, int],
) -> tuple[SheetReport, tuple[Indicator, ...]]:
    """What each row would be; the list counts only where the report is sound. `uses`: cases by the id they name."""
    missing = [label for label in (NUMBER, LABEL) if label not in sheet.columns]
    if missing:
        fault = f"表里没有“{'”“'.join(missing)}”这一列；第一行写列名：{'、'.join(COLUMNS)}。"
        return SheetReport((), (fault,), sheet.remarks), ()
    faults = [] if 0 < len(sheet.rows) <= MOST_ROWS else [f"要有 1 到 {MOST_ROWS} 行，这份有 {len(sheet.rows)} 行。"]
    before, found = {one.id: one for one in known}, [_read(row) for row in sheet.rows]
    reports: list[RowReport] = []
    seen: set[str] = set()
    for row, one in zip(sheet.rows, found, strict=True):
        findings = [*_faults(one, aspects, areas), *(["编号与前面的行重复"] if one.id in seen else [])]
        seen.add(one.id)
        old = before.get(one.id)
        changes = _changes(old, one) if old else ()
        subject = f"{one.id} {one.label}".strip()
        reports.append(report_row(row.number, subject, is_new=old is None, changes=changes, findings=findings))
    gone = [one for one in known if one.id not in seen]
    faults += [
        f"“{one.id} {one.label}”有 {uses[one.id]} 个案例在用，表里不能少了它。" for one in gone if uses.get(one.id)
    ]
    left_out = tuple(f"表里没有“{one.id} {one.label}”，会去掉它。" for one in gone if not uses.get(one.id))
    return SheetReport(tuple(reports), tuple(faults), (*sheet.remarks, *left_out)), tuple(found)


def _read(row: SheetRow) -> Indicator:
    return Indicator(*(" ".join(row.texts.get(label, "").split()) for label in COLUMNS))


def _changes(old: Indicator, new: Indicator) -> tuple[CellChange, ...]:
    pairs = zip(COLUMNS[1:], (old.label, old.aspect, old.area), (new.label, new.aspect, new.area), strict=True)
    return tuple(CellChange(label, before, after) for label, before, after in pairs if before != after)


def _faults(one: Indicator, aspects: Sequence[str], areas: Sequence[str]) -> Iterator[str]:
    if not _NUMBER.fullmatch(one.id):
        yield "编号要写成 I01 或 I01.2 这样"
    if not one.label or len(one.label) > LONGEST_LABEL:
        yield f"名称要写，不超过 {LONGEST_LABEL} 字"
    for label, value, known in ((ASPECT, one.aspect, aspects), (AREA, one.area, areas)):
        if value and value not in known:
            yield f"“{label}”没有“{value[:20]}”，有的是：{'、'.join(known)}；不清楚的空着"
