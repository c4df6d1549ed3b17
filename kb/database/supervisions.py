"""Matters under supervision in the kept database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database.kept_tables import AccountRow, SupervisionRow, SupervisionStepRow
from kb.domain.supervision import Supervision, SupervisionKind
from kb.services.supervise import StepDone


class SqlSupervisions:
    """Matters, on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, matter: Supervision) -> Supervision:
        values = {field.name: getattr(matter, field.name) for field in fields(matter) if field.name != "number"}
        row = SupervisionRow(**{**values, "kind": matter.kind.value})
        self._session.add(row)
        self._session.flush()
        return replace(matter, number=row.number)

    def find(self, number: int) -> Supervision | None:
        row = self._session.get(SupervisionRow, number, populate_existing=True)
        return _matter(row) if row else None

    def change(self, matter: Supervision) -> bool:
        newest = (SupervisionRow.number == matter.number, SupervisionRow.version == matter.version)
        values = {"step": matter.step, "due_on": matter.due_on, "version": matter.version + 1}
        change = update(SupervisionRow).where(*newest).values(**values)
        done = self._session.execute(change.execution_options(synchronize_session=False))
        assert isinstance(done, CursorResult)
        return done.rowcount == 1

    def note(self, done: StepDone) -> None:
        values = {key: value for key, value in done._asdict().items() if key not in ("number", "by_name")}
        self._session.add(SupervisionStepRow(**values))
        self._session.flush()

    def steps(self, numbers: Sequence[int]) -> Mapping[int, Sequence[StepDone]]:
        query = select(SupervisionStepRow, AccountRow.display_name)
        query = query.outerjoin(AccountRow, AccountRow.number == SupervisionStepRow.by)
        query = query.where(SupervisionStepRow.supervision.in_(numbers)).order_by(SupervisionStepRow.number)
        found: defaultdict[int, list[StepDone]] = defaultdict(list)
        for row, name in self._session.execute(query):
            found[row.supervision].append(
                StepDone(row.number, row.supervision, row.step, row.done_on, row.note, row.at, row.by, name or "")
            )
        return found

    def listed(self, *, is_open: bool, limit: int) -> Sequence[Supervision]:
        query = select(SupervisionRow).where(SupervisionRow.step != "" if is_open else SupervisionRow.step == "")
        order = (SupervisionRow.due_on, SupervisionRow.number) if is_open else (SupervisionRow.number.desc(),)
        return [_matter(row) for row in self._session.scalars(query.order_by(*order).limit(limit))]


def _matter(row: SupervisionRow) -> Supervision:
    values = {field.name: getattr(row, field.name) for field in fields(Supervision)}
    return Supervision(**{**values, "kind": SupervisionKind(row.kind)})
