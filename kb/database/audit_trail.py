"""The audit trail in the kept database, whose triggers refuse every change and removal."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kb.database.kept_tables import AuditRow
from kb.services.keep_audit import AuditEntry, AuditFilter


class SqlAuditStore:
    """An AuditStore over one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def last(self) -> AuditEntry | None:
        self._session.flush()
        row = self._session.scalar(select(AuditRow).order_by(AuditRow.number.desc()).limit(1))
        return _told(row) if row else None

    def add(self, entry: AuditEntry) -> None:
        self._session.add(AuditRow(**entry._asdict()))

    def all(self) -> Iterable[AuditEntry]:
        rows = self._session.scalars(select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=1000))
        return map(_told, rows)

    def find(self, wanted: AuditFilter, *, offset: int, limit: int) -> Sequence[AuditEntry]:
        query = _where(select(AuditRow), wanted).order_by(AuditRow.number.desc()).offset(offset).limit(limit)
        return [_told(row) for row in self._session.scalars(query)]

    def count(self, wanted: AuditFilter) -> int:
        return self._session.scalar(_where(select(func.count(AuditRow.number)), wanted)) or 0

    def kinds(self) -> Sequence[str]:
        return self._session.scalars(select(AuditRow.kind).distinct().order_by(AuditRow.kind)).all()


def _where(query: Select[Any], wanted: AuditFilter) -> Select[Any]:
    for column, value in (
        (AuditRow.actor, wanted.actor),
        (AuditRow.kind, wanted.kind),
        (AuditRow.result, wanted.result),
    ):
        if value:
            query = query.where(column == value)
    if wanted.first_day:
        query = query.where(AuditRow.at >= wanted.first_day)
    if wanted.last_day:
        query = query.where(AuditRow.at < wanted.last_day + "U")  # sorts after "T", which begins the time of that day
    return query


def _told(row: AuditRow) -> AuditEntry:
    return AuditEntry(**{name: getattr(row, name) for name in AuditEntry._fields})
