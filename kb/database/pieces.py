"""Pieces in the kept database, on a session of the caller, who commits."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database.kept_tables import PieceRow
from kb.domain.office_document import Head
from kb.domain.piece import Item, Piece, PieceKind, build_items, plain_items


class SqlPieces:
    """Pieces."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, piece: Piece) -> Piece:
        row = PieceRow(
            owner=piece.owner,
            kind=piece.kind.value,
            title=piece.title,
            head=_json_head(piece.head),
            items=_json_items(piece.items),
            items_before=_json_items(piece.before),
            version=1,
            made_at=piece.made_at,
            changed_at=piece.changed_at,
            deleted_at="",
        )
        self._session.add(row)
        self._session.flush()
        return replace(piece, number=row.number, version=1)

    def find(self, owner: str, number: int) -> Piece | None:
        query = select(PieceRow).where(PieceRow.number == number, PieceRow.owner == owner)
        row = self._session.scalar(query, execution_options={"populate_existing": True})
        return _piece(row) if row else None

    def listed(self, owner: str, limit: int) -> Sequence[Piece]:
        query = select(PieceRow).where(PieceRow.owner == owner)
        rows = self._session.scalars(query.order_by(PieceRow.changed_at.desc(), PieceRow.number.desc()).limit(limit))
        return [_piece(row) for row in rows]

    def count(self, owner: str) -> int:
        return self._session.scalar(select(func.count(PieceRow.number)).where(PieceRow.owner == owner)) or 0

    def save(self, piece: Piece) -> Piece | None:
        """The next version; None when `piece.version` is no longer the newest."""
        saved = replace(piece, version=piece.version + 1)
        change = update(PieceRow).where(
            PieceRow.number == piece.number, PieceRow.owner == piece.owner, PieceRow.version == piece.version
        )
        done = self._session.execute(
            change.values(
                kind=saved.kind.value,
                title=saved.title,
                head=_json_head(saved.head),
                items=_json_items(saved.items),
                items_before=_json_items(saved.before),
                version=saved.version,
                changed_at=saved.changed_at,
                deleted_at=saved.deleted_at,
            ).execution_options(synchronize_session=False)
        )
        assert isinstance(done, CursorResult)
        return saved if done.rowcount == 1 else None

    def forget_deleted(self, owner: str, before: str) -> None:
        is_old = (PieceRow.owner == owner, PieceRow.deleted_at != "", PieceRow.deleted_at < before)
        self._session.execute(delete(PieceRow).where(*is_old))


def _json_head(head: Head) -> str:
    return json.dumps(asdict(head), ensure_ascii=False)


def _json_items(items: tuple[Item, ...]) -> str:
    return json.dumps(plain_items(items), ensure_ascii=False)


def _piece(row: PieceRow) -> Piece:
    return Piece(
        number=row.number,
        owner=row.owner,
        kind=PieceKind(row.kind),
        title=row.title,
        head=Head(**json.loads(row.head)),
        items=build_items(json.loads(row.items)),
        before=build_items(json.loads(row.items_before)),
        version=row.version,
        made_at=row.made_at,
        changed_at=row.changed_at,
        deleted_at=row.deleted_at,
    )
