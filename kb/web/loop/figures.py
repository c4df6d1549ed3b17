"""Numbers to geometry: where a bar ends, how dark a cell is. Units are those of the drawing, 400 or 560 wide.

No colour says anything that a number, a word or a pattern does not say beside it.
"""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple

from kb.services.measure_loop import HeatMap, PlanProgress
from kb.services.measure_loop.progress import STAGES

BAR_WIDTH, BAR_STEP, ROW_HEAD, ROW_GAP = 320.0, 13.0, 16.0, 9.0
"""The longest bar; one bar and the space under it; the line of words above the bars of a row; space between rows."""
SHADES = 4
LABEL_WIDTH, CELL_WIDTH, CELL_HEIGHT, HEAD_HEIGHT = 146.0, 54.0, 38.0, 26.0
LONGEST_LABEL = 26
"""Characters of a label in a drawing; the table has the whole of it."""


class Bar(NamedTuple):
    """`series` counts from 0; `words` stand at its end."""

    series: int
    y: float
    width: float
    words: str


class BarRow(NamedTuple):
    label: str
    y: float
    bars: Sequence[Bar]


class BarChart(NamedTuple):
    rows: Sequence[BarRow]
    height: float


def bar_chart(
    rows: Iterable[tuple[str, Sequence[int]]], names: Sequence[str], scales: Sequence[int] = (0, 1, 2)
) -> BarChart:
    """rows: a label and a number for each name. Names with the same number in `scales` share a scale, others do not:
    a handful of cases would not show beside a thousand adoptions.
    """
    lines = list(rows)
    alike = [[other for other in range(len(names)) if scales[other] == scales[place]] for place in range(len(names))]
    most = [max((numbers[other] for _, numbers in lines for other in group), default=0) for group in alike]
    drawn, y = [], 0.0
    for label, numbers in lines:
        bars = [
            Bar(place, y + ROW_HEAD + place * BAR_STEP, _part(number, most[place]) * BAR_WIDTH, f"{name} {number}")
            for place, (name, number) in enumerate(zip(names, numbers, strict=True))
        ]
        drawn.append(BarRow(cut(label), y + ROW_HEAD - 5, bars))
        y += ROW_HEAD + len(names) * BAR_STEP + ROW_GAP
    return BarChart(drawn, y)


class HeatSquare(NamedTuple):
    """`shade` 0 for none to SHADES; `is_wanted`: units look for a case here and there is none."""

    row: str
    column: str
    x: float
    y: float
    shade: int
    number: int
    is_wanted: bool


class HeatFigure(NamedTuple):
    columns: Sequence[tuple[str, float]]
    rows: Sequence[tuple[str, float]]
    squares: Sequence[HeatSquare]
    width: float
    height: float


def heat_figure(heat: HeatMap, measure: str) -> HeatFigure:
    """measure: a key of MEASURES."""
    most = heat.most(measure)
    squares = []
    for down, row in enumerate(heat.rows):
        for across, column in enumerate(heat.columns):
            cell = heat.cells.get((row.key, column.key))
            number = int(getattr(cell, measure)) if cell else 0
            x, y = LABEL_WIDTH + across * CELL_WIDTH, HEAD_HEIGHT + down * CELL_HEIGHT
            is_wanted = cell is not None and cell.wanted > 0 and not cell.cases and bool(row.key and column.key)
            squares.append(HeatSquare(row.key, column.key, x, y, shade(number, most), number, is_wanted))
    return HeatFigure(
        columns=[(one.label, LABEL_WIDTH + place * CELL_WIDTH) for place, one in enumerate(heat.columns)],
        rows=[(cut(one.label, 11), HEAD_HEIGHT + place * CELL_HEIGHT) for place, one in enumerate(heat.rows)],
        squares=squares,
        width=LABEL_WIDTH + len(heat.columns) * CELL_WIDTH,
        height=HEAD_HEIGHT + len(heat.rows) * CELL_HEIGHT,
    )


def shade(number: int, most: int) -> int:
    """0 for nothing; else 1 to SHADES, by the part of the greatest."""
    return ceil(_part(number, most) * SHADES) if number else 0


class Segment(NamedTuple):
    """A part of a plan's bar."""

    stage: str
    x: float
    width: float
    number: int


class PlanBar(NamedTuple):
    """`mark`: where the part of the days gone stands, None without days."""

    label: str
    y: float
    segments: Sequence[Segment]
    mark: float | None


PLAN_STEP, PLAN_WIDTH = 46.0, 400.0


def plan_bars(plans: Sequence[PlanProgress]) -> Sequence[PlanBar]:
    """A bar a plan, as wide as its scope."""
    bars = []
    for place, one in enumerate(plans):
        x, segments = 0.0, []
        for stage in STAGES:
            width = _part(one.reached[stage], one.scope) * PLAN_WIDTH
            if width:
                segments.append(Segment(stage, x, width, one.reached[stage]))
            x += width
        mark = None if one.elapsed is None else one.elapsed * PLAN_WIDTH
        bars.append(
            PlanBar(
                cut(f"{one.plan.title}（{one.scope} 个单位，{one.standing}）", 32), place * PLAN_STEP, segments, mark
            )
        )
    return bars


class FunnelStep(NamedTuple):
    """`share`: of the step before, in per cent, None for the first and after nothing."""

    label: str
    number: int
    x: float
    y: float
    width: float
    share: int | None


FUNNEL_STEP, FUNNEL_LEFT, FUNNEL_WIDTH = 40.0, 78.0, 240.0


def funnel_steps(steps: Iterable[tuple[str, int]]) -> Sequence[FunnelStep]:
    """Bars about one middle, each to the scale of the first."""
    drawn: list[FunnelStep] = []
    for place, (label, number) in enumerate(steps):
        before = drawn[-1].number if drawn else 0
        width = _part(number, drawn[0].number if drawn else number) * FUNNEL_WIDTH
        share = round(100 * number / before) if before else None
        x = FUNNEL_LEFT + (FUNNEL_WIDTH - width) / 2
        drawn.append(FunnelStep(label, number, x, place * FUNNEL_STEP, width, share))
    return drawn


def cut(label: str, longest: int = LONGEST_LABEL) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1]}…"


def _part(number: int, whole: int) -> float:
    return number / whole if whole else 0.0
