"""The pages of the loop, a view each; all under one slice, carried from page to page."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from kb.domain.mechanism import LOOP_STEPS, is_loop_closed
from kb.services.measure_loop import (
    DIMENSIONS,
    Loop,
    Reached,
    analyse,
    cover,
    map_heat,
    measure_funnel,
    measure_progress,
    measure_turns,
    open_cell,
    rank_units,
)
from kb.services.measure_loop.cell import MOST_LISTED
from kb.services.measure_loop.funnel import STEPS
from kb.services.measure_loop.heat_map import MEASURES
from kb.services.measure_loop.progress import STAGES
from kb.services.measure_loop.ranking import FEWEST, FEWEST_PEERS, ORDERS
from kb.services.measure_loop.sheets import REACHED
from kb.web.acting import actor
from kb.web.loop.asking import choices, looping, page_of
from kb.web.loop.figures import bar_chart, funnel_steps, heat_figure, plan_bars

blueprint = Blueprint("loop", __name__, url_prefix="/loop")

TABS = {
    "show": "问题与层级", "show_turns": "四上四下", "show_funnel": "纳入到落地", "show_progress": "推广进度",
    "show_analysis": "综合分析", "show_ranking": "单位排名", "show_indicators": "党建指标",
}  # fmt: skip
"""Views and what their link is called."""
MOST_BARS, MOST_ROWS, PLANS = 20, 50, 12
"""Rows of a drawing, of a table, and plans on a page; what is left out is said, and is in the xlsx."""


@blueprint.get("")
def show() -> str:
    measure = request.args.get("show", "")
    measure = measure if measure in MEASURES else "cases"
    with looping() as loop:
        heat = map_heat(loop)
        reached = loop.ledger.adoptions(loop.adoption_slice, ()).get((), Reached())
        mechanisms = [one for one in loop.mechanisms if loop.fits(one)]
        return _render(
            "heat_map.html", loop, heat=heat, figure=heat_figure(heat, measure), measure=measure, measures=MEASURES,
            reached=reached, open=sum(1 for one in mechanisms if not is_loop_closed(one.loop)),
        )  # fmt: skip


@blueprint.get("/cell")
def show_cell() -> str:
    with looping() as loop:
        return _render("cell.html", loop, cell=open_cell(loop), titles=loop.titles, most=MOST_LISTED)


@blueprint.get("/turns")
def show_turns() -> str:
    is_open = request.args.get("open") == "1"
    with looping() as loop:
        turns = measure_turns(loop)
        rows = [row for row in turns.mechanisms if not (is_open and row.is_closed)]
        page, pages = page_of(request.args, len(rows), MOST_ROWS)
        chart = bar_chart(((words, (turns.served[code],)) for code, words in LOOP_STEPS.items()), ("机制",))
        shown = rows[(page - 1) * MOST_ROWS : page * MOST_ROWS]
        return _render(
            "turns.html", loop, turns=turns, rows=shown, total=len(rows), page=page, pages=pages, steps=LOOP_STEPS,
            chart=chart, is_open=is_open,
        )  # fmt: skip


@blueprint.get("/funnel")
def show_funnel() -> str:
    with looping() as loop:
        funnel = measure_funnel(loop)
        drawn = {
            "案例（经验）": funnel_steps(zip(STEPS.values(), funnel.cases, strict=True)),
            "机制": funnel_steps(zip(STEPS.values(), funnel.mechanisms, strict=True)),
        }
        chart = bar_chart(
            ((label, (number,)) for label, number in zip(REACHED, funnel.adoptions, strict=True)), ("采用",)
        )
        return _render("funnel.html", loop, funnel=funnel, drawn=drawn, steps=STEPS, reached=REACHED, chart=chart)


@blueprint.get("/progress")
def show_progress() -> str:
    with looping() as loop:
        progress = measure_progress(loop)
        page, pages = page_of(request.args, len(progress.plans), PLANS)
        plans = progress.plans[(page - 1) * PLANS : page * PLANS]
        return _render(
            "progress.html", loop, progress=progress, plans=plans, bars=plan_bars(plans), page=page, pages=pages,
            titles=loop.titles, stages=STAGES,
        )  # fmt: skip


@blueprint.get("/analysis")
def show_analysis() -> str:
    dimension = request.args.get("by", "")
    dimension = dimension if dimension in DIMENSIONS else "problem"
    with looping() as loop:
        analysis = analyse(actor(), loop, dimension)
        names = ("案例", "采用", "确认落地")
        lines = analysis.lines[:MOST_BARS]
        chart = bar_chart(
            ((one.row.label, (one.cases, one.reached.reported, one.reached.confirmed)) for one in lines),
            names,
            scales=(0, 1, 1),
        )
        return _render(
            "analysis.html", loop, analysis=analysis, rows=analysis.lines[:MOST_ROWS], chart=chart, most=MOST_BARS,
            dimensions={key: label for key, label in DIMENSIONS.items() if key != "unit" or loop.names_units},
            reached=REACHED,
        )  # fmt: skip


@blueprint.get("/ranking")
def show_ranking() -> str:
    order = request.args.get("by", "")
    order = order if order in ORDERS else "confirmed"
    with looping(is_shared=True) as loop:
        ranking = rank_units(actor(), loop, order)
        charts = {
            group.label: bar_chart(
                ((f"{one.rank}. {one.unit}", (one.confirmed, one.tasks)) for one in group.standings[:10] if one.rank),
                ("确认落地", "部署任务"),
                scales=(0, 0),
            )
            for group in ranking.groups
        }
        return _render(
            "ranking.html",
            loop,
            ranking=ranking,
            charts=charts,
            orders=ORDERS,
            fewest=FEWEST,
            fewest_peers=FEWEST_PEERS,
            most=MOST_ROWS,
        )


@blueprint.get("/indicators")
def show_indicators() -> str:
    with looping() as loop:
        coverage = cover(loop)
        chart = bar_chart(
            ((one.indicator.label, (one.cases, one.reached.reported)) for one in coverage.lines[:MOST_BARS]),
            ("案例", "采用"),
        )
        return _render(
            "indicators.html", loop, coverage=coverage, chart=chart, rows=coverage.lines[:MOST_ROWS],
            taxonomy=loop.taxonomy, most=MOST_BARS,
        )  # fmt: skip


def _render(name: str, loop: Loop, **values: Any) -> str:
    """The page, with the form of its slice and the links to the other pages."""
    kept = {key: value for key, value in loop.slice._asdict().items() if value}
    tabs = [
        (label, url_for(f"loop.{view}", **kept), request.endpoint == f"loop.{view}") for view, label in TABS.items()
    ]
    return render_template(
        f"loop/{name}", slice=loop.slice, kept=kept, tabs=tabs, choices=choices(loop), names_units=loop.names_units,
        **values,
    )  # fmt: skip
