"""整体排名: units among units of their kind, by what another unit has confirmed; drafts and own words count for nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kb.domain.accounts import Actor, Right, require
from kb.services.measure_loop.loop import UNSAID, UNSAID_LABEL, Loop
from kb.services.measure_loop.progress import scope_of

FEWEST = 5
"""Tasks below which a rate says nothing: one more or less would move it by twenty per cent or more."""
FEWEST_PEERS = 3
"""Units of a group that have something to rank by, below which none is ranked: nobody is first among one or two."""
ORDERS = {"confirmed": "按确认落地的机制数", "rate": "按部署落实率"}


class Standing(NamedTuple):
    """A unit: mechanisms confirmed as landed there, tasks it was given by plans and those of them confirmed, units helped.

    Of a year: what was confirmed in it, and tasks due in it, whenever these were confirmed.
    `rank` counts within the group, equal ones share it; 0 where the order has nothing to rank it by.
    """

    unit: str
    confirmed: int
    tasks: int
    tasks_confirmed: int
    helped: int
    rank: int = 0

    @property
    def rate(self) -> float | None:
        """The part of its tasks that is confirmed; None without enough tasks to say."""
        return self.tasks_confirmed / self.tasks if self.tasks >= FEWEST else None


class Group(NamedTuple):
    """Units of one level, and of one kind where their sheets name one; `silent` have neither task nor confirmed landing."""

    level: str
    kind: str
    label: str
    standings: Sequence[Standing]
    silent: int


class Ranking(NamedTuple):
    order: str
    groups: Sequence[Group]


def rank_units(actor: Actor, loop: Loop, order: str) -> Ranking:
    """Raises Forbidden for who may not be told units. The loop is to be one that counts the same for all who may.

    order: a key of ORDERS. Level and unit of the slice leave the others out of the page, not out of their rank.
    """
    require(actor, Right.READ_INTERNAL)
    kinds = loop.ledger.unit_kinds()
    members: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for standing in _standings(loop):
        level = loop.unit_levels.get(standing.unit, UNSAID)
        members[level, kinds.get(standing.unit, "")].append(standing)
    groups = []
    for level in (*loop.levels, UNSAID):
        for kind in sorted(kind for known, kind in members if known == level):
            if loop.slice.level in ("", level):
                groups.append(_group(loop, level, kind, members[level, kind], order))
    return Ranking(order, [group for group in groups if group.standings or group.silent])


def _standings(loop: Loop) -> list[Standing]:
    mechanisms = [one.id for one in loop.mechanisms]
    ever = loop.ledger.confirmed(mechanisms, loop.hidden, "")
    year = loop.slice.year
    confirmed = loop.ledger.confirmed(mechanisms, loop.hidden, year) if year else ever
    owners = dict(loop.cases.pairs("unit"))
    done: dict[str, set[str]] = defaultdict(set)
    for mechanism, unit, _ in ever:
        done[unit].add(mechanism)
    landed: dict[str, set[str]] = defaultdict(set)
    helped: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for mechanism, unit, case in confirmed:
        landed[unit].add(mechanism)
        owner = owners.get(case, "")
        if owner and owner != unit:
            helped[owner].add((mechanism, unit))
    tasks = _tasks(loop, set(mechanisms))
    units = dict.fromkeys((*loop.unit_levels, *landed, *helped, *tasks))
    return [
        Standing(
            unit=unit,
            confirmed=len(landed.get(unit, ())),
            tasks=len(tasks.get(unit, ())),
            tasks_confirmed=len(tasks.get(unit, set()) & done.get(unit, set())),
            helped=len(helped.get(unit, ())),
        )
        for unit in units
    ]


def _tasks(loop: Loop, mechanisms: set[str]) -> Mapping[str, set[str]]:
    """Mechanisms each unit was told to take up by plans whose target day is in the slice's year."""
    found: dict[str, set[str]] = defaultdict(set)
    hidden = set(loop.hidden)
    for plan in loop.ledger.plans():
        in_year = not loop.slice.year or plan.target_on[:4] == loop.slice.year
        if plan.mechanism in mechanisms and plan.case_id not in hidden and in_year:
            for unit in scope_of(plan, loop.unit_levels):
                found[unit].add(plan.mechanism)
    return found


def _group(loop: Loop, level: str, kind: str, members: Sequence[Standing], order: str) -> Group:
    shown = [one for one in members if one.confirmed or one.tasks or one.helped]
    ranked = _ranked(shown, order)
    if loop.slice.unit:
        ranked = [one for one in ranked if one.unit == loop.slice.unit]
    label = " · ".join(filter(None, (loop.levels.get(level, UNSAID_LABEL), kind)))
    return Group(level, kind, label, ranked, 0 if loop.slice.unit else len(members) - len(shown))


def _ranked(members: Sequence[Standing], order: str) -> list[Standing]:
    """Equal ones share a rank and the next one's counts them all: 1, 2, 2, 4."""

    def weight(one: Standing) -> float | None:
        return one.rate if order == "rate" else float(one.confirmed) or None

    rated = sorted((one for one in members if weight(one) is not None), key=lambda one: (-(weight(one) or 0), one.unit))
    ranked: list[Standing] = []
    if len(rated) < FEWEST_PEERS:
        return sorted(members, key=lambda one: (weight(one) is None, -(weight(one) or 0), one.unit))
    for place, one in enumerate(rated, start=1):
        is_equal = bool(ranked) and weight(ranked[-1]) == weight(one)
        ranked.append(one._replace(rank=ranked[-1].rank if is_equal else place))
    rest = sorted((one for one in members if weight(one) is None), key=lambda one: one.unit)
    return [*ranked, *rest]
