"""Accounts, how they are signed in to, and the audit trail."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kb.database.kept_tables.base import Kept


class AccountRow(Kept):
    """Somebody who can sign in. `epoch` grows when all sessions are to end; times are UTC in ISO form."""

    __tablename__ = "account"
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    unit: Mapped[str]
    password_hash: Mapped[str]
    is_active: Mapped[bool]
    must_change: Mapped[bool]
    epoch: Mapped[int]
    made_at: Mapped[str]
    password_set_at: Mapped[str]
    last_seen_at: Mapped[str]


class AccountRoleRow(Kept):
    """A role of an account, and for a reviewer the step held ("" otherwise)."""

    __tablename__ = "account_role"
    account: Mapped[int] = mapped_column(ForeignKey("account.number"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)


class OldPasswordRow(Kept):
    """A password an account has had."""

    __tablename__ = "old_password"
    number: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.number"), index=True)
    password_hash: Mapped[str]
    set_at: Mapped[str]


class SignInAttemptRow(Kept):
    """An attempt to sign in; `seconds` since 1970, `source` the address it came from."""

    __tablename__ = "sign_in_attempt"
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(index=True)
    seconds: Mapped[float] = mapped_column(index=True)
    is_good: Mapped[bool]


class SetupLinkRow(Kept):
    """A link that may be used once; only the hash of its secret is kept. `account` 0 makes the first administrator."""

    __tablename__ = "setup_link"
    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[int]
    expires_at: Mapped[str]
    used_at: Mapped[str]


class AuditRow(Kept):
    """An entry of the audit trail: `digest` covers it and the digest before, so that a change shows."""

    __tablename__ = "audit_entry"
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    result: Mapped[str]
    source: Mapped[str]
    detail: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]
