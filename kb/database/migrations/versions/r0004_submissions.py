"""Submissions with their versions, attachments and who is writing."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.String, nullable=False, index=True),
        sa.Column("owner", sa.Integer, sa.ForeignKey("account.number"), nullable=False, index=True),
        sa.Column("unit", sa.String, nullable=False, index=True),
        sa.Column("stage", sa.String, nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("fields", sa.String, nullable=False),
        sa.Column("tray", sa.String, nullable=False),
        sa.Column("based_on", sa.Integer, nullable=False),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("changed_at", sa.String, nullable=False, index=True),
    )
    op.create_table(
        "submission_version",
        sa.Column("submission", sa.Integer, sa.ForeignKey("submission.number"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("saved_at", sa.String, nullable=False),
        sa.Column("saved_by", sa.Integer, nullable=False),
        sa.Column("fields", sa.String, nullable=False),
        sa.Column("tray", sa.String, nullable=False),
    )
    op.create_table(
        "attachment",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("submission", sa.Integer, sa.ForeignKey("submission.number"), nullable=False, index=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("added_at", sa.String, nullable=False),
        sa.Column("added_by", sa.Integer, nullable=False),
    )
    op.create_table(
        "presence",
        sa.Column("submission", sa.Integer, sa.ForeignKey("submission.number"), primary_key=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("seen_at", sa.String, nullable=False),
    )
