"""Units' own indicators in the kept database: a row a list, every list that was ever taken in."""

import json
from dataclasses import asdict, replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kb.database.kept_tables import UnitIndicatorRow
from kb.domain.unit_indicator import UnitIndicator
from kb.services.keep_unit_indicators import IndicatorList


class SqlIndicatorLists:
    """IndicatorLists on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self, unit: str) -> IndicatorList | None:
        row = UnitIndicatorRow
        query = select(row).where(row.unit == unit, row.is_taken_back.is_(False)).order_by(row.number.desc()).limit(1)
        found = self._session.scalars(query).first()
        return _list(found) if found else None

    def add(self, one: IndicatorList) -> IndicatorList:
        told = json.dumps([asdict(indicator) for indicator in one.indicators], ensure_ascii=False)
        row = UnitIndicatorRow(unit=one.unit, made_at=one.at, made_by=one.by, indicators=told, is_taken_back=False)
        self._session.add(row)
        self._session.flush()
        return replace(one, number=row.number)

    def take_back(self, number: int) -> None:
        row = UnitIndicatorRow
        self._session.execute(update(row).where(row.number == number).values(is_taken_back=True))


def _list(row: UnitIndicatorRow) -> IndicatorList:
    told = json.loads(row.indicators)
    indicators = tuple(UnitIndicator(**{**one, "covers": tuple(one["covers"])}) for one in told)
    return IndicatorList(row.number, row.unit, row.made_at, row.made_by, indicators)
