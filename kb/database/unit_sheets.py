"""Unit sheets in the kept database."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database.kept_tables import AdoptionRow, UnitSheetRow
from kb.domain.adoption import AdoptionStage
from kb.domain.unit_sheet import UnitSheet


class SqlUnitSheets:
    """UnitSheets, on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, unit: str) -> UnitSheet | None:
        row = self._session.get(UnitSheetRow, unit, populate_existing=True)
        return _sheet(row) if row else None

    def all(self) -> Mapping[str, UnitSheet]:
        return {row.unit: _sheet(row) for row in self._session.scalars(select(UnitSheetRow))}

    def adopted(self) -> Mapping[str, Sequence[str]]:
        query = select(AdoptionRow.unit, AdoptionRow.mechanism).where(AdoptionRow.stage != AdoptionStage.DRAFT.value)
        found: dict[str, list[str]] = {}
        for unit, mechanism in self._session.execute(query.distinct().order_by(AdoptionRow.mechanism)):
            found.setdefault(unit, []).append(mechanism)
        return found

    def put(self, sheet: UnitSheet) -> bool:
        values = {
            "fields": json.dumps(sheet.fields, ensure_ascii=False, separators=(",", ":")),
            "version": sheet.version + 1,
            "changed_at": sheet.changed_at,
            "changed_by": sheet.changed_by,
        }
        if sheet.version == 0:
            new = insert(UnitSheetRow).values(unit=sheet.unit, **values).on_conflict_do_nothing()
            done = self._session.execute(new)
        else:
            newest = (UnitSheetRow.unit == sheet.unit, UnitSheetRow.version == sheet.version)
            change = update(UnitSheetRow).where(*newest).values(**values)
            done = self._session.execute(change.execution_options(synchronize_session=False))
        assert isinstance(done, CursorResult)
        return done.rowcount == 1


def _sheet(row: UnitSheetRow) -> UnitSheet:
    return UnitSheet(row.unit, json.loads(row.fields), row.version, row.changed_at, row.changed_by)
