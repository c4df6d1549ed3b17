"""单位表: a unit's people keep its sheet; a workbook of many is looked over row by row and taken whole or not at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from kb.domain.accounts import Actor, Right, require
from kb.domain.adoption import Adoption
from kb.domain.audited import Deed, Outcome
from kb.domain.drafting import tidy
from kb.domain.sheet_import import CellChange, RowReport, SheetReport, Verdict, report_row
from kb.domain.spreadsheet import ReadSheet, Sheet, SheetRow
from kb.domain.taxonomy import Taxonomy
from kb.domain.template import Template
from kb.domain.unit_sheet import UnitSheet, check_unit_sheet, key_of_unit, may_keep, require_keeper
from kb.domain.unit_table import SHEET_NAME, UNIT, VERSION, build_unit_table, fields_of_row, labels_of, told_cells
from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound
from kb.services.adoptions import Adoptions, LedgerFilter, Trail, drafts_seen_by
from kb.services.unit_sheets import UnitSheets

MOST_ADOPTIONS = 200
"""Of one unit, on its page."""
MOST_CHANGES_TOLD = 400
"""Characters of what changed that the audit trail is told."""


class SheetConflict(Conflict):
    """Somebody else changed the sheet meanwhile; nothing was kept, `theirs` is what stands now."""

    def __init__(self, theirs: UnitSheet) -> None:
        super().__init__("刚才有人改过这张表，没有存。", advice="对照现在的内容再存；你填的还在下面。")
        self.theirs = theirs


class UnitFilter(NamedTuple):
    """Which units: label of kind and level, first figures of the region's code, part of the name; "" for any.

    `filled`: "yes" those with a sheet, "no" those without.
    """

    kind: str = ""
    level: str = ""
    region: str = ""
    name: str = ""
    filled: str = ""


class UnitLine(NamedTuple):
    """A unit in the list: where the register places it ("" for one it does not have), and its sheet."""

    key: str
    level: str
    region: str
    sheet: UnitSheet


class UnitSheetKeeping:
    """What people of units and those who promote do with the sheets. The caller commits."""

    def __init__(
        self,
        sheets: UnitSheets,
        adoptions: Adoptions,
        trail: Trail,
        template: Template,
        taxonomy: Taxonomy,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._sheets = sheets
        self._adoptions = adoptions
        self._trail = trail
        self.template = template
        self._taxonomy = taxonomy
        self._now = now

    def lines(self, actor: Actor, wanted: UnitFilter) -> list[UnitLine]:
        """Units of the register in its order, then others that have a sheet, then the actor's own; own unit first."""
        require(actor, Right.READ_INTERNAL)
        kept = self._sheets.all()
        found = [self._line(unit, kept) for unit in self._known(actor, kept)]
        found.sort(key=lambda line: line.sheet.unit != actor.unit)
        return [line for line in found if _is_wanted(line, wanted)]

    def open(self, actor: Actor, key: str) -> UnitLine:
        """By its key; raises NotFound for a unit nobody knows."""
        require(actor, Right.READ_INTERNAL)
        kept = self._sheets.all()
        for unit in self._known(actor, kept):
            if key_of_unit(unit) == key:
                return self._line(unit, kept)
        raise NotFound("没有这个单位。", advice="从“单位表”里打开；名册里没有的，请库管员登记。")

    def adopted(self, actor: Actor) -> Mapping[str, Sequence[str]]:
        """By unit the mechanisms it reported the adoption of."""
        require(actor, Right.READ_INTERNAL)
        return self._sheets.adopted()

    def adoptions_of(self, actor: Actor, unit: str) -> Sequence[Adoption]:
        """Those of a unit the actor may see, the last told of first."""
        require(actor, Right.READ_INTERNAL)
        wanted = LedgerFilter(unit=unit, with_drafts_of=drafts_seen_by(actor))
        return self._adoptions.listed(wanted, limit=MOST_ADOPTIONS)

    def take_out(self, actor: Actor, wanted: UnitFilter, titles: Mapping[str, str]) -> Sheet:
        """The table of these units, those without a sheet as rows to fill in; that it was taken is noted."""
        lines = self.lines(actor, wanted)
        adopted = {
            unit: [titles.get(one, one) for one in mechanisms] for unit, mechanisms in self.adopted(actor).items()
        }
        told = "；".join(filter(None, wanted)) or "全部"
        self._trail.note(actor, Deed.LEDGER_EXPORTED, "unit-sheet", Outcome.DONE, f"单位表 {len(lines)} 行（{told}）")
        return build_unit_table(self.template, [line.sheet for line in lines], self._taxonomy, adopted)

    def keep(self, actor: Actor, key: str, version: int, fields: Mapping[str, Any]) -> UnitSheet:
        """Keeps the answers; raises AskedWrongly naming all that is wrong, SheetConflict when `version` is not the newest."""
        current = self.open(actor, key).sheet
        if not may_keep(actor, current.unit):
            raise Forbidden("这是别的单位的表，你不能改。", advice="由这个单位的人自己填。")
        if current.version != version:
            raise SheetConflict(current)
        tidied = tidy(self.template, fields)
        faults = check_unit_sheet(self.template, tidied, self._taxonomy)
        if faults:
            raise AskedWrongly("\n".join(faults), advice="改好再存，填的都还在下面。")
        if tidied == current.fields:
            return current
        return self._put(actor, current, tidied)

    def look_over(self, actor: Actor, sheets: Sequence[ReadSheet]) -> SheetReport:
        """What would become of each row; changes nothing."""
        return self._judge(actor, sheets)[0]

    def take_in(self, actor: Actor, sheets: Sequence[ReadSheet]) -> SheetReport:
        """All rows, or AskedWrongly and none."""
        report, wanted = self._judge(actor, sheets)
        if not report.is_sound:
            raise AskedWrongly("表里有不能收的行，一行也没有收。", advice="照下面逐行改好，再上传一次。")
        for current, fields in wanted:
            self._put(actor, current, fields)
        return report

    def _judge(
        self, actor: Actor, sheets: Sequence[ReadSheet]
    ) -> tuple[SheetReport, list[tuple[UnitSheet, dict[str, Any]]]]:
        require_keeper(actor)
        sheet = next((one for one in sheets if one.name == SHEET_NAME), sheets[0])
        missing = [label for label in (UNIT, VERSION) if label not in sheet.columns]
        if missing:
            fault = f"表里没有“{'”“'.join(missing)}”这一列：先下载现在的表，在它上面改。"
            return SheetReport((), (fault,), sheet.remarks), []
        absent = [label for label in labels_of(self.template) if label not in sheet.columns]
        if absent:
            fault = f"表里少了“{'”“'.join(absent)}”：先下载现在的表，在它上面改；不填的空着，不要删去列。"
            return SheetReport((), (fault,), sheet.remarks), []
        kept = self._sheets.all()
        known = frozenset(self._known(actor, kept))
        seen: dict[str, int] = {}
        rows: list[RowReport] = []
        wanted = []
        for row in sheet.rows:
            told, current, fields = self._judge_row(actor, row, kept, known, seen)
            rows.append(told)
            if told.verdict in (Verdict.NEW, Verdict.CHANGED):
                wanted.append((current, fields))
        return SheetReport(tuple(rows), () if rows else ("表里没有一行数据。",), sheet.remarks), wanted

    def _judge_row(
        self, actor: Actor, row: SheetRow, kept: Mapping[str, UnitSheet], known: frozenset[str], seen: dict[str, int]
    ) -> tuple[RowReport, UnitSheet, dict[str, Any]]:
        unit = " ".join(row.texts[UNIT].split())
        current = kept.get(unit, UnitSheet(unit))
        fields = tidy(self.template, fields_of_row(self.template, row.texts, self._taxonomy))
        changes = self._changes(current.fields, fields)
        findings = [*self._faults_of_row(actor, unit, row.texts[VERSION], current, known, seen, bool(changes))]
        seen.setdefault(unit, row.number)
        if changes and not findings:
            findings = check_unit_sheet(self.template, fields, self._taxonomy)
        told = report_row(
            row.number, unit, is_new=not current.is_filled and bool(changes), changes=changes, findings=findings
        )
        return told, current, fields

    @staticmethod
    def _faults_of_row(
        actor: Actor, unit: str, version: str, current: UnitSheet, known: frozenset[str], seen: Mapping[str, int],
        is_changed: bool,
    ) -> Iterable[str]:  # fmt: skip
        if not unit:
            yield "没有写单位：写名册里的全称。"
        elif unit in seen:
            yield f"和第 {seen[unit]} 行是同一个单位：留一行。"
        elif unit not in known:
            yield f"名册里没有“{unit[:40]}”：写名册里的全称，或先请库管员登记。"
        elif is_changed and not may_keep(actor, unit):
            yield "这是别的单位的表，你不能改：删去这一行。"
        elif (version or "0") != str(current.version):
            yield f"导出以后有人改过（现在是第 {current.version} 版）：重新下载，在新的表上改。"

    def _put(self, actor: Actor, current: UnitSheet, fields: Mapping[str, Any]) -> UnitSheet:
        at = self._now().isoformat(timespec="seconds")
        changed = replace(current, fields=dict(fields), changed_at=at, changed_by=actor.number)
        if not self._sheets.put(changed):
            raise SheetConflict(self._sheets.find(current.unit) or current)
        told = "；".join(
            f"{one.label}：{one.before or '空'} → {one.after or '空'}" for one in self._changes(current.fields, fields)
        )
        self._trail.note(
            actor, Deed.UNIT_SHEET_CHANGED, f"unit-sheet:{current.unit}", Outcome.DONE, told[:MOST_CHANGES_TOLD]
        )
        return replace(changed, version=current.version + 1)

    def _changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[CellChange]:
        was, now = (told_cells(self.template, fields, self._taxonomy) for fields in (before, after))
        return [CellChange(label, was[label], now[label]) for label in was if was[label] != now[label]]

    def _known(self, actor: Actor, kept: Mapping[str, UnitSheet]) -> list[str]:
        own = [actor.unit] if actor.unit else []
        return list(dict.fromkeys((*self._taxonomy.units, *sorted(kept), *own)))

    def _line(self, unit: str, kept: Mapping[str, UnitSheet]) -> UnitLine:
        place = self._taxonomy.units.get(unit)
        level, region = (place.level, place.region) if place else ("", "")
        return UnitLine(key_of_unit(unit), level, region, kept.get(unit, UnitSheet(unit)))


def _is_wanted(line: UnitLine, wanted: UnitFilter) -> bool:
    return (
        wanted.kind in ("", line.sheet.kind)
        and wanted.level in ("", line.level)
        and line.region.startswith(wanted.region)
        and wanted.name in line.sheet.unit
        and wanted.filled in ("", "yes" if line.sheet.is_filled else "no")
    )
