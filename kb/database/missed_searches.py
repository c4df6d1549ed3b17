"""Counts of searches that found nothing, in the kept database."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from kb.database.kept_tables import MissedSearchRow
from kb.services.missed_searches import MOST_OF_A_MONTH, OTHERS, Missed, MissedCount


class SqlMissedSearches:
    """MissedSearches on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, missed: Missed) -> None:
        known = {month: self._known(month) for month in {month for month, _ in missed}}
        for (month, text), count in missed.items():
            if text not in known[month] and len(known[month]) >= MOST_OF_A_MONTH:
                text = OTHERS
            known[month].add(text)
            row = insert(MissedSearchRow).values(month=month, text=text, count=count)
            grown = {"count": MissedSearchRow.count + row.excluded.count}
            self._session.execute(row.on_conflict_do_update(index_elements=["month", "text"], set_=grown))

    def forget_before(self, month: str) -> None:
        self._session.execute(delete(MissedSearchRow).where(MissedSearchRow.month < month))

    def listed(self, first: str, last: str, limit: int) -> Sequence[MissedCount]:
        count = func.sum(MissedSearchRow.count)
        query = select(MissedSearchRow.text, count).where(MissedSearchRow.month.between(first, last))
        query = query.group_by(MissedSearchRow.text).order_by(count.desc(), MissedSearchRow.text).limit(limit)
        return [MissedCount(text, count) for text, count in self._session.execute(query)]

    def total(self, first: str, last: str) -> int:
        query = select(func.sum(MissedSearchRow.count)).where(MissedSearchRow.month.between(first, last))
        return self._session.scalar(query) or 0

    def _known(self, month: str) -> set[str]:
        return set(self._session.scalars(select(MissedSearchRow.text).where(MissedSearchRow.month == month)))
