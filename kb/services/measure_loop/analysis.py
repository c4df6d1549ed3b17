"""综合分析: the same counts by one dimension: problem type, level, field, year, kind of case, unit."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kb.domain.accounts import Actor, Right, require
from kb.services.measure_loop.counts import Reached
from kb.services.measure_loop.loop import UNSAID, UNSAID_LABEL, Loop, Row

DIMENSIONS = {
    "problem": "问题类型", "level": "层级", "field": "领域", "year": "年份", "kind": "案例类型", "unit": "单位",
}  # fmt: skip


class Line(NamedTuple):
    """A value of the dimension: cases, adoptions by how far they came, wanted problems in search of a case."""

    row: Row
    cases: int
    reached: Reached
    wanted: int


class Analysis(NamedTuple):
    """Known values in their order (years the newest first, units by confirmed landings), 未注明 last where there is any."""

    dimension: str
    lines: Sequence[Line]


def analyse(actor: Actor, loop: Loop, dimension: str) -> Analysis:
    """Raises Forbidden for units by name to who may not be told them."""
    if dimension == "unit":
        require(actor, Right.READ_INTERNAL)
    cases = {key: number for (key,), number in loop.count_cases(dimension).items()}
    reached, wanted = _reached(loop, dimension), _wanted(loop, dimension)
    known = _known(loop, dimension)
    used = {*cases, *reached, *wanted}
    rows = [*known, *(Row(key, key) for key in sorted(used - {row.key for row in known} - {UNSAID}))]
    if UNSAID in used:
        rows.append(Row(UNSAID, UNSAID_LABEL))
    lines = [Line(row, cases.get(row.key, 0), reached.get(row.key, Reached()), wanted.get(row.key, 0)) for row in rows]
    return Analysis(dimension, _ordered(lines, dimension))


def _known(loop: Loop, dimension: str) -> list[Row]:
    if dimension == "problem":
        return list(loop.rows)
    choices = {"level": "level", "field": "field", "kind": "kind"}.get(dimension)
    return [Row(one.id, one.label) for one in loop.reference.case_template[choices].choices] if choices else []


def _ordered(lines: list[Line], dimension: str) -> list[Line]:
    if dimension == "year":
        return sorted(lines, key=lambda line: line.row.key, reverse=True)
    if dimension == "unit":
        return sorted(lines, key=lambda line: (*(-number for number in _weight(line)), line.row.label))
    return lines


def _weight(line: Line) -> tuple[int, ...]:
    return (line.reached.confirmed, line.reached.reported, line.cases, line.wanted)


def _reached(loop: Loop, dimension: str) -> Mapping[str, Reached]:
    if dimension in ("level", "year", "unit"):
        found = loop.ledger.adoptions(loop.adoption_slice, (dimension,), loop.unit_levels)
        return {key: number for (key,), number in found.items()}
    summed: dict[str, Reached] = defaultdict(Reached)
    if dimension == "problem":
        rows = {mechanism.id: loop.rows_of(mechanism) for mechanism in loop.mechanisms}
        for (mechanism,), number in loop.ledger.adoptions(loop.adoption_slice, ("mechanism",)).items():
            for row in rows[mechanism]:
                summed[row] = summed[row].plus(number)
        return summed
    return loop.ledger.adoptions_by_value(loop.adoption_slice, loop.cases.pairs(dimension), is_whole=True)


def _wanted(loop: Loop, dimension: str) -> Mapping[str, int]:
    if dimension == "kind":
        return {}
    summed: dict[str, int] = defaultdict(int)
    for (key,), number in loop.ledger.wanted(loop.wanted_slice, (dimension,)).items():
        summed[loop.row_of.get(key, UNSAID) if dimension == "problem" else key] += number
    return summed
