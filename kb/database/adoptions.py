"""The ledger of adoptions in the kept database."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database.adoption_columns import AdoptionColumns, read_adoptions
from kb.database.kept_tables import AccountRow, AdoptionEventRow, AdoptionRow
from kb.domain.adoption import REPORTED, Adoption, AdoptionStage, Manner
from kb.services.adoptions import AdoptionEvent, EventKind, LedgerFilter, Uptake

MOST_ASKED = 500
"""Numbers asked for at once."""
_PLACE = {stage: place for place, stage in enumerate(REPORTED[:3])}
"""How far each stage is; a stop is no further than the beginning."""


class SqlAdoptions:
    """Adoptions, on a session of the caller, who commits. `columns`: what they are counted by."""

    def __init__(self, session: Session, columns: Callable[[Session], AdoptionColumns] = read_adoptions) -> None:
        self._session = session
        self._columns = columns

    def add(self, adoption: Adoption) -> Adoption:
        values = plain_of(adoption)
        del values["number"]
        row = AdoptionRow(**values)
        self._session.add(row)
        self._session.flush()
        return replace(adoption, number=row.number)

    def find(self, number: int) -> Adoption | None:
        row = self._session.get(AdoptionRow, number, populate_existing=True)
        return _adoption(row) if row else None

    def numbered(self, numbers: Collection[int]) -> Mapping[int, Adoption]:
        found = {}
        wanted = sorted(numbers)
        for begin in range(0, len(wanted), MOST_ASKED):
            part = AdoptionRow.number.in_(wanted[begin : begin + MOST_ASKED])
            for row in self._session.scalars(select(AdoptionRow).where(part)):
                found[row.number] = _adoption(row)
        return found

    def change(self, adoption: Adoption) -> bool:
        values = plain_of(replace(adoption, version=adoption.version + 1))
        newest = (AdoptionRow.number == adoption.number, AdoptionRow.version == adoption.version)
        change = update(AdoptionRow).where(*newest).values(**values)
        done = self._session.execute(change.execution_options(synchronize_session=False))
        assert isinstance(done, CursorResult)
        return done.rowcount == 1

    def note(self, event: AdoptionEvent) -> None:
        before = json.dumps(plain_of(event.before), ensure_ascii=False) if event.before else ""
        self._session.add(
            AdoptionEventRow(
                adoption=event.adoption,
                at=event.at,
                by=event.by,
                kind=event.kind.value,
                detail=event.detail,
                before=before,
            )
        )
        self._session.flush()

    def history(self, number: int) -> Sequence[AdoptionEvent]:
        query = select(AdoptionEventRow, AccountRow.display_name)
        query = query.outerjoin(AccountRow, AccountRow.number == AdoptionEventRow.by)
        query = query.where(AdoptionEventRow.adoption == number).order_by(AdoptionEventRow.number)
        return [_event(row, name or "") for row, name in self._session.execute(query)]

    def running(self, unit: str, mechanism: str) -> Adoption | None:
        query = select(AdoptionRow).where(AdoptionRow.unit == unit, AdoptionRow.mechanism == mechanism)
        row = self._session.scalar(query.where(AdoptionRow.stage != AdoptionStage.STOPPED.value).limit(1))
        return _adoption(row) if row else None

    def listed(self, wanted: LedgerFilter, *, offset: int = 0, limit: int = 50) -> Sequence[Adoption]:
        order = (AdoptionRow.news_at.desc(), AdoptionRow.number.desc())
        query = select(AdoptionRow).where(*_conditions(wanted)).order_by(*order).offset(offset).limit(limit)
        return [_adoption(row) for row in self._session.scalars(query)]

    def count(self, wanted: LedgerFilter) -> int:
        return self._session.scalar(select(func.count(AdoptionRow.number)).where(*_conditions(wanted))) or 0

    def waiting(self, *, limit: int) -> Sequence[Adoption]:
        query = select(AdoptionRow).where(
            AdoptionRow.stage == AdoptionStage.LANDED.value, AdoptionRow.confirmed_unit == ""
        )
        query = query.order_by(AdoptionRow.landed_on, AdoptionRow.number).limit(limit)
        return [_adoption(row) for row in self._session.scalars(query)]

    def stages(self, mechanisms: Iterable[str]) -> Mapping[str, Mapping[str, tuple[AdoptionStage, bool]]]:
        is_confirmed = AdoptionRow.confirmed_unit != ""
        columns = (AdoptionRow.mechanism, AdoptionRow.unit, AdoptionRow.stage, is_confirmed)
        query = select(*columns).where(
            AdoptionRow.mechanism.in_(set(mechanisms)), AdoptionRow.stage != AdoptionStage.DRAFT.value
        )
        found: dict[str, dict[str, tuple[AdoptionStage, bool]]] = {}
        for mechanism, unit, stage, confirmed in self._session.execute(query.distinct()):
            told = (AdoptionStage(stage), bool(confirmed))
            units = found.setdefault(mechanism, {})
            units[unit] = max(units.get(unit, told), told, key=_how_far)
        return found

    def units(self) -> Sequence[str]:
        query = select(AdoptionRow.unit).where(AdoptionRow.stage != AdoptionStage.DRAFT.value).distinct()
        return self._session.scalars(query.order_by(AdoptionRow.unit)).all()

    def uptake(self) -> tuple[Mapping[str, Uptake], Mapping[str, Uptake]]:
        columns = self._columns(self._session)
        return columns.uptake_by("mechanism"), columns.uptake_by("case")


def plain_of(adoption: Adoption) -> dict[str, Any]:
    """The columns of its row, which is also how its history keeps it."""
    values = {field.name: getattr(adoption, field.name) for field in fields(adoption)}
    rows = [dict(row) for row in adoption.results]
    return {
        **values,
        "manner": adoption.manner.value,
        "stage": adoption.stage.value,
        "results": json.dumps(rows, ensure_ascii=False),
        "judged": json.dumps(adoption.judged, ensure_ascii=False),
    }


def _adoption(row: AdoptionRow) -> Adoption:
    return _from_plain({field.name: getattr(row, field.name) for field in fields(Adoption)})


def _from_plain(values: Mapping[str, Any]) -> Adoption:
    return Adoption(
        **{
            **values,
            "manner": Manner(values["manner"]),
            "stage": AdoptionStage(values["stage"]),
            "results": tuple(json.loads(values["results"])),
            "judged": tuple(json.loads(values["judged"])),
        }
    )


def _event(row: AdoptionEventRow, by_name: str) -> AdoptionEvent:
    before = _from_plain(json.loads(row.before)) if row.before else None
    return AdoptionEvent(row.number, row.adoption, row.at, row.by, EventKind(row.kind), row.detail, before, by_name)


def _conditions(wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.with_drafts_of != "*":
        is_reported = AdoptionRow.stage != AdoptionStage.DRAFT.value
        own = AdoptionRow.unit == wanted.with_drafts_of
        conditions.append(or_(is_reported, own) if wanted.with_drafts_of else is_reported)
    for column, value in (
        (AdoptionRow.mechanism, wanted.mechanism),
        (AdoptionRow.unit, wanted.unit),
        (AdoptionRow.stage, wanted.stage.value if wanted.stage else ""),
        (AdoptionRow.plan, wanted.plan or ""),
    ):
        if value:
            conditions.append(column == value)
    if wanted.year:
        conditions.append(AdoptionRow.intended_on.startswith(f"{wanted.year}-", autoescape=True))
    return conditions


def _how_far(told: tuple[AdoptionStage, bool]) -> tuple[bool, int]:
    stage, is_confirmed = told
    return is_confirmed, _PLACE.get(stage, -1)
