"""Review, publishing, revisions, redirects, corrections and searches that found nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_round",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("submission", sa.Integer, sa.ForeignKey("submission.number"), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("began_at", sa.String, nullable=False),
        sa.Column("began_by", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
    )
    op.create_table(
        "review_decision",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("round", sa.Integer, sa.ForeignKey("review_round.number"), nullable=False, index=True),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("decided_at", sa.String, nullable=False),
        sa.Column("decided_by", sa.Integer, nullable=False),
        sa.Column("decision", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
    )
    op.create_table(
        "field_note",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("decision", sa.Integer, sa.ForeignKey("review_decision.number"), nullable=False, index=True),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )
    op.create_table(
        "publish_intent",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.String, nullable=False, index=True),
        sa.Column("submission", sa.Integer, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("sha256_before", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("began_at", sa.String, nullable=False),
        sa.Column("began_by", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False, index=True),
    )
    op.create_table(
        "revision",
        sa.Column("record_id", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("published_at", sa.String, nullable=False),
        sa.Column("published_by", sa.Integer, nullable=False),
        sa.Column("submission", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )
    op.create_table(
        "record_redirect",
        sa.Column("old_id", sa.String, primary_key=True),
        sa.Column("new_id", sa.String, nullable=False),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("made_by", sa.Integer, nullable=False),
    )
    op.create_table(
        "correction",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.String, nullable=False, index=True),
        sa.Column("ticket", sa.String, nullable=False, unique=True),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("contact", sa.String, nullable=False),
        sa.Column("asked_at", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False, index=True),
        sa.Column("reply", sa.String, nullable=False),
        sa.Column("answered_at", sa.String, nullable=False),
        sa.Column("answered_by", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_table(
        "missed_search",
        sa.Column("day", sa.String, primary_key=True),
        sa.Column("text", sa.String, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
