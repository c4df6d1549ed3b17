"""Counting in the catalogue: every number by SQL, of the cases one reader sees."""

from collections.abc import Collection, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from kb.database.models import CaseIndicatorRow, CaseProblemRow, CaseRow, MechanismProblemRow, MechanismRow
from kb.database.value_lists import Query, members, pairs
from kb.services.measure_loop import MechanismFact, Slice
from kb.services.measure_loop.counts import Counts, ListedCase

_COLUMNS = {
    "case": CaseRow.id, "level": CaseRow.level, "field": CaseRow.field, "year": CaseRow.year, "unit": CaseRow.unit,
    "kind": CaseRow.kind, "mechanism": CaseRow.mechanism, "indicator": CaseIndicatorRow.indicator,
}  # fmt: skip


class SqlCaseCounts:
    """CaseCounts on a session of the caller. `sees`: the visibilities of which it counts cases (`Actor.sees`)."""

    def __init__(self, session: Session, sees: Set[str]) -> None:
        self._session = session
        self._sees = sees

    def count(self, wanted: Slice, by: Sequence[str], rows: Mapping[str, str]) -> Counts:
        columns: list[Any] = [_COLUMNS[name] for name in by if name in _COLUMNS]
        number: Any = func.count()
        query = select().select_from(CaseRow)
        if "indicator" in by:
            query = query.join(CaseIndicatorRow)
        if "problem" in by:
            place = pairs(rows, "place")
            query = query.join(CaseProblemRow).join(place, place.c.key == CaseProblemRow.problem)
            columns.insert(by.index("problem"), place.c.value)
            number = func.count(distinct(CaseRow.id))
        elif wanted.problem:
            query = query.where(self._solved_by(rows))
        query = self._narrowed(query.add_columns(*columns, number), wanted)
        if columns:
            query = query.group_by(*columns)
        return {tuple(row[:-1]): row[-1] for row in self._session.execute(query) if row[-1]}

    def years(self) -> Sequence[str]:
        query = self._narrowed(select(CaseRow.year).distinct().where(CaseRow.year != ""), Slice())
        return self._session.scalars(query.order_by(CaseRow.year.desc())).all()

    def ids(self, wanted: Slice) -> Sequence[str]:
        return self._session.scalars(self._narrowed(select(CaseRow.id), wanted)).all()

    def hidden(self) -> Sequence[str]:
        return self._session.scalars(select(CaseRow.id).where(CaseRow.seen_by.not_in(self._sees))).all()

    def pairs(self, column: str) -> Sequence[tuple[str, str]]:
        query = select(CaseRow.id, _COLUMNS.get(column, CaseProblemRow.problem))
        if column in ("indicator", "problem"):
            query = query.join(CaseIndicatorRow if column == "indicator" else CaseProblemRow)
        return [(case, value) for case, value in self._session.execute(self._narrowed(query, Slice()))]

    def listed(self, wanted: Slice, problems: Collection[str], limit: int) -> Sequence[ListedCase]:
        query = self._narrowed(select(CaseRow.id, CaseRow.title), wanted)
        if wanted.problem:
            query = query.where(self._solved_by(problems))
        rows = self._session.execute(query.order_by(CaseRow.year.desc(), CaseRow.id).limit(limit))
        return [ListedCase(record_id, title) for record_id, title in rows]

    def mechanisms(self) -> Sequence[MechanismFact]:
        problems: dict[str, list[str]] = {}
        solved = select(MechanismProblemRow.mechanism_id, MechanismProblemRow.problem)
        for mechanism, problem in self._session.execute(solved.order_by(MechanismProblemRow.problem)):
            problems.setdefault(mechanism, []).append(problem)
        rows = self._session.execute(
            select(MechanismRow.id, MechanismRow.title, MechanismRow.loop).order_by(MechanismRow.title, MechanismRow.id)
        )
        return [
            MechanismFact(record_id, title, tuple(loop.split()), tuple(problems.get(record_id, ())))
            for record_id, title, loop in rows
        ]

    def _solved_by(self, problems: Collection[str]) -> Any:
        return CaseRow.id.in_(select(CaseProblemRow.case_id).where(CaseProblemRow.problem.in_(members(problems))))

    def _narrowed(self, query: Query, wanted: Slice) -> Query:
        """Every question goes through here, so that nothing is counted that is not seen."""
        # Not by the index on seen_by, which leads to the rows with all their text: most are seen. 50 ms instead of 500.
        query = query.where(func.coalesce(CaseRow.seen_by, "").in_(self._sees))
        for name in ("year", "level", "field", "unit"):
            if value := getattr(wanted, name):
                query = query.where(_COLUMNS[name] == value)
        return query
