"""The operations log in the kept database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from kb.database.faults import explain
from kb.database.kept import NAME, open_kept
from kb.database.kept_tables import BackupRow, ImportRow, Kept, RestoreRow
from kb.services.operations import BackupRun, ImportRun, RestoreTrial


class SqlOperationsLog:
    """Opened anew for each note: notes are rare, and the file may be replaced by a restore."""

    def __init__(self, data_folder: Path) -> None:
        self._path = data_folder / NAME

    def note_backup(self, run: BackupRun) -> None:
        self._add(BackupRow(**run._asdict()))

    def note_restore(self, trial: RestoreTrial) -> None:
        self._add(RestoreRow(**trial._asdict()))

    def note_import(self, run: ImportRun) -> None:
        self._add(ImportRow(**run._asdict()))

    def last_backup(self) -> BackupRun | None:
        row = self._last(BackupRow, BackupRow.problem == "")
        return _told(BackupRun, row) if row else None

    def last_restore(self) -> RestoreTrial | None:
        row = self._last(RestoreRow)
        return _told(RestoreTrial, row) if row else None

    def _add(self, row: Kept) -> None:
        def add(session: Session) -> None:
            session.add(row)
            session.commit()

        self._with_session(add)

    def _last(self, table: Any, *where: Any) -> Any:
        if not self._path.exists():
            return None
        query = select(table).where(*where).order_by(table.number.desc()).limit(1)
        return self._with_session(lambda session: session.scalar(query))

    def _with_session(self, task: Callable[[Session], Any]) -> Any:
        engine = open_kept(self._path)
        try:
            with Session(engine, expire_on_commit=False) as session:
                return task(session)
        except DatabaseError as error:
            raise explain(error, self._path) from error


def _told(kind: Any, row: Any) -> Any:
    return kind(**{name: getattr(row, name) for name in kind._fields})
