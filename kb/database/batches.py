"""Batches of files in the kept database."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database.kept_tables import BatchRow
from kb.errors import Conflict
from kb.services.import_files import Alike, FileLine
from kb.services.submit_batch import Batch, BatchFile

MOST_LISTED = 50


class SqlBatchStore:
    """A BatchStore on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, batch: Batch) -> Batch:
        row = BatchRow(
            owner=batch.owner,
            name=batch.name,
            sent_at=batch.sent_at,
            files=_json(batch.files),
            read=batch.read,
            ended_at=batch.ended_at,
            lines=_json(batch.lines),
        )
        self._session.add(row)
        self._session.flush()
        return batch._replace(number=row.number)

    def find(self, number: int) -> Batch | None:
        row = self._session.get(BatchRow, number, populate_existing=True)
        return _batch(row) if row else None

    def of_owner(self, owner: int) -> Sequence[Batch]:
        query = select(BatchRow).where(BatchRow.owner == owner).order_by(BatchRow.number.desc()).limit(MOST_LISTED)
        return [_batch(row) for row in self._session.scalars(query)]

    def note_read(self, number: int, read: int) -> None:
        change = update(BatchRow).where(BatchRow.number == number).values(read=read)
        self._session.execute(change.execution_options(synchronize_session=False))

    def end(self, number: int, at: str, lines: Sequence[FileLine]) -> None:
        change = update(BatchRow).where(BatchRow.number == number, BatchRow.ended_at == "")
        values = {"ended_at": at, "read": len(lines), "lines": _json(lines)}
        done = self._session.execute(change.values(**values).execution_options(synchronize_session=False))
        assert isinstance(done, CursorResult)
        if done.rowcount != 1:
            raise Conflict("这一批已经收过了。", advice="刷新后看结果。")


def _batch(row: BatchRow) -> Batch:
    return Batch(
        number=row.number,
        owner=row.owner,
        name=row.name,
        sent_at=row.sent_at,
        files=tuple(BatchFile(**file) for file in json.loads(row.files)),
        read=row.read,
        ended_at=row.ended_at,
        lines=tuple(_line(line) for line in json.loads(row.lines)),
    )


def _line(told: dict[str, Any]) -> FileLine:
    return FileLine(**{**told, "alike": tuple(Alike(*one) for one in told["alike"])})


def _json(parts: Sequence[BatchFile] | Sequence[FileLine]) -> str:
    return json.dumps([part._asdict() for part in parts], ensure_ascii=False, separators=(",", ":"))
