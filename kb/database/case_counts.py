"""Counting cases one reader sees, over the columns of all."""

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from functools import cached_property

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.database.case_columns import CaseColumns, read_cases
from kb.database.columns import Column, Mask, Rows, group
from kb.database.models import CaseRow
from kb.services.measure_loop import MechanismFact, Slice
from kb.services.measure_loop.counts import Counts, ListedCase


class SqlCaseCounts:
    """CaseCounts on a session of the caller. `sees`: the visibilities of which it counts cases (`Actor.sees`)."""

    def __init__(
        self, session: Session, sees: Set[str], columns: Callable[[Session], CaseColumns] = read_cases
    ) -> None:
        self._session = session
        self._sees = sees
        self._read = columns

    @cached_property
    def _columns(self) -> CaseColumns:
        return self._read(self._session)

    def count(self, wanted: Slice, by: Sequence[str], rows: Mapping[str, str]) -> Counts:
        single, several = self._columns.single, self._columns.several
        kept = self._columns.seen(self._sees, wanted)
        if wanted.problem and "problem" not in by:
            kept &= self._columns.with_any(rows)
        chosen: Rows = np.flatnonzero(kept)
        found: dict[str, Column] = {}
        if "problem" in by:
            chosen, found["problem"] = self._in_rows(chosen, rows)
        if "indicator" in by:
            at, within = several["indicator"].spread(chosen)
            chosen, found = chosen[at], {name: column.at(at) for name, column in found.items()}
            found["indicator"] = several["indicator"].column.at(within)
        columns = [found[name] if name in found else single[name].at(chosen) for name in by]
        groups = group(columns, len(chosen))
        return dict(zip(groups.keys, groups.sizes().tolist(), strict=True))

    def _in_rows(self, chosen: Rows, rows: Mapping[str, str]) -> tuple[Rows, Column]:
        """Each of these cases once in every row that one of its types belongs to."""
        problem = self._columns.several["problem"]
        at, within = problem.spread(chosen)
        place = problem.column.at(within).mapped(rows)
        belongs = ~place.among({""})
        pairs = np.unique(np.stack([chosen[at][belongs], place.codes[belongs]]), axis=1)
        return pairs[0], Column(place.values, pairs[1])

    def years(self) -> Sequence[str]:
        return sorted({*self._told("year", self._columns.seen(self._sees, Slice()))} - {""}, reverse=True)

    def ids(self, wanted: Slice) -> Sequence[str]:
        return self._told("case", self._columns.seen(self._sees, wanted))

    def hidden(self) -> Sequence[str]:
        return self._told("case", ~self._columns.seen(self._sees, Slice()))

    def pairs(self, column: str) -> Sequence[tuple[str, str]]:
        single, several = self._columns.single, self._columns.several
        chosen: Rows = np.flatnonzero(self._columns.seen(self._sees, Slice()))
        if column not in several:
            return list(zip(single["case"].at(chosen).told(), single[column].at(chosen).told(), strict=True))
        at, within = several[column].spread(chosen)
        told = several[column].column.at(within).told()
        return list(zip(single["case"].at(chosen[at]).told(), told, strict=True))

    def listed(self, wanted: Slice, problems: Collection[str], limit: int) -> Sequence[ListedCase]:
        kept = self._columns.seen(self._sees, wanted)
        if wanted.problem:
            kept &= self._columns.with_any(problems)
        # Rows stand by id, and a sort keeps equals as they came.
        told = zip(self._told("case", kept), self._told("year", kept), strict=True)
        newest = sorted(told, key=lambda one: one[1], reverse=True)
        ids = [case for case, _ in newest[:limit]]
        titles = dict(self._session.execute(select(CaseRow.id, CaseRow.title).where(CaseRow.id.in_(ids))).all())
        return [ListedCase(case, titles[case]) for case in ids if case in titles]

    def mechanisms(self) -> Sequence[MechanismFact]:
        return self._columns.mechanisms

    def _told(self, name: str, kept: Mask) -> list[str]:
        return self._columns.single[name].at(np.flatnonzero(kept)).told()
