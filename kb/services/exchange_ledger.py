"""台账导出导入: the ledger goes out as a workbook; one that comes in is looked over row by row and taken whole or not at all.

Who brings one may change the lines of their own unit, or of every unit if they promote. A line that was changed since the
export is told as a conflict, never written over. Confirmations come from other units alone, never from a sheet.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from kb.domain.accounts import Actor, Right, require
from kb.domain.adoption import Adoption, AdoptionStage, Manner
from kb.domain.audited import Deed, Outcome
from kb.domain.ledger_steps import Step, Taken, changed_keys, follow_line, subject_of
from kb.domain.ledger_table import LABELS, NEW, LedgerLine, build_ledger, read_ledger
from kb.domain.sheet_import import RowReport, SheetReport, Verdict, report_row
from kb.domain.spreadsheet import ReadSheet, Sheet
from kb.errors import AskedWrongly, Conflict
from kb.services.adoptions import (
    AdoptionEvent,
    Adoptions,
    EventKind,
    LedgerFilter,
    Trail,
    drafts_seen_by,
    may_edit,
    may_see,
)
from kb.services.confirm_adoption import UnitsByMechanism, source_units_of
from kb.services.keep_adoptions import RESULT_COLUMNS, AdoptionWish, check_wish
from kb.services.ports import Catalogue, ReferenceData
from kb.services.promote_mechanism import Plans

MOST_ROWS = 10_000
"""Adoptions of one workbook: as many as are read back."""
MOST_RESULT_ROWS = 30_000
_FIXED = ("unit", "mechanism", "case_id", "manner", "plan")
_CONFIRMED = ("confirmed_unit", "confirmed_on")


class _Asked(NamedTuple):
    """What is asked once for all lines: adoptions by number, units by mechanism and case, cases the actor may see."""

    adoptions: Mapping[int, Adoption]
    units: Mapping[str, Mapping[str, str]]
    cases: frozenset[str]


class LedgerExchange:
    """The ledger out and in for one request. The caller commits."""

    def __init__(
        self,
        adoptions: Adoptions,
        plans: Plans,
        trail: Trail,
        catalogue: Catalogue,
        units_by_mechanism: UnitsByMechanism,
        reference: ReferenceData,
        *,
        now: Callable[[], datetime],
        today: Callable[[], date],
    ) -> None:
        self._adoptions = adoptions
        self._plans = plans
        self._trail = trail
        self._catalogue = catalogue
        self._units_by_mechanism = units_by_mechanism
        self._units = reference.references.taxonomy.units
        columns = {column.key: column.label for column in reference.case_template["results"].columns}
        self._result_labels = {key: columns[key] for key in RESULT_COLUMNS}
        self._now = now
        self._today = today

    def take_out(self, actor: Actor, wanted: LedgerFilter) -> tuple[Sheet, ...]:
        """The sheets of the adoptions the actor may see, by number; raises AskedWrongly for more than MOST_ROWS.

        Of a case he may not see the number is left out; a line that comes back without it keeps it.
        """
        require(actor, Right.READ_INTERNAL)
        seen = wanted._replace(with_drafts_of=drafts_seen_by(actor))
        found = sorted(self._adoptions.listed(seen, limit=MOST_ROWS + 1), key=lambda one: one.number)
        if len(found) > MOST_ROWS or sum(len(one.results) for one in found) > MOST_RESULT_ROWS:
            told = f"超过 {MOST_ROWS} 条，或成效数据超过 {MOST_RESULT_ROWS} 行"
            raise AskedWrongly(f"{told}，一次导不出来。", advice="按单位、机制或年份筛选，分几次导出。")
        stage = wanted.stage.label if wanted.stage else ""
        told = "；".join(filter(None, (wanted.unit, wanted.mechanism, stage, wanted.year))) or "全部"
        self._trail.note(actor, Deed.LEDGER_EXPORTED, "ledger", Outcome.DONE, f"{len(found)} 条（{told}）")
        titles = self._catalogue.mechanism_titles({one.mechanism for one in found})
        seen_cases = self._catalogue.case_ids()
        found = [one if one.case_id in seen_cases else replace(one, case_id="") for one in found]
        return build_ledger(found, titles, self._result_labels)

    def look_over(self, actor: Actor, sheets: Sequence[ReadSheet]) -> SheetReport:
        """What would become of each row; changes nothing."""
        return self._judge(actor, sheets)[0]

    def take_in(self, actor: Actor, sheets: Sequence[ReadSheet], name: str) -> SheetReport:
        """All rows of the file of that name, or AskedWrongly and none."""
        report, taken = self._judge(actor, sheets)
        if not report.is_sound:
            raise AskedWrongly("表里有不能收的行，一行也没有收。", advice="照下面逐行改好，再上传一次。")
        for line in taken:
            self._take(actor, line.steps)
        counts = report.counts
        told = f"{name[:80]}：新增 {counts[Verdict.NEW]} 条，改动 {counts[Verdict.CHANGED]} 条"
        self._trail.note(actor, Deed.LEDGER_IMPORTED, "ledger", Outcome.DONE, told)
        return report

    def _judge(self, actor: Actor, sheets: Sequence[ReadSheet]) -> tuple[SheetReport, list[Taken]]:
        require(actor, Right.READ_INTERNAL)
        if not (actor.may(Right.ADOPT) or actor.may(Right.PROMOTE)):
            require(actor, Right.ADOPT)
        lines, faults = read_ledger(sheets, self._result_labels)
        if len(lines) > MOST_ROWS:  # every other writer waits while they are taken in
            return SheetReport((), (f"超过 {MOST_ROWS} 条，一次收不下：分几次导入。",)), []
        remarks = tuple(remark for sheet in sheets for remark in sheet.remarks)
        numbers = [int(line.number) for line in lines if _is_number(line.number)]
        asked = _Asked(
            self._adoptions.numbered(numbers),
            self._units_by_mechanism({line.texts["mechanism"] for line in lines if _is_new(line)}),
            self._catalogue.case_ids(),
        )
        seen: dict[str, int] = {}
        taken = []
        for line in lines:
            taken.append(self._judge_line(actor, line, asked, seen))
        return SheetReport(self._named([one.report for one in taken]), tuple(faults), remarks), taken

    def _named(self, rows: Sequence[RowReport]) -> tuple[RowReport, ...]:
        """The rows with the title of each mechanism for its id, where it has one."""
        parted = [row.subject.rpartition(" · ") for row in rows]
        titles = self._catalogue.mechanism_titles({mechanism for _, _, mechanism in parted})
        return tuple(
            row._replace(subject=f"{unit}{dot}{titles.get(mechanism, mechanism)}")
            for row, (unit, dot, mechanism) in zip(rows, parted, strict=True)
        )

    def _judge_line(self, actor: Actor, line: LedgerLine, asked: _Asked, seen: dict[str, int]) -> Taken:
        if line.number and line.number in seen:
            return _refused(line, f"和第 {seen[line.number]} 行编号相同：留一行。")
        seen[line.number] = line.row
        if _is_new(line):
            return self._judge_new(actor, line, asked, seen)
        current = asked.adoptions.get(int(line.number)) if _is_number(line.number) else None
        if current is None or not may_see(actor, current):
            return _refused(line, f"台账里没有编号“{line.number[:20]}”：新增的一行，编号空着或写“{NEW}1”。")
        if not line.texts["case_id"] and current.case_id not in asked.cases:
            line = line._replace(texts={**line.texts, "case_id": current.case_id})
        return self._judge_known(actor, line, current)

    def _judge_known(self, actor: Actor, line: LedgerLine, current: Adoption) -> Taken:
        changed = changed_keys(line, current, self._result_labels)
        is_own = may_edit(actor, current) or actor.may(Right.PROMOTE)
        if not changed or (not is_own and line.version != str(current.version)):
            return Taken(report_row(line.row, subject_of(current), is_new=False, changes=(), findings=()))
        findings = [*_faults_of_standing(line, current, changed, is_own=is_own)]
        if current.stage is AdoptionStage.STOPPED and "stage" in changed:
            findings += self._faults_of_running(current.unit, current.mechanism)
        if findings:
            return Taken(report_row(line.row, subject_of(current), is_new=False, changes=(), findings=findings))
        return follow_line(line, current, self._result_labels, self._today(), is_new=False)

    def _judge_new(self, actor: Actor, line: LedgerLine, asked: _Asked, seen: dict[str, int]) -> Taken:
        texts = line.texts
        unit = texts["unit"] or actor.unit
        subject = f"{unit} · {texts['mechanism']}"
        wish = AdoptionWish(
            texts["mechanism"], texts["case_id"], int(texts["plan"]) if _is_number(texts["plan"]) else 0
        )
        manner = Manner.ASSIGNED if wish.plan else Manner.OWN
        findings = [*self._faults_of_new(actor, line, unit, wish, manner, asked)]
        pair = f"{unit}\n{wish.mechanism}"
        if pair in seen:
            findings.append(f"和第 {seen[pair]} 行是同一个单位、同一个机制：留一行。")
        seen[pair] = line.row
        if findings:
            return Taken(report_row(line.row, subject, is_new=True, changes=(), findings=findings))
        empty = Adoption(0, unit, wish.mechanism, wish.case_id, wish.plan, manner, AdoptionStage.DRAFT)
        given = line._replace(texts={**texts, "unit": unit, "manner": manner.label, "plan": str(wish.plan or "")})
        return follow_line(given, empty, self._result_labels, self._today(), is_new=True)

    def _faults_of_new(
        self, actor: Actor, line: LedgerLine, unit: str, wish: AdoptionWish, manner: Manner, asked: _Asked
    ) -> Iterator[str]:
        texts = line.texts
        if not unit:
            yield "没有写单位：写名册里的全称。"
        elif not actor.may(Right.PROMOTE) and unit != actor.unit:
            yield "只能填报本单位的采用：改成本单位，或删去这一行。"
        elif unit != actor.unit and unit not in self._units:
            yield f"名册里没有“{unit[:40]}”：写名册里的全称，或先请库管员登记。"
        if line.version not in ("", "0"):
            yield "新增的一行不写版本：把“版本”空着。"
        if texts["plan"] and not _is_number(texts["plan"]):
            yield "“计划编号”是数字：写推广计划的编号，自主采用的空着。"
        if texts["manner"] not in ("", manner.label):
            yield f"“来由”应当是“{manner.label}”：有计划编号的是部署，没有的是自主。"
        if any(texts[key] for key in _CONFIRMED):
            yield "确认不能从表里填：把“确认单位”“确认日期”空着。"
        try:
            check_wish(wish, self._catalogue, self._plans.find(wish.plan) if wish.plan else None)
        except AskedWrongly as error:
            yield f"{error.message}{error.advice}"
            return
        if unit in source_units_of(wish.mechanism, wish.case_id, asked.units):
            yield "这是本单位自己的案例，不用采用：删去这一行。"
        yield from self._faults_of_running(unit, wish.mechanism)

    def _faults_of_running(self, unit: str, mechanism: str) -> Iterator[str]:
        running = self._adoptions.running(unit, mechanism)
        if running:
            yield f"这个单位已经在采用这个机制（第 {running.number} 号）：在那一行上改。"

    def _take(self, actor: Actor, steps: Sequence[Step]) -> None:
        at = self._now().isoformat(timespec="seconds")
        made: dict[str, Any] = {}
        for step in steps:
            told = replace(step.after, news_at=at, **made)
            if step.before is None:
                told = self._adoptions.add(replace(told, made_at=at, made_by=actor.number))
                made = {"number": told.number, "made_at": at, "made_by": actor.number}
                self._note(actor, Deed.ADOPTION_RECORDED, EventKind.RECORDED, told, step.words)
                continue
            if not self._adoptions.change(told):
                raise Conflict("导入时有人改了台账，一行也没有收。", advice="重新下载，在新的表上改。")
            kind = EventKind.AMENDED if step.before.stage is told.stage else EventKind.REPORTED
            self._note(actor, Deed.ADOPTION_REPORTED, kind, told, step.words, replace(step.before, **made))

    def _note(
        self, actor: Actor, deed: Deed, kind: EventKind, kept: Adoption, words: str, before: Adoption | None = None
    ) -> None:
        self._adoptions.note(AdoptionEvent(0, kept.number, kept.news_at, actor.number, kind, words, before))
        self._trail.note(actor, deed, f"adoption:{kept.number}", Outcome.DONE, f"{kept.mechanism}：{words}")


def _refused(line: LedgerLine, finding: str) -> Taken:
    subject = f"{line.texts['unit']} · {line.texts['mechanism']}"
    return Taken(report_row(line.row, subject, is_new=False, changes=(), findings=[finding]))


def _faults_of_standing(line: LedgerLine, current: Adoption, changed: Sequence[str], *, is_own: bool) -> Iterator[str]:
    if not is_own:
        yield "这是别的单位的采用，你不能改：恢复原样，或删去这一行。"
    elif line.version != str(current.version):
        yield f"导出以后有人改过（现在是第 {current.version} 版）：重新下载，在新的表上改。"
    else:
        fixed = [LABELS[key] for key in _FIXED if key in changed]
        if fixed:
            yield f"“{'”“'.join(fixed)}”登记以后不能改：恢复原样；要换的，先停用这一条，再另登记一条。"
        if any(key in changed for key in _CONFIRMED):
            yield "确认不能从表里填：恢复“确认单位”“确认日期”的原样。"


def _is_new(line: LedgerLine) -> bool:
    return not line.number or line.number.startswith(NEW)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < len(text) <= 15
