"""Baskets, favourites and guests' browsers in the kept database, on a session of the caller, who commits."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database.kept_tables import BasketPassageRow, BrowserRow, FavouriteRow, PieceRow, RevisionRow
from kb.domain.passage import Passage, build_passage, plain_passage
from kb.services.keep_basket import BasketPassage, Favourite

KEPT_OUT = 200
"""Passages taken out that an owner can still put back."""


class SqlBaskets:
    """Baskets."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def listed(self, owner: str) -> Sequence[BasketPassage]:
        query = select(BasketPassageRow).where(*_in(owner)).order_by(BasketPassageRow.place, BasketPassageRow.number)
        return [_kept(row) for row in self._session.scalars(query, execution_options={"populate_existing": True})]

    def add(self, owner: str, passage: Passage) -> None:
        self._session.add(
            BasketPassageRow(
                owner=owner,
                place=self._last_place(owner) + 1,
                record_id=passage.case_id,
                passage=_json(passage),
                checked="",
                note="",
                removed_at="",
            )
        )
        self._session.flush()

    def put_in_order(self, owner: str, numbers: Sequence[int]) -> None:
        for place, number in enumerate(numbers, start=1):
            self._update(owner, number, place=place)

    def take_out(self, owner: str, numbers: Sequence[int], at: str) -> None:
        for number in numbers:
            self._update(owner, number, removed_at=at)
        is_out = (BasketPassageRow.owner == owner, BasketPassageRow.removed_at != "")
        out = select(BasketPassageRow.number).where(*is_out)
        old = self._session.scalars(out.order_by(BasketPassageRow.removed_at.desc()).offset(KEPT_OUT)).all()
        self._session.execute(delete(BasketPassageRow).where(BasketPassageRow.number.in_(old)))

    def put_back(self, owner: str) -> int:
        is_out = (BasketPassageRow.owner == owner, BasketPassageRow.removed_at != "")
        newest = self._session.scalar(select(func.max(BasketPassageRow.removed_at)).where(*is_out))
        change = update(BasketPassageRow).where(*is_out, BasketPassageRow.removed_at == newest)
        done = self._session.execute(change.values(removed_at="").execution_options(synchronize_session=False))
        assert isinstance(done, CursorResult)
        return done.rowcount

    def change(self, owner: str, kept: BasketPassage) -> bool:
        return self._update(
            owner,
            kept.number,
            passage=_json(kept.passage),
            checked=kept.checked,
            note=kept.note,
        )

    def hand_on(self, giver: str, receiver: str) -> None:
        there = {(one.passage.case_id, one.passage.text) for one in self.listed(receiver)}
        last = self._last_place(receiver)
        for one in self.listed(giver):
            if (one.passage.case_id, one.passage.text) not in there:
                last += 1
                self._update(giver, one.number, owner=receiver, place=last)
        for favourite in self.favourites(giver):
            self.add_favourite(receiver, favourite)
        for table in (BasketPassageRow, FavouriteRow):
            self._session.execute(delete(table).where(table.owner == giver))
        moved = update(PieceRow).where(PieceRow.owner == giver).values(owner=receiver)
        self._session.execute(moved.execution_options(synchronize_session=False))

    def favourites(self, owner: str) -> Sequence[Favourite]:
        query = select(FavouriteRow).where(FavouriteRow.owner == owner)
        rows = self._session.scalars(query.order_by(FavouriteRow.added_at.desc(), FavouriteRow.subject))
        return [Favourite(row.kind, row.subject, row.added_at) for row in rows]

    def add_favourite(self, owner: str, favourite: Favourite) -> None:
        row = insert(FavouriteRow).values(owner=owner, **favourite._asdict())
        self._session.execute(row.on_conflict_do_nothing())

    def remove_favourite(self, owner: str, kind: str, subject: str) -> None:
        is_it = (FavouriteRow.owner == owner, FavouriteRow.kind == kind, FavouriteRow.subject == subject)
        self._session.execute(delete(FavouriteRow).where(*is_it))

    def _last_place(self, owner: str) -> int:
        query = select(func.max(BasketPassageRow.place)).where(BasketPassageRow.owner == owner)
        return self._session.scalar(query) or 0

    def _update(self, owner: str, number: int, /, **values: object) -> bool:
        change = update(BasketPassageRow).where(BasketPassageRow.number == number, *_in(owner))
        done = self._session.execute(change.values(**values).execution_options(synchronize_session=False))
        assert isinstance(done, CursorResult)
        return done.rowcount == 1


class SqlBrowsers:
    """Browsers of guests."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def used_on(self, token_hash: str) -> str:
        return self._session.scalar(select(BrowserRow.used_on).where(BrowserRow.token_hash == token_hash)) or ""

    def add(self, token_hash: str, day: str) -> None:
        self._session.add(BrowserRow(token_hash=token_hash, made_on=day, used_on=day))
        self._session.flush()

    def note_use(self, token_hash: str, day: str) -> None:
        change = update(BrowserRow).where(BrowserRow.token_hash == token_hash, BrowserRow.used_on < day)
        self._session.execute(change.values(used_on=day).execution_options(synchronize_session=False))

    def count(self) -> int:
        return self._session.scalar(select(func.count(BrowserRow.token_hash))) or 0

    def forget_unused(self, before: str) -> None:
        unused = self._session.scalars(select(BrowserRow.token_hash).where(BrowserRow.used_on < before)).all()
        owners = [f"browser:{one}" for one in unused]
        for table in (BasketPassageRow, FavouriteRow, PieceRow):
            self._session.execute(delete(table).where(table.owner.in_(owners)))
        self._session.execute(delete(BrowserRow).where(BrowserRow.token_hash.in_(unused)))


def revision_numbers(session: Session, ids: Sequence[str]) -> Mapping[tuple[str, str], int]:
    """The newest revision of each record id and digest; nothing for what was never published here."""
    query = select(RevisionRow.record_id, RevisionRow.sha256, func.max(RevisionRow.number))
    query = query.where(RevisionRow.record_id.in_(ids)).group_by(RevisionRow.record_id, RevisionRow.sha256)
    return {(record_id, digest): number for record_id, digest, number in session.execute(query)}


def _in(owner: str) -> tuple[ColumnElement[bool], ...]:
    return BasketPassageRow.owner == owner, BasketPassageRow.removed_at == ""


def _json(passage: Passage) -> str:
    return json.dumps(plain_passage(passage), ensure_ascii=False)


def _kept(row: BasketPassageRow) -> BasketPassage:
    return BasketPassage(row.number, build_passage(json.loads(row.passage)), row.checked, row.note)
