"""党建指标覆盖: which indicators have cases, mechanisms and adoptions, and which have none."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from kb.domain.taxonomy import Indicator
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
    index = CoveringIndex(loop)
    lines = []
    for indicator in loop.taxonomy.indicators.values():
        found = index.covering({indicator.id})
        lines.append(Covered(indicator, found.cases, found.mechanisms, found.reached))
    return Coverage(lines, len(index.cases - index.named))


class CoveringIndex:
    """Cases by indicator and problem type, with their mechanisms and adoptions, of the loop's slice."""

    def __init__(self, loop: Loop) -> None:
        known = {one.id for one in loop.mechanisms}
        self._mechanism = {
            case: mechanism
            for (case, mechanism), _ in loop.count_cases("case", "mechanism").items()
            if mechanism in known
        }
        self.cases = {case for (case,), _ in loop.count_cases("case").items()}
        self._of: dict[str, set[str]] = defaultdict(set)
        for case, indicator in loop.cases.pairs("indicator"):
            self._of[indicator].add(case)
        self.named = set().union(*self._of.values()) if self._of else set()
        by_case = loop.ledger.adoptions(loop.adoption_slice, ("case",))
        self._reached = {case: reached for (case,), reached in by_case.items()}

    def covering(self, names: Collection[str]) -> Covering:
        """names: ids of indicators."""
        cases = set().union(*(self._of.get(name, set()) for name in names)) & self.cases
        reached = Reached()
        for case in cases & self._reached.keys():
            reached = reached.plus(self._reached[case])
        return Covering(len(cases), len({self._mechanism[case] for case in cases if case in self._mechanism}), reached)
