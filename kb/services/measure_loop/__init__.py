"""闭环总览: what the library holds, what was taken up and where the loop is open, in numbers.

    counts      the ports: counting in the catalogue and in the ledger, under one Slice
    heat_map    problem type × level: cases, mechanisms, adoptions, wanted problems
    turns       四上四下 of every mechanism, and which are not closed
    funnel      纳入 → 推广 → 试行 → 落地 → 确认
    progress    promotion plans: units of scope reached, by stage, against the target day
    analysis    by problem type, level, field, year, kind, unit
    ranking     units among units of their kind
    coverage    党建指标 and what covers each
    sheets      every one of these as a sheet

Only what a reader sees is counted: `CaseCounts` is made for him; an adoption counts unless it is a draft, its mechanism
is not in the library, or it came from a case he may not see.
"""

from kb.services.measure_loop.analysis import DIMENSIONS, Analysis, analyse
from kb.services.measure_loop.cell import Cell, open_cell
from kb.services.measure_loop.counts import (
    AdoptionSlice,
    CaseCounts,
    LedgerCounts,
    ListedAdoption,
    MechanismFact,
    PlanFact,
    Reached,
    Slice,
    WantedSlice,
)
from kb.services.measure_loop.coverage import Coverage, OwnCovered, cover, cover_own
from kb.services.measure_loop.funnel import Funnel, measure_funnel
from kb.services.measure_loop.heat_map import HeatCell, HeatMap, map_heat
from kb.services.measure_loop.loop import Loop
from kb.services.measure_loop.progress import PlanProgress, Progress, measure_progress
from kb.services.measure_loop.ranking import Ranking, rank_units
from kb.services.measure_loop.turns import Turns, measure_turns

__all__ = [
    "DIMENSIONS",
    "AdoptionSlice",
    "Analysis",
    "CaseCounts",
    "Cell",
    "Coverage",
    "Funnel",
    "HeatCell",
    "HeatMap",
    "LedgerCounts",
    "ListedAdoption",
    "Loop",
    "MechanismFact",
    "OwnCovered",
    "PlanFact",
    "PlanProgress",
    "Progress",
    "Ranking",
    "Reached",
    "Slice",
    "Turns",
    "WantedSlice",
    "analyse",
    "cover",
    "cover_own",
    "map_heat",
    "measure_funnel",
    "measure_progress",
    "measure_turns",
    "open_cell",
    "rank_units",
]
