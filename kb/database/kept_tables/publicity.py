"""Themes, baskets, favourites and pieces."""

from sqlalchemy.orm import Mapped, mapped_column

from kb.database.kept_tables.base import Kept


class ThemeRow(Kept):
    """A theme (专题); `case_ids` is JSON."""

    __tablename__ = "theme"
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    intro: Mapped[str]
    kind: Mapped[str]
    query: Mapped[str]
    case_ids: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    made_at: Mapped[str]
    made_by: Mapped[int]
    changed_at: Mapped[str] = mapped_column(index=True)


class BrowserRow(Kept):
    """A guest's browser that keeps something here: only the hash of its token; days are YYYY-MM-DD."""

    __tablename__ = "browser"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    made_on: Mapped[str]
    used_on: Mapped[str] = mapped_column(index=True)


class BasketPassageRow(Kept):
    """A passage in a basket (`kb.domain.passage`, as JSON). `owner` is `account:` and a number or `browser:` and a token's hash.

    `checked` is the digest of the text the owner has seen and keeps the passage against; `removed_at` "" while it is in.
    """

    __tablename__ = "basket_passage"
    number: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    place: Mapped[int]
    record_id: Mapped[str] = mapped_column(index=True)
    passage: Mapped[str]
    checked: Mapped[str]
    note: Mapped[str]
    removed_at: Mapped[str]


class FavouriteRow(Kept):
    """A case or mechanism somebody wants to find again."""

    __tablename__ = "favourite"
    owner: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    added_at: Mapped[str]


class PieceRow(Kept):
    """A piece of publicity (`kb.domain.piece`); head and items are JSON, `items_before` what one step back restores."""

    __tablename__ = "piece"
    number: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    title: Mapped[str]
    head: Mapped[str]
    items: Mapped[str]
    items_before: Mapped[str]
    version: Mapped[int]
    made_at: Mapped[str]
    changed_at: Mapped[str] = mapped_column(index=True)
    deleted_at: Mapped[str] = mapped_column(index=True)
