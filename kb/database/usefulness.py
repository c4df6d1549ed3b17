"""What units said on cases and answers, in the kept database."""

from collections.abc import Sequence

from sqlalchemy import Integer, cast, func, select, tuple_
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from kb.database.kept_tables import UsefulnessRow
from kb.services.judge_usefulness import Judged, Tally, Word


class SqlWords:
    """Words on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, word: Word) -> None:
        row = insert(UsefulnessRow).values(**{**word._asdict(), "kind": word.kind.value})
        said = {name: row.excluded[name] for name in ("is_useful", "note", "said_at", "said_by")}
        self._session.execute(row.on_conflict_do_update(index_elements=["kind", "subject", "unit"], set_=said))

    def of_unit(self, kind: Judged, subject: str, unit: str) -> Word | None:
        row = self._session.get(UsefulnessRow, (kind.value, subject, unit), populate_existing=True)
        return _word(row) if row else None

    def tallies(self, *, offset: int, limit: int) -> Sequence[Tally]:
        useful = func.sum(cast(UsefulnessRow.is_useful, Integer))
        useless = func.count() - useful
        of = (UsefulnessRow.kind, UsefulnessRow.subject)
        query = select(*of, useful, useless).group_by(*of).order_by(useless.desc(), useful.desc(), *of)
        found = self._session.execute(query.offset(offset).limit(limit)).all()
        said: dict[tuple[str, str], list[Word]] = {}
        rows = select(UsefulnessRow).where(tuple_(*of).in_([(kind, subject) for kind, subject, _, _ in found]))
        for row in self._session.scalars(rows.order_by(UsefulnessRow.said_at.desc(), UsefulnessRow.unit)):
            said.setdefault((row.kind, row.subject), []).append(_word(row))
        return [
            Tally(Judged(kind), subject, yes, no, tuple(said.get((kind, subject), ())))
            for kind, subject, yes, no in found
        ]

    def count(self) -> int:
        subjects = select(UsefulnessRow.kind, UsefulnessRow.subject).distinct().subquery()
        return self._session.scalar(select(func.count()).select_from(subjects)) or 0


def _word(row: UsefulnessRow) -> Word:
    return Word(Judged(row.kind), row.subject, row.unit, row.is_useful, row.note, row.said_at, row.said_by)
