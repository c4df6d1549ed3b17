"""党建指标覆盖: which indicators have cases, mechanisms and adoptions, and which have none."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from kb.domain.taxonomy import Indicator
from kb.domain.unit_indicator import UnitIndicator, covers_of
from kb.services.measure_loop.counts import Reached
from kb.services.measure_loop.loop import Loop


class Covered(NamedTuple):
    """An indicator of the library: cases that name it, mechanisms these formed, adoptions that came from them."""

    indicator: Indicator
    cases: int
    mechanisms: int
    reached: Reached


class Coverage(NamedTuple):
    lines: Sequence[Covered]
    without_indicator: int
    """Cases that name none."""

    @property
    def empty(self) -> int:
        return sum(1 for line in self.lines if not line.cases)


class Covering(NamedTuple):
    """What covers a set of indicators and problem types: each case, mechanism and adoption once."""

    cases: int = 0
    mechanisms: int = 0
    reached: Reached = Reached()


def cover(loop: Loop) -> Coverage:
    """Every indicator of the library's axis, in its order."""
    mechanisms = {one.id for one in loop.mechanisms}
    cases = loop.count_cases("indicator")
    formed = Counter(name for name, mechanism in loop.count_cases("indicator", "mechanism") if mechanism in mechanisms)
    counted = {case for (case,) in loop.count_cases("case")}
    named = [(case, name) for case, name in loop.cases.pairs("indicator") if case in counted]
    reached = loop.ledger.adoptions_by_value(loop.adoption_slice, named, is_whole=False)
    lines = [
        Covered(one, cases.get((one.id,), 0), formed[one.id], reached.get(one.id, Reached()))
        for one in loop.taxonomy.indicators.values()
    ]
    return Coverage(lines, len(counted) - len({case for case, _ in named}))


class OwnCovered(NamedTuple):
    """A line of a unit's own indicators with what covers it and the lines under it; `own`: adoptions by the unit itself."""

    indicator: UnitIndicator
    found: Covering
    own: Reached


def cover_own(loop: Loop, unit: str, indicators: Sequence[UnitIndicator]) -> Sequence[OwnCovered]:
    """Every line, in the order of the list; one that names nothing of the library is covered by nothing."""
    everybody, own = CoveringIndex(loop), CoveringIndex(loop, (unit,))
    covers = covers_of(indicators)
    return [
        OwnCovered(one, everybody.covering(covers[one.code]), own.covering(covers[one.code]).reached)
        for one in indicators
    ]


class CoveringIndex:
    """Cases by indicator and problem type, with their mechanisms and adoptions, of the loop's slice."""

    def __init__(self, loop: Loop, units: Collection[str] | None = None) -> None:
        """units: only adoptions by these count; None: by those of the slice."""
        known = {one.id for one in loop.mechanisms}
        self._mechanism = {
            case: mechanism
            for (case, mechanism), _ in loop.count_cases("case", "mechanism").items()
            if mechanism in known
        }
        self._cases = {case for (case,), _ in loop.count_cases("case").items()}
        self._of: dict[str, set[str]] = defaultdict(set)
        for case, indicator in loop.cases.pairs("indicator"):
            self._of[indicator].add(case)
        for case, problem in loop.cases.pairs("problem"):
            for name in loop.names_of(problem):
                self._of[name].add(case)
        adoptions = loop.adoption_slice if units is None else loop.adoption_slice._replace(units=units)
        by_case = loop.ledger.adoptions(adoptions, ("case",))
        self._reached = {case: reached for (case,), reached in by_case.items()}

    def covering(self, names: Collection[str]) -> Covering:
        """names: ids of indicators and problem types, a type of the first level with all under it."""
        cases = set().union(*(self._of.get(name, set()) for name in names)) & self._cases
        reached = Reached()
        for case in cases & self._reached.keys():
            reached = reached.plus(self._reached[case])
        return Covering(len(cases), len({self._mechanism[case] for case in cases if case in self._mechanism}), reached)
