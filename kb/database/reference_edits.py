"""Changes of taxonomy and lexicon in the kept database; each writing call is one transaction."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kb.database.kept_tables import ReferenceEditRow
from kb.domain.accounts import Actor
from kb.services.reference_edits import MOST_OPEN, EditState, ReferenceEdit

Sessions = Callable[[], AbstractContextManager[Session]]
Note = Callable[[Session, ReferenceEdit, Actor], None]


class SqlReferenceEdits:
    """ReferenceEdits; `note` is called with a written one inside its transaction (the audit trail)."""

    def __init__(self, reading: Sessions, writing: Sessions, note: Note) -> None:
        self._reading = reading
        self._writing = writing
        self._note = note

    def add(self, edit: ReferenceEdit) -> ReferenceEdit:
        values = {**edit.__dict__, "state": edit.state.value}
        del values["number"]
        with self._writing() as session:
            row = ReferenceEditRow(**values)
            session.add(row)
            session.flush()
            proposed = ReferenceEditRow.state == EditState.PROPOSED.value
            session.execute(delete(ReferenceEditRow).where(proposed, ReferenceEditRow.number <= row.number - MOST_OPEN))
            return _edit(row)

    def find(self, number: int) -> ReferenceEdit | None:
        with self._reading() as session:
            row = session.get(ReferenceEditRow, number)
            return _edit(row) if row else None

    def begin(self, number: int) -> None:
        self._set(number, state=EditState.WRITING.value)

    def give_up(self, number: int) -> None:
        self._set(number, state=EditState.PROPOSED.value)

    def finish(self, edit: ReferenceEdit, at: str, by: Actor) -> None:
        with self._writing() as session:
            values = {"state": EditState.WRITTEN.value, "written_at": at, "written_by": by.number}
            session.execute(update(ReferenceEditRow).where(ReferenceEditRow.number == edit.number).values(**values))
            self._note(session, edit, by)

    def keep_effect(self, number: int, effect: str) -> None:
        self._set(number, effect=effect)

    def in_state(self, state: EditState, limit: int) -> Sequence[ReferenceEdit]:
        query = select(ReferenceEditRow).where(ReferenceEditRow.state == state.value)
        with self._reading() as session:
            return [_edit(row) for row in session.scalars(query.order_by(ReferenceEditRow.number.desc()).limit(limit))]

    def _set(self, number: int, **values: str) -> None:
        with self._writing() as session:
            session.execute(update(ReferenceEditRow).where(ReferenceEditRow.number == number).values(**values))


def _edit(row: ReferenceEditRow) -> ReferenceEdit:
    values = {name: getattr(row, name) for name in ReferenceEdit.__dataclass_fields__}
    return ReferenceEdit(**{**values, "state": EditState(row.state)})
