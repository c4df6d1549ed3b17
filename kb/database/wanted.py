"""Wanted problems and the units that have them, in the kept database."""

from collections.abc import Collection, Sequence
from dataclasses import asdict

from sqlalchemy import ColumnElement, case, delete, func, literal, literal_column, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database.kept_tables import WantedJoinRow, WantedProblemRow
from kb.domain.wanted import WantedProblem, WantedState
from kb.services.wanted_records import ListedWanted, WantedFilter

CHANGED = ("state", "merged_into", "assigned_to", "answer_case", "answer", "answered_at", "answered_by")
WAITING = (WantedState.OPEN.value, WantedState.ASSIGNED.value)


class SqlWantedProblems:
    """WantedProblems on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, problem: WantedProblem) -> WantedProblem:
        values = _values(problem)
        del values["number"]
        row = WantedProblemRow(**values)
        self._session.add(row)
        self._session.flush()
        return _problem(row)

    def get(self, number: int) -> WantedProblem | None:
        return self._one(WantedProblemRow.number == number)

    def find(self, ticket: str) -> WantedProblem | None:
        return self._one(WantedProblemRow.ticket == ticket)

    def change(self, problem: WantedProblem) -> bool:
        values = _values(problem)
        is_same = (WantedProblemRow.number == problem.number, WantedProblemRow.version == problem.version)
        changed = {name: values[name] for name in CHANGED}
        query = update(WantedProblemRow).where(*is_same).values(**changed, version=problem.version + 1)
        return self._changed(query.execution_options(synchronize_session=False))

    def join(self, number: int, unit: str, *, at: str, by: int) -> bool:
        row = insert(WantedJoinRow).values(wanted=number, unit=unit, joined_at=at, joined_by=by)
        return self._changed(row.on_conflict_do_nothing())

    def units(self, number: int) -> Sequence[str]:
        query = select(WantedJoinRow.unit).where(WantedJoinRow.wanted == number)
        return self._session.scalars(query.order_by(WantedJoinRow.joined_at, literal_column("wanted_join.rowid"))).all()

    def merge(self, number: int, into: int) -> None:
        joined = select(literal(into), WantedJoinRow.unit, WantedJoinRow.joined_at, WantedJoinRow.joined_by)
        moved = insert(WantedJoinRow).from_select(
            ["wanted", "unit", "joined_at", "joined_by"], joined.where(WantedJoinRow.wanted == number)
        )
        self._session.execute(moved.prefix_with("OR IGNORE"))
        self._session.execute(delete(WantedJoinRow).where(WantedJoinRow.wanted == number))
        led = update(WantedProblemRow).where(WantedProblemRow.merged_into == number).values(merged_into=into)
        self._session.execute(led.execution_options(synchronize_session=False))

    def askers(self, number: int) -> frozenset[int]:
        asked = or_(WantedProblemRow.number == number, WantedProblemRow.merged_into == number)
        query = select(WantedProblemRow.asked_by).where(asked, WantedProblemRow.asked_by != 0)
        return frozenset(self._session.scalars(query))

    def listed(self, wanted: WantedFilter, *, offset: int, limit: int) -> Sequence[ListedWanted]:
        units = _units()
        is_waiting = case((WantedProblemRow.state.in_(WAITING), 0), else_=1)
        in_search = case((WantedProblemRow.state.in_(WAITING), units), else_=0)
        query = select(WantedProblemRow, units).where(*_conditions(wanted))
        query = query.order_by(is_waiting, in_search.desc(), WantedProblemRow.number.desc())
        return [
            ListedWanted(_problem(row), count)
            for row, count in self._session.execute(query.offset(offset).limit(limit))
        ]

    def count(self, wanted: WantedFilter) -> int:
        return self._session.scalar(select(func.count(WantedProblemRow.number)).where(*_conditions(wanted))) or 0

    def waiting_of(self, account: int) -> int:
        states = WAITING if account else (WantedState.HELD.value,)
        mine = (WantedProblemRow.asked_by == account, WantedProblemRow.state.in_(states))
        return self._session.scalar(select(func.count(WantedProblemRow.number)).where(*mine)) or 0

    def texts(self, states: Collection[WantedState], limit: int) -> Sequence[ListedWanted]:
        query = select(WantedProblemRow, _units()).where(WantedProblemRow.state.in_([state.value for state in states]))
        query = query.order_by(WantedProblemRow.number.desc()).limit(limit)
        return [ListedWanted(_problem(row), count) for row, count in self._session.execute(query)]

    def _one(self, condition: ColumnElement[bool]) -> WantedProblem | None:
        row = self._session.scalar(select(WantedProblemRow).where(condition).execution_options(populate_existing=True))
        return _problem(row) if row else None

    def _changed(self, query: object) -> bool:
        done = self._session.execute(query)  # type: ignore[call-overload]
        assert isinstance(done, CursorResult)
        return done.rowcount == 1


def _units() -> ColumnElement[int]:
    """How many units have the problem of the row."""
    query = select(func.count()).where(WantedJoinRow.wanted == WantedProblemRow.number)
    return query.correlate(WantedProblemRow).scalar_subquery()


def _conditions(wanted: WantedFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [WantedProblemRow.state.in_([state.value for state in wanted.states])]
    for column, value in (
        (WantedProblemRow.problem, wanted.problem),
        (WantedProblemRow.level, wanted.level),
        (WantedProblemRow.assigned_to, wanted.assigned_to),
    ):
        if value:
            conditions.append(column == value)
    return conditions


def _values(problem: WantedProblem) -> dict[str, object]:
    return {**asdict(problem), "state": problem.state.value}


def _problem(row: WantedProblemRow) -> WantedProblem:
    names = WantedProblem.__dataclass_fields__
    return WantedProblem(**{**{name: getattr(row, name) for name in names}, "state": WantedState(row.state)})
