"""Every chart as sheets: the same numbers, one row a line, to add up and to sort."""

from collections.abc import Mapping, Sequence

from kb.domain.mechanism import LOOP_STEPS
from kb.domain.spreadsheet import Cell, Sheet
from kb.domain.unit_indicator import COLUMNS
from kb.services.measure_loop.analysis import DIMENSIONS, Analysis
from kb.services.measure_loop.coverage import Coverage, OwnCovered
from kb.services.measure_loop.funnel import STEPS, Funnel
from kb.services.measure_loop.heat_map import MEASURES, HeatMap
from kb.services.measure_loop.progress import STAGES, Progress
from kb.services.measure_loop.ranking import Ranking
from kb.services.measure_loop.turns import Turns

REACHED = ("采用", "到过试行", "到过落地", "确认落地", "现已停用")
"""Columns of `Reached`."""


def heat_sheet(heat: HeatMap) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (row.key, row.label, column.label, *heat.cells.get((row.key, column.key), (0, 0, 0, 0)))
        for row in heat.rows
        for column in heat.columns
    ]
    return Sheet("问题与层级", ("问题编号", "问题类型", "层级", *MEASURES.values()), tuple(rows))


def turns_sheets(turns: Turns) -> Sequence[Sheet]:
    rows: list[tuple[Cell, ...]] = [
        (
            row.mechanism.id,
            row.mechanism.title,
            *("是" if code in row.mechanism.loop else "" for code in LOOP_STEPS),
            "已闭环" if row.is_closed else "未闭环",
            row.missing,
            row.cases,
            *row.reached,
        )
        for row in turns.mechanisms
    ]
    columns = ("机制编号", "机制", *LOOP_STEPS.values(), "闭环", "缺", "案例", *REACHED)
    served = tuple((words, turns.served[code]) for code, words in LOOP_STEPS.items())
    return (Sheet("四上四下", ("环节", "机制"), served), Sheet("各机制", columns, tuple(rows)))


def funnel_sheets(funnel: Funnel) -> Sequence[Sheet]:
    steps = zip(STEPS.values(), funnel.cases, funnel.mechanisms, strict=True)
    return (
        Sheet("纳入到落地", ("步骤", "案例（经验）", "机制"), tuple(steps)),
        Sheet("采用", ("走到", "采用"), tuple(zip(REACHED, funnel.adoptions, strict=True))),
    )


def progress_sheet(progress: Progress, titles: Mapping[str, str], *, is_named: bool) -> Sheet:
    """is_named: with who answers for a plan and which units have reported nothing."""
    columns = ("计划", "机制", "状态", "开始", "完成日期", "范围内单位", *STAGES.values(), "进度")
    rows: list[tuple[Cell, ...]] = []
    for one in progress.plans:
        plan = one.plan
        words = (plan.title, titles[plan.mechanism], "推广中" if plan.is_in_force else "已结束")
        named = (plan.answerable, "、".join(one.still)) if is_named else ()
        rows.append((*words, plan.starts_on, plan.target_on, one.scope, *one.reached.values(), one.standing, *named))
    return Sheet("推广进度", (*columns, *(("由谁负责", "没有动的单位") if is_named else ())), tuple(rows))


def analysis_sheet(analysis: Analysis) -> Sheet:
    label = DIMENSIONS[analysis.dimension]
    rows = tuple((line.row.label, line.cases, *line.reached, line.wanted) for line in analysis.lines)
    return Sheet(f"按{label}", (label, "案例", *REACHED, "待征集"), rows)


def ranking_sheet(ranking: Ranking) -> Sheet:
    columns = (
        "组",
        "名次",
        "单位",
        "确认落地的机制",
        "部署任务",
        "其中确认落地",
        "落实率（%）",
        "本单位案例帮到的采用",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            group.label,
            one.rank or "不排",
            one.unit,
            one.confirmed,
            one.tasks,
            one.tasks_confirmed,
            "" if one.rate is None else round(one.rate * 100, 1),
            one.helped,
        )
        for group in ranking.groups
        for one in group.standings
    ]
    return Sheet("单位排名", columns, tuple(rows))


def coverage_sheet(coverage: Coverage) -> Sheet:
    rows = tuple(
        (
            line.indicator.id,
            line.indicator.label,
            line.indicator.aspect,
            line.indicator.area,
            line.cases,
            line.mechanisms,
            *line.reached,
        )
        for line in coverage.lines
    )
    return Sheet("党建指标覆盖", ("编号", "指标", "方面", "建设领域", "案例", "机制", *REACHED), rows)


def own_sheet(lines: Sequence[OwnCovered]) -> Sheet:
    """The columns that were taken in, so that it can be taken in again, and the coverage of each line."""
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        one = line.indicator
        told = (one.code, one.label, one.parent, one.level, one.category, one.counted_in, "、".join(one.covers))
        found = line.found
        rows.append((*told, found.cases, found.mechanisms, *found.reached, line.own.reported, line.own.confirmed))
    columns = (*COLUMNS, "案例", "机制", *REACHED, "本单位采用", "本单位确认落地")
    return Sheet("本单位指标体系", columns, tuple(rows))
