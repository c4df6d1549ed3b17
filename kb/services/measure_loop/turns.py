"""四上四下: which half-turns the mechanisms serve, and where the loop of one is open."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kb.domain.mechanism import LOOP_STEPS, is_loop_closed
from kb.services.measure_loop.counts import MechanismFact, Reached
from kb.services.measure_loop.loop import Loop

NOBODY = Reached()


class Turning(NamedTuple):
    """A mechanism in the list; `missing` is 上, 下 or both where the loop is open."""

    mechanism: MechanismFact
    is_closed: bool
    missing: str
    cases: int
    reached: Reached


class Turns(NamedTuple):
    """`served`: mechanisms by code of the half-turn, all eight of them; `closed` of `mechanisms` whose loop is closed."""

    mechanisms: Sequence[Turning]
    served: Mapping[str, int]

    @property
    def closed(self) -> int:
        return sum(1 for one in self.mechanisms if one.is_closed)

    @property
    def open(self) -> int:
        return len(self.mechanisms) - self.closed


def measure_turns(loop: Loop) -> Turns:
    """Mechanisms of the slice, those with an open loop first, then by title."""
    cases = loop.count_cases("mechanism")
    reached = loop.ledger.adoptions(loop.adoption_slice, ("mechanism",))
    rows = [
        Turning(
            mechanism=one,
            is_closed=is_loop_closed(one.loop),
            missing=_missing(one.loop),
            cases=cases.get((one.id,), 0),
            reached=reached.get((one.id,), NOBODY),
        )
        for one in loop.mechanisms
        if loop.fits(one)
    ]
    rows.sort(key=lambda row: (row.is_closed, row.mechanism.title, row.mechanism.id))
    served = {code: sum(1 for row in rows if code in row.mechanism.loop) for code in LOOP_STEPS}
    return Turns(rows, served)


def _missing(codes: Sequence[str]) -> str:
    up = any(code.endswith("U") for code in codes)
    down = any(code.endswith("D") for code in codes)
    return "" if up and down else "下" if up else "上" if down else "上、下"
