"""Themes in the kept database."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database.kept_tables import ThemeRow
from kb.domain.theme import Theme, ThemeKind, ThemeState


class SqlThemes:
    """Themes, on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, theme: Theme) -> Theme:
        values = _plain(theme)
        del values["number"]
        row = ThemeRow(**values)
        self._session.add(row)
        self._session.flush()
        return replace(theme, number=row.number)

    def find(self, number: int) -> Theme | None:
        row = self._session.get(ThemeRow, number, populate_existing=True)
        return _theme(row) if row else None

    def change(self, theme: Theme) -> bool:
        values = _plain(replace(theme, version=theme.version + 1))
        newest = (ThemeRow.number == theme.number, ThemeRow.version == theme.version)
        change = update(ThemeRow).where(*newest).values(**values)
        done = self._session.execute(change.execution_options(synchronize_session=False))
        assert isinstance(done, CursorResult)
        return done.rowcount == 1

    def listed(self, states: Iterable[ThemeState], *, limit: int) -> Sequence[Theme]:
        query = select(ThemeRow).where(ThemeRow.state.in_([state.value for state in states]))
        query = query.order_by(ThemeRow.changed_at.desc(), ThemeRow.number.desc()).limit(limit)
        return [_theme(row) for row in self._session.scalars(query)]


def _plain(theme: Theme) -> dict[str, Any]:
    values = {field.name: getattr(theme, field.name) for field in fields(theme)}
    ids = json.dumps(theme.case_ids)
    return {**values, "case_ids": ids, "kind": theme.kind.value, "state": theme.state.value}


def _theme(row: ThemeRow) -> Theme:
    values = {field.name: getattr(row, field.name) for field in fields(Theme)}
    ids = tuple(json.loads(row.case_ids))
    return Theme(**{**values, "case_ids": ids, "kind": ThemeKind(row.kind), "state": ThemeState(row.state)})
