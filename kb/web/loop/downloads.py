"""Every chart as a workbook to save: the numbers of the page, whole."""

from collections.abc import Callable, Mapping, Sequence

from flask import Response, request

from kb.domain.spreadsheet import Sheet
from kb.errors import NotFound
from kb.services.measure_loop import (
    DIMENSIONS,
    Loop,
    analyse,
    cover,
    map_heat,
    measure_funnel,
    measure_progress,
    measure_turns,
    rank_units,
    sheets,
)
from kb.services.measure_loop.ranking import ORDERS
from kb.web.acting import actor
from kb.web.files import workbook_file
from kb.web.loop.asking import looping
from kb.web.loop.pages import blueprint


def _asked(choices: Mapping[str, str], usual: str) -> str:
    asked = request.args.get("by", "")
    return asked if asked in choices else usual


CHARTS: Mapping[str, tuple[str, Callable[[Loop], Sequence[Sheet]]]] = {
    "heat-map": ("问题与层级", lambda loop: [sheets.heat_sheet(map_heat(loop))]),
    "turns": ("四上四下", lambda loop: sheets.turns_sheets(measure_turns(loop))),
    "funnel": ("纳入到落地", lambda loop: sheets.funnel_sheets(measure_funnel(loop))),
    "progress": (
        "推广进度",
        lambda loop: [sheets.progress_sheet(measure_progress(loop), loop.titles, is_named=loop.names_units)],
    ),
    "analysis": (
        "综合分析",
        lambda loop: [sheets.analysis_sheet(analyse(actor(), loop, _asked(DIMENSIONS, "problem")))],
    ),
    "ranking": (
        "单位排名",
        lambda loop: [sheets.ranking_sheet(rank_units(actor(), loop, _asked(ORDERS, "confirmed")))],
    ),
    "indicators": ("党建指标覆盖", lambda loop: [sheets.coverage_sheet(cover(loop))]),
}
"""By the name in the address: what the file is called, and its sheets."""


@blueprint.get("/<chart>.xlsx")
def save(chart: str) -> Response:
    if chart not in CHARTS:
        raise NotFound("没有这张表。", advice="从“闭环总览”的页面上下载。")
    label, build = CHARTS[chart]
    with looping(is_shared=chart == "ranking") as loop:
        made = build(loop)
    return workbook_file(label, made)
