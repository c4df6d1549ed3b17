"""问题 × 层级: what there is for each class of problem at each level; what is empty calls for cases."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kb.services.measure_loop.loop import UNSAID, UNSAID_LABEL, Loop, Row

MEASURES = {"cases": "案例", "mechanisms": "机制", "adoptions": "采用", "wanted": "待征集"}
"""What a cell counts, in order."""


class HeatCell(NamedTuple):
    """Cases, mechanisms, reported adoptions and wanted problems in search of a case."""

    cases: int = 0
    mechanisms: int = 0
    adoptions: int = 0
    wanted: int = 0

    @property
    def is_empty(self) -> bool:
        return not any(self)


class HeatMap(NamedTuple):
    """`cells` by row and column; `sums` by row, a mechanism of several levels counted once; `total`: each thing once.

    The row and the column with key "" hold what names no type or no level; they are there only when something stands in them.
    """

    rows: Sequence[Row]
    columns: Sequence[Row]
    cells: Mapping[tuple[str, str], HeatCell]
    sums: Mapping[str, HeatCell]
    total: HeatCell

    def most(self, measure: str) -> int:
        """The greatest number of this measure in a cell."""
        return max((int(getattr(cell, measure)) for cell in self.cells.values()), default=0)

    @property
    def gaps(self) -> int:
        """Cells of a known type and level without a case."""
        places = [(row.key, column.key) for row in self.rows for column in self.columns if row.key and column.key]
        return sum(1 for place in places if place not in self.cells or not self.cells[place].cases)


def map_heat(loop: Loop) -> HeatMap:
    """The map of the loop's slice."""
    counted: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (row, level), number in loop.count_cases("problem", "level").items():
        counted[row, level][0] += number
    _count_mechanisms(loop, counted)
    adoptions = _count_adoptions(loop, counted)
    for (problem, level), number in loop.ledger.wanted(loop.wanted_slice, ("problem", "level")).items():
        counted[loop.row_of.get(problem, UNSAID), level][3] += number
    cells = {place: HeatCell(*numbers) for place, numbers in counted.items()}
    rows = _used(loop.rows, {row for row, _ in cells})
    columns = _used([Row(*item) for item in loop.levels.items()], {column for _, column in cells})
    if loop.slice.level:
        columns = [column for column in columns if column.key == loop.slice.level]
    return HeatMap(rows, columns, cells, _sums(loop, rows, cells), _total(loop, cells, adoptions))


def _count_mechanisms(loop: Loop, counted: dict[tuple[str, str], list[int]]) -> None:
    for mechanism in loop.mechanisms:
        if loop.fits(mechanism):
            for row in loop.rows_of(mechanism):
                for level in loop.levels_of_mechanisms.get(mechanism.id, {UNSAID}):
                    counted[row, level][1] += 1


def _count_adoptions(loop: Loop, counted: dict[tuple[str, str], list[int]]) -> int:
    rows = {mechanism.id: loop.rows_of(mechanism) for mechanism in loop.mechanisms}
    total = 0
    by = ("mechanism", "level")
    for (mechanism, level), reached in loop.ledger.adoptions(loop.adoption_slice, by, loop.unit_levels).items():
        total += reached.reported
        for row in rows[mechanism]:
            counted[row, level][2] += reached.reported
    return total


def _used(known: Sequence[Row], used: set[str]) -> list[Row]:
    return [*known, *([Row(UNSAID, UNSAID_LABEL)] if UNSAID in used else [])]


def _sums(loop: Loop, rows: Sequence[Row], cells: Mapping[tuple[str, str], HeatCell]) -> Mapping[str, HeatCell]:
    mechanisms: dict[str, int] = defaultdict(int)
    for mechanism in filter(loop.fits, loop.mechanisms):
        for key in loop.rows_of(mechanism):
            mechanisms[key] += 1
    sums = {}
    for row in rows:
        mine = [cell for (key, _), cell in cells.items() if key == row.key]
        summed = HeatCell(*(sum(numbers) for numbers in zip(*mine, strict=True))) if mine else HeatCell()
        sums[row.key] = summed._replace(mechanisms=mechanisms[row.key])
    return sums


def _total(loop: Loop, cells: Mapping[tuple[str, str], HeatCell], adoptions: int) -> HeatCell:
    return HeatCell(
        cases=sum(loop.count_cases().values()),
        mechanisms=sum(1 for mechanism in loop.mechanisms if loop.fits(mechanism)),
        adoptions=adoptions,
        wanted=sum(cell.wanted for cell in cells.values()),
    )
