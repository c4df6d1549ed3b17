"""年度报告: what a year brought, counted from the tables that keep it; every number says which table it was counted from."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple, Protocol

from kb.domain.adoption import DAY_OF, REPORTED, Adoption
from kb.domain.kinds import Row
from kb.domain.office_document import Block, DataTable, ItemList, OfficeDocument, Text, section
from kb.domain.partial_date import date_in_words
from kb.domain.taxonomy import Taxonomy
from kb.errors import AskedWrongly
from kb.services.measure_loop import Loop, PlanProgress, Turns, measure_progress, measure_turns
from kb.services.measure_loop.progress import STAGES
from kb.services.ports import Catalogue

FIRST_YEAR = 2000
MOST_TEXTS = 30
"""Texts of wanted problems that are listed; the number beside them counts all."""
CASES, REVISIONS, CORRECTIONS = "案例目录", "修订记录", "纠错记录"
LEDGER, WANTED, PLANS = "推广台账", "待征集问题", "推广计划"
MECHANISMS, TYPES = "机制目录", "问题类型"
_METHOD = (
    f"{CASES}、{MECHANISMS}、{TYPES}：编报时库里的案例、机制和问题类型，不分年度。",
    f"{REVISIONS}：在库里经审核发布的每一次写入，按发布时间归年；直接放进文件夹的文件没有这项记录。",
    f"{CORRECTIONS}：读者报的纠错，收到和答复各按其时间归年。",
    f"{LEDGER}：各单位报的采用，草稿不计；每一阶段按报的日期归年，确认按确认日期归年。",
    f"{WANTED}：各单位和访客提的问题；提出和答复各按其时间归年，还在征集的是编报时的数；没有核过的、不收的、合并到别的问题里的不计。",
    f"{PLANS}：这一年在推广中或已结束的计划；进度是编报时的数。",
    "成效数字照各单位报的原文抄录，没有推算、汇总。",
)


class Span(NamedTuple):
    """A year: UTC times from and before which something belongs to it, and its four figures."""

    year: str
    first: str
    before: str


class YearCounts(Protocol):
    """What was kept of a year."""

    def published(self, span: Span) -> tuple[int, int]:
        """Cases published for the first time, and further revisions of cases."""
        ...

    def corrections(self, span: Span) -> Mapping[str, int]:
        """asked; of those answered in the year accepted (with mended) and declined."""
        ...

    def reached(self, span: Span) -> Mapping[str, int]:
        """Adoptions that came to each stage on a day of the year, and `confirmed`."""
        ...

    def standing(self) -> Mapping[str, int]:
        """Adoptions at each stage now."""
        ...

    def confirmed(self, span: Span) -> Sequence[Adoption]:
        """Adoptions confirmed in the year, by day and unit."""
        ...

    def wanted(self, span: Span) -> Mapping[str, int]:
        """asked and answered in the year; `waiting` now."""
        ...

    def waiting_texts(self, limit: int) -> Sequence[str]:
        """Of those in search of a case now, the oldest first."""
        ...


class Figure(NamedTuple):
    """A number, what it counts and the table it was counted from."""

    label: str
    number: int
    source: str


class YearReport(NamedTuple):
    """All that is told of a year."""

    year: int
    made_on: date
    cases: Sequence[Figure]
    corrections: Sequence[Figure]
    adoptions: Sequence[Figure]
    confirmed: Sequence[Adoption]
    wanted: Sequence[Figure]
    waiting: Sequence[str]
    plans: Sequence[PlanProgress]
    turns: Turns
    uncovered: Sequence[str]
    titles: Mapping[str, str]
    result_labels: Mapping[str, str]

    @property
    def figures(self) -> Sequence[Figure]:
        """Every number that was counted."""
        mechanisms = Figure("未闭环的机制", self.turns.open, MECHANISMS)
        types = Figure("还没有案例的问题类型", len(self.uncovered), TYPES)
        plans = Figure("推广计划", len(self.plans), PLANS)
        return (*self.cases, *self.corrections, *self.adoptions, *self.wanted, plans, mechanisms, types)


def year_span(year: int, today: date) -> Span:
    """Of a year that has begun, by the clock of this machine; raises AskedWrongly for another."""
    if not FIRST_YEAR <= year <= today.year:
        raise AskedWrongly(f"没有 {year} 年的报告。", advice=f"年份写 {FIRST_YEAR} 到 {today.year} 之间的四位数字。")
    first, before = (datetime(one, 1, 1).astimezone(UTC).isoformat(timespec="seconds") for one in (year, year + 1))
    return Span(str(year), first, before)


def count_year(span: Span, counts: YearCounts, catalogue: Catalogue, loop: Loop, loop_of_year: Loop) -> YearReport:
    """loop: of everything; loop_of_year: the same for the plans of the year."""
    first, again = counts.published(span)
    corrections, reached, standing = counts.corrections(span), counts.reached(span), counts.standing()
    wanted, by_problem = counts.wanted(span), catalogue.count_by_problem()
    columns = {column.key: column.label for column in loop.reference.case_template["results"].columns}
    confirmed = counts.confirmed(span)
    plans = measure_progress(loop_of_year).plans
    mechanisms = {one.mechanism for one in confirmed} | {one.plan.mechanism for one in plans}
    return YearReport(
        year=int(span.year),
        made_on=loop.today,
        cases=(
            Figure("编报时库里的案例", len(catalogue.case_ids()), CASES),
            Figure("这一年首次发布的案例", first, REVISIONS),
            Figure("这一年对案例的再次修订", again, REVISIONS),
        ),
        corrections=(
            Figure("这一年收到的纠错", corrections["asked"], CORRECTIONS),
            Figure("这一年答复的：采纳", corrections["accepted"], CORRECTIONS),
            Figure("这一年答复的：不采纳", corrections["declined"], CORRECTIONS),
        ),
        adoptions=(
            *(Figure(f"这一年报“{stage.label}”的", reached[stage.value], LEDGER) for stage in REPORTED),
            Figure("这一年经别的单位确认落地的", reached["confirmed"], LEDGER),
            *(Figure(f"编报时处在“{stage.label}”的", standing[stage.value], LEDGER) for stage in REPORTED),
        ),
        confirmed=confirmed,
        wanted=(
            Figure("这一年提出的待征集问题", wanted["asked"], WANTED),
            Figure("这一年答复的", wanted["answered"], WANTED),
            Figure("编报时还在征集的", wanted["waiting"], WANTED),
        ),
        waiting=counts.waiting_texts(MOST_TEXTS),
        plans=plans,
        turns=measure_turns(loop),
        uncovered=[*_uncovered(loop.taxonomy, {problem for problem, one in by_problem.items() if one.cases})],
        titles=catalogue.mechanism_titles(mechanisms),
        result_labels=columns,
    )


def _uncovered(taxonomy: Taxonomy, covered: set[str]) -> Iterator[str]:
    """Problem types of the lower level, or of the upper one where it has none below, that no case names."""
    for problem in taxonomy.problems.values():
        if not taxonomy.children_of(problem.id) and problem.id not in covered:
            yield f"{problem.id} {problem.label}"


def lay_out_year(report: YearReport) -> OfficeDocument:
    """As a document: a section each, empty ones saying so, sources and method at the end."""
    blocks: list[Block] = [
        Text(
            f"本报告按案例库的记录编成，截至{date_in_words(report.made_on.isoformat())}。每个数字后面写明数自哪里，统计办法附在文末。"
        )
    ]
    for title, content in (
        ("一、案例入库", (_figures("案例入库", report.cases),)),
        ("二、内容纠错", (_figures("内容纠错", report.corrections),)),
        ("三、机制采用", (_figures("机制采用", report.adoptions),)),
        ("四、经确认的落地", _confirmed(report)),
        ("五、待征集问题", _wanted(report)),
        ("六、推广计划完成情况", _plans(report)),
        ("七、未闭环的机制", _open_loops(report)),
        (
            "八、还没有案例的问题类型",
            _listed(report.uncovered, f"{len(report.uncovered)} 个，数自{TYPES}和{CASES}。", "每个问题类型都有案例。"),
        ),
    ):
        blocks += section(title, content)
    notes = ("数字出处和统计办法：", *_METHOD)
    return OfficeDocument(f"{report.year}年案例推广工作年度报告", tuple(blocks), notes=notes)


def _figures(caption: str, figures: Sequence[Figure]) -> DataTable:
    rows = tuple((one.label, str(one.number), one.source) for one in figures)
    return DataTable(caption, ("项目", "数", "数自"), rows)


def _confirmed(report: YearReport) -> tuple[Block, ...]:
    if not report.confirmed:
        return (Text("这一年没有经别的单位确认的落地。"),)
    rows = tuple(
        (
            one.unit,
            report.titles.get(one.mechanism, one.mechanism),
            f"{date_in_words(one.landed_on)}落地\n{date_in_words(one.confirmed_on)}由{one.confirmed_unit}确认",
            "\n".join(_result(row) for row in one.results) or "没有报成效数据",
        )
        for one in report.confirmed
    )
    told = Text(f"共 {len(rows)} 项，数自{LEDGER}。成效照各单位报的原文抄录。")
    return (told, DataTable("经确认的落地", ("单位", "机制", "落地与确认", "成效（照报送原文）"), rows))


def _result(row: Row) -> str:
    def dated(key: str) -> str:
        day = row.get(f"{key}_on", "")
        return f"{row[key]}（{date_in_words(day)}）" if day else row[key]

    figures = " → ".join(dated(key) for key in ("before", "now") if row.get(key))
    counted_in = f"，计量单位：{row['counted_in']}" if row.get("counted_in") else ""
    note = f"，注：{row['note']}" if row.get("note") else ""
    return f"{row.get('measure', '')}：{figures}{counted_in}{note}"


def _wanted(report: YearReport) -> tuple[Block, ...]:
    waiting = report.wanted[-1].number
    if not waiting:
        return (_figures("待征集问题", report.wanted), Text("没有还在征集的问题。"))
    more = f"（最早的 {len(report.waiting)} 个）" if waiting > len(report.waiting) else ""
    return (
        _figures("待征集问题", report.wanted),
        Text(f"还在征集的{more}："),
        ItemList(tuple(report.waiting), is_numbered=True),
    )


def _plans(report: YearReport) -> tuple[Block, ...]:
    if not report.plans:
        return (Text("这一年没有推广计划。"),)
    rows = tuple(
        (
            one.plan.title,
            report.titles.get(one.plan.mechanism, one.plan.mechanism),
            date_in_words(one.plan.target_on) or "没有定",
            str(one.scope),
            "，".join(f"{label} {one.reached[stage]}" for stage, label in STAGES.items() if one.reached[stage]),
            one.standing,
        )
        for one in report.plans
    )
    columns = ("计划", "机制", "目标日期", "应推广单位", "到了哪一步的单位", "进度")
    return (Text(f"共 {len(rows)} 份，数自{PLANS}和{LEDGER}。"), DataTable("推广计划完成情况", columns, rows))


def _open_loops(report: YearReport) -> tuple[Block, ...]:
    open_ones = [one for one in report.turns.mechanisms if not one.is_closed]
    lines = [f"{one.mechanism.title}（缺“{one.missing}”）" for one in open_ones]
    total = len(report.turns.mechanisms)
    return _listed(
        lines,
        f"{total} 个机制中 {len(lines)} 个未闭环，数自{MECHANISMS}。",
        "库里的机制都已闭环。" if total else "库里还没有机制。",
    )


def _listed(lines: Sequence[str], told: str, nothing: str) -> tuple[Block, ...]:
    return (Text(told), ItemList(tuple(lines))) if lines else (Text(nothing),)


STAGE_DAYS = {stage.value: DAY_OF[stage] for stage in REPORTED}
"""The column of the day each stage was come to."""
