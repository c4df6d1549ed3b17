"""Accounts, what they did, and the audit trail, which nothing changes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = """CREATE TRIGGER audit_entry_{deed} BEFORE {deed} ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"""


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("display_name", sa.String, nullable=False),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("password_set_at", sa.String, nullable=False),
        sa.Column("last_seen_at", sa.String, nullable=False),
    )
    op.create_table(
        "account_role",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("role", sa.String, primary_key=True),
        sa.Column("step", sa.String, primary_key=True),
    )
    op.create_table(
        "old_password",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), nullable=False, index=True),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("set_at", sa.String, nullable=False),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, index=True),
        sa.Column("source", sa.String, nullable=False, index=True),
        sa.Column("seconds", sa.Double, nullable=False, index=True),
        sa.Column("is_good", sa.Boolean, nullable=False),
    )
    op.create_table(
        "setup_link",
        sa.Column("secret_hash", sa.String, primary_key=True),
        sa.Column("account", sa.Integer, nullable=False),
        sa.Column("expires_at", sa.String, nullable=False),
        sa.Column("used_at", sa.String, nullable=False),
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.String, nullable=False, index=True),
        sa.Column("actor", sa.String, nullable=False, index=True),
        sa.Column("kind", sa.String, nullable=False, index=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("result", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("previous", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
    )
    for deed in ("UPDATE", "DELETE"):
        op.execute(APPEND_ONLY.format(deed=deed))
