"""Highlights and pieces: browsers of guests, baskets of passages, favourites, pieces."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "browser",
        sa.Column("token_hash", sa.String, primary_key=True),
        sa.Column("made_on", sa.String, nullable=False),
        sa.Column("used_on", sa.String, nullable=False, index=True),
    )
    op.create_table(
        "basket_passage",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("owner", sa.String, nullable=False, index=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("record_id", sa.String, nullable=False, index=True),
        sa.Column("passage", sa.String, nullable=False),
        sa.Column("checked", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("removed_at", sa.String, nullable=False),
    )
    op.create_table(
        "favourite",
        sa.Column("owner", sa.String, primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("added_at", sa.String, nullable=False),
    )
    op.create_table(
        "piece",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("owner", sa.String, nullable=False, index=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("head", sa.String, nullable=False),
        sa.Column("items", sa.String, nullable=False),
        sa.Column("items_before", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("changed_at", sa.String, nullable=False, index=True),
        sa.Column("deleted_at", sa.String, nullable=False, index=True),
    )
