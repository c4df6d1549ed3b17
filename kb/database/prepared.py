"""What every page asks of the catalogue, built once: building a statement takes longer than asking it."""

from collections.abc import Set
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.engine import Result
from sqlalchemy.orm import Session

from kb.database.models import CaseRow, MechanismRow, StampRow

# Tables without the object mapper: half the time of a query of ten rows.
_STAMP, _CASE, _MECHANISM = (row.__table__ for row in (StampRow, CaseRow, MechanismRow))
_IDS: Any = bindparam("ids", expanding=True)
SEEN_BY_ONE_OF = func.likely(_CASE.c.seen_by.in_(bindparam("sees", expanding=True)))
"""That most cases are seen is told to SQLite: else it walks through all of them to find ten by their id (6 ms of 3,000)."""


class Prepared:
    """A question about cases, for who sees all of them and for who does not."""

    def __init__(self, whole: "Select[*tuple[Any, ...]]") -> None:
        self._whole, self._seen = whole, whole.where(SEEN_BY_ONE_OF)

    def ask(self, session: Session, sees: Set[str] | None, **given: Any) -> "Result[*tuple[Any, ...]]":
        """sees: visibilities, None for all."""
        if sees is None:
            return session.execute(self._whole, given)
        return session.execute(self._seen, {**given, "sees": list(sees)})


STAMPS = select(_STAMP.c.key, _STAMP.c.value)
ANY_CASE = Prepared(select(_CASE.c.id).limit(1))
CASES = Prepared(select(_CASE.c.id, _CASE.c.plain, _CASE.c.html, _CASE.c.path).where(_CASE.c.id.in_(_IDS)))
LINES = select(_CASE.c.id, _CASE.c.seen_by, _CASE.c.lines).where(_CASE.c.id.in_(_IDS))
TITLES_OF_MECHANISMS = select(_MECHANISM.c.id, _MECHANISM.c.title).where(_MECHANISM.c.id.in_(_IDS))
