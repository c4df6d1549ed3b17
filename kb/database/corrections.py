"""Reports of mistakes and redirects of merged records in the kept database."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database.kept_tables import CorrectionRow, RedirectRow
from kb.services.correct_case import Correction, CorrectionState


class SqlCorrections:
    """Corrections, on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, correction: Correction) -> None:
        values = {**correction._asdict(), "state": correction.state.value}
        del values["number"]
        self._session.add(CorrectionRow(**values))
        self._session.flush()

    def find(self, ticket: str) -> Correction | None:
        row = self._session.scalar(select(CorrectionRow).where(CorrectionRow.ticket == ticket))
        return _correction(row) if row else None

    def answer(self, correction: Correction) -> bool:
        is_open = (CorrectionRow.ticket == correction.ticket, CorrectionRow.state == CorrectionState.OPEN.value)
        change = update(CorrectionRow).where(*is_open)
        done = self._session.execute(
            change.values(
                state=correction.state.value,
                reply=correction.reply,
                answered_at=correction.answered_at,
                answered_by=correction.answered_by,
            ).execution_options(synchronize_session=False)
        )
        assert isinstance(done, CursorResult)
        return done.rowcount == 1

    def waiting(self, *, record_id: str = "") -> int:
        query = select(func.count(CorrectionRow.number)).where(CorrectionRow.state == CorrectionState.OPEN.value)
        if record_id:
            query = query.where(CorrectionRow.record_id == record_id)
        return self._session.scalar(query) or 0

    def listed(self, states: Sequence[CorrectionState], limit: int) -> Sequence[Correction]:
        wanted = CorrectionRow.state.in_([state.value for state in states])
        query = select(CorrectionRow).where(wanted).order_by(CorrectionRow.number).limit(limit)
        return [_correction(row) for row in self._session.scalars(query)]

    def of_record(self, record_id: str) -> Sequence[Correction]:
        query = select(CorrectionRow).where(CorrectionRow.record_id == record_id).order_by(CorrectionRow.number)
        return [_correction(row) for row in self._session.scalars(query)]


class SqlRedirects:
    """Redirects, each call in a session of its own."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Session]],
        writing: Callable[[], AbstractContextManager[Session]],
    ) -> None:
        self._reading = reading
        self._writing = writing

    def add(self, old_id: str, new_id: str, *, at: str, by: int) -> None:
        told = {"new_id": new_id, "made_at": at, "made_by": by}
        row = insert(RedirectRow).values(old_id=old_id, **told)
        with self._writing() as session:
            session.execute(row.on_conflict_do_update(index_elements=["old_id"], set_=told))

    def remove(self, old_id: str) -> None:
        with self._writing() as session:
            session.execute(delete(RedirectRow).where(RedirectRow.old_id == old_id))

    def target_of(self, old_id: str) -> str:
        with self._reading() as session:
            return session.scalar(select(RedirectRow.new_id).where(RedirectRow.old_id == old_id)) or ""

    def all(self) -> Mapping[str, str]:
        with self._reading() as session:
            return dict(session.execute(select(RedirectRow.old_id, RedirectRow.new_id)).all())


def _correction(row: CorrectionRow) -> Correction:
    return Correction(
        row.number,
        row.record_id,
        row.ticket,
        row.text,
        row.contact,
        row.asked_at,
        CorrectionState(row.state),
        row.reply,
        row.answered_at,
        row.answered_by,
        row.revision,
    )
