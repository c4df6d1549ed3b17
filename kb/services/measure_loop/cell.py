"""What stands behind one cell of the map: its cases, mechanisms, adoptions and wanted problems."""

from collections.abc import Sequence
from typing import NamedTuple

from kb.services.measure_loop.counts import ListedAdoption, ListedCase, MechanismFact, Reached
from kb.services.measure_loop.heat_map import HeatCell
from kb.services.measure_loop.loop import Loop

MOST_LISTED = 50
"""Of each kind; the rest is said by number."""


class TakenUp(NamedTuple):
    """A mechanism and how many units took it up."""

    mechanism: MechanismFact
    reached: Reached


class Cell(NamedTuple):
    """Lists are cut at MOST_LISTED; `numbers` has the whole numbers. `adoptions` is empty for who may not be told units."""

    numbers: HeatCell
    cases: Sequence[ListedCase]
    mechanisms: Sequence[MechanismFact]
    taken_up: Sequence[TakenUp]
    adoptions: Sequence[ListedAdoption]
    wanted: Sequence[tuple[int, str]]


def open_cell(loop: Loop) -> Cell:
    """What the loop's slice holds: the problem type and the level of the cell are in it."""
    mechanisms = [mechanism for mechanism in loop.mechanisms if loop.fits(mechanism)]
    taken_up = _taken_up(loop)
    wanted = loop.ledger.wanted(loop.wanted_slice, ())
    numbers = HeatCell(
        cases=sum(loop.count_cases().values()),
        mechanisms=len(mechanisms),
        adoptions=sum(one.reached.reported for one in taken_up),
        wanted=sum(wanted.values()),
    )
    return Cell(
        numbers=numbers,
        cases=loop.cases.listed(loop.slice, loop.types_of_slice, MOST_LISTED),
        mechanisms=mechanisms[:MOST_LISTED],
        taken_up=taken_up[:MOST_LISTED],
        adoptions=loop.ledger.listed(loop.adoption_slice, offset=0, limit=MOST_LISTED) if loop.names_units else (),
        wanted=loop.ledger.wanted_texts(loop.wanted_slice, MOST_LISTED),
    )


def _taken_up(loop: Loop) -> list[TakenUp]:
    reached = loop.ledger.adoptions(loop.adoption_slice, ("mechanism",))
    found = [TakenUp(one, reached[one.id,]) for one in loop.mechanisms if (one.id,) in reached]
    return sorted(found, key=lambda one: (-one.reached.confirmed, -one.reached.reported, one.mechanism.title))
