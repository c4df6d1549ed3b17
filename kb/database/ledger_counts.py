"""Counting in the ledger: adoptions over their columns, plans and wanted problems by SQL."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.database.adoption_columns import STAGES, AdoptionColumns, read_adoptions
from kb.database.columns import Groups, Rows, encode, group
from kb.database.kept_tables import AdoptionRow, PromotionPlanRow, UnitSheetRow, WantedProblemRow
from kb.database.value_lists import Query, members, year_of
from kb.domain.adoption import AdoptionStage
from kb.domain.promotion_plan import PlanState
from kb.domain.wanted import WantedState
from kb.services.measure_loop import AdoptionSlice, ListedAdoption, PlanFact, Reached, WantedSlice
from kb.services.measure_loop.counts import NOTHING, Counts

_DAYS = {
    AdoptionStage.STOPPED.value: "stopped_on", AdoptionStage.LANDED.value: "landed_on",
    AdoptionStage.TRIAL.value: "trial_on",
}  # fmt: skip
"""The day on which an adoption came to its stage; to any other by 拟学."""
_WAITING = tuple(state.value for state in WantedState if state.is_waiting)
"""States in which a wanted problem is in search of a case; what a steward has not read is in none of them."""


class SqlLedgerCounts:
    """LedgerCounts on a session of the caller."""

    def __init__(self, session: Session, columns: Callable[[Session], AdoptionColumns] = read_adoptions) -> None:
        self._session = session
        self._read = columns

    @cached_property
    def _columns(self) -> AdoptionColumns:
        return self._read(self._session)

    def adoptions(
        self, wanted: AdoptionSlice, by: Sequence[str], levels: Mapping[str, str] = NOTHING
    ) -> Mapping[tuple[str, ...], Reached]:
        rows, groups = self._grouped(wanted, by, levels)
        summed = groups.sums([one[rows] for one in self._columns.reached])
        return {key: Reached(*numbers) for key, numbers in zip(groups.keys, summed.tolist(), strict=True)}

    def adoptions_by_value(
        self, wanted: AdoptionSlice, values: Iterable[tuple[str, str]], *, is_whole: bool
    ) -> Mapping[str, Reached]:
        rows, groups = self._grouped(wanted, ("case",))
        of_case = groups.sums([one[rows] for one in self._columns.reached])
        place_of = {case: place for place, (case,) in enumerate(groups.keys)}
        known = [(place_of[case], value) for case, value in dict.fromkeys(values) if case in place_of]
        if is_whole:
            with_value = {place for place, _ in known}
            known += [(place, "") for place in range(len(groups.keys)) if place not in with_value]
        each = of_case[[place for place, _ in known]]
        by_value = group([encode([value for _, value in known])], len(known))
        summed = by_value.sums(list(each.T))
        return {value: Reached(*numbers) for (value,), numbers in zip(by_value.keys, summed.tolist(), strict=True)}

    def taken_up(self, wanted: AdoptionSlice, cases: Iterable[tuple[str, str, bool]]) -> tuple[int, int, int, int]:
        far = self.adoptions(wanted, ("case", "mechanism"))
        found = [(far[case, mechanism], is_known) for case, mechanism, is_known in cases if (case, mechanism) in far]
        return (
            sum(1 for _, is_known in found if not is_known),
            sum(1 for one, _ in found if one.trial),
            sum(1 for one, _ in found if one.landed),
            sum(1 for one, _ in found if one.confirmed),
        )

    def listed(self, wanted: AdoptionSlice, *, offset: int, limit: int) -> Sequence[ListedAdoption]:
        ordered = self._columns.furthest_first(self._columns.within(wanted))[offset : offset + limit].tolist()
        row_of = {
            row.number: row for row in self._session.scalars(select(AdoptionRow).where(AdoptionRow.number.in_(ordered)))
        }
        return [_listed(row_of[number]) for number in ordered if number in row_of]

    def wanted(self, wanted: WantedSlice, by: Sequence[str]) -> Counts:
        columns: dict[str, Any] = {
            "problem": WantedProblemRow.problem,
            "level": WantedProblemRow.level,
            "field": WantedProblemRow.field,
            "unit": WantedProblemRow.asked_unit,
            "year": year_of(WantedProblemRow.asked_at),
        }
        asked = [columns[name] for name in by]
        query = _asked_for(select(*asked, func.count()).select_from(WantedProblemRow), wanted)
        if asked:
            query = query.group_by(*asked)
        return {tuple(row[:-1]): row[-1] for row in self._session.execute(query) if row[-1]}

    def wanted_texts(self, wanted: WantedSlice, limit: int) -> Sequence[tuple[int, str]]:
        query = _asked_for(select(WantedProblemRow.number, WantedProblemRow.text), wanted)
        rows = self._session.execute(query.order_by(WantedProblemRow.number.desc()).limit(limit))
        return [(number, text) for number, text in rows]

    def years(self) -> Sequence[str]:
        asked = select(year_of(WantedProblemRow.asked_at)).where(WantedProblemRow.state.in_(_WAITING)).distinct()
        return sorted({*self._columns.named["year"].values, *self._session.scalars(asked)} - {""})

    def plans(self) -> Sequence[PlanFact]:
        row = PromotionPlanRow
        in_force = row.state == PlanState.IN_FORCE.value
        query = select(
            row.number, row.title, row.mechanism, row.case_id, row.units, row.levels, row.fields, row.starts_on,
            row.target_on, row.answerable, in_force,
        )  # fmt: skip
        query = query.where(row.state.in_((PlanState.IN_FORCE.value, PlanState.ENDED.value)))
        found = self._session.execute(query.order_by(in_force.desc(), row.target_on, row.number))
        return [_plan(*plan) for plan in found]

    def stages(self, mechanisms: Collection[str], hidden: Collection[str]) -> Mapping[tuple[str, str], str]:
        rows, groups = self._grouped(AdoptionSlice(mechanisms, hidden), ("mechanism", "unit"))
        furthest = groups.most(self._columns.furthest[rows]).tolist()
        return {(key[0], key[1]): STAGES[far] for key, far in zip(groups.keys, furthest, strict=True)}

    def confirmed(
        self, mechanisms: Collection[str], hidden: Collection[str], year: str
    ) -> Sequence[tuple[str, str, str]]:
        kept = self._columns.within(AdoptionSlice(mechanisms, hidden)) & self._columns.confirmed
        if year:
            kept &= self._columns.named["confirmed_year"].among({year})
        rows = np.flatnonzero(kept)
        named = [self._columns.named[name].at(rows) for name in ("mechanism", "unit", "case")]
        return [(key[0], key[1], key[2]) for key in group(named, len(rows)).keys]

    def unit_kinds(self) -> Mapping[str, str]:
        kind = func.coalesce(func.json_extract(UnitSheetRow.fields, "$.unit_kind"), "")
        rows = self._session.execute(select(UnitSheetRow.unit, kind).where(kind != ""))
        return dict(rows.all())

    def _grouped(
        self, wanted: AdoptionSlice, by: Sequence[str], levels: Mapping[str, str] = NOTHING
    ) -> tuple[Rows, Groups]:
        """Rows of the slice and their groups by the values of `by`."""
        rows: Rows = np.flatnonzero(self._columns.within(wanted))
        named = {**self._columns.named}
        if "level" in by:
            named["level"] = named["unit"].mapped(levels)
        return rows, group([named[name].at(rows) for name in by], len(rows))


def _plan(*row: Any) -> PlanFact:
    units, levels, fields = (tuple(json.loads(scope)) for scope in row[4:7])
    number, title, mechanism, case_id = row[:4]
    starts_on, target_on, answerable, is_in_force = row[7:]
    days = {"starts_on": starts_on, "target_on": target_on}
    return PlanFact(
        number, title, mechanism, case_id, units, levels, fields, **days, answerable=answerable, is_in_force=is_in_force
    )


def _listed(row: AdoptionRow) -> ListedAdoption:
    on = getattr(row, _DAYS.get(row.stage, "intended_on"))
    return ListedAdoption(
        row.number, row.unit, row.mechanism, row.case_id, row.stage, on, is_confirmed=row.confirmed_unit != ""
    )


def _asked_for(query: Query, wanted: WantedSlice) -> Query:
    row = WantedProblemRow
    query = query.where(row.state.in_(_WAITING))
    if wanted.problems is not None:
        query = query.where(row.problem.in_(members(wanted.problems)))
    if wanted.year:
        query = query.where(year_of(row.asked_at) == wanted.year)
    for column, value in ((row.level, wanted.level), (row.field, wanted.field), (row.asked_unit, wanted.unit)):
        if value:
            query = query.where(column == value)
    return query
