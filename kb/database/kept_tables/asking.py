"""Wanted problems, what was searched in vain, usefulness, and messages."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kb.database.kept_tables.base import Kept


class MissedSearchRow(Kept):
    """How often a question found nothing in a month (YYYY-MM); nobody's name."""

    __tablename__ = "missed_search"
    month: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class WantedProblemRow(Kept):
    """A problem for which the library had no case (待征集问题); `ticket` for askers without an account."""

    __tablename__ = "wanted_problem"
    number: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    detail: Mapped[str]
    problem: Mapped[str] = mapped_column(index=True)
    level: Mapped[str] = mapped_column(index=True)
    field: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    merged_into: Mapped[int] = mapped_column(index=True)
    assigned_to: Mapped[str]
    answer_case: Mapped[str] = mapped_column(index=True)
    answer: Mapped[str]
    answered_at: Mapped[str]
    answered_by: Mapped[int]
    asked_at: Mapped[str]
    asked_by: Mapped[int]
    asked_unit: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]


class WantedJoinRow(Kept):
    """A unit that has the same problem: once a unit."""

    __tablename__ = "wanted_join"
    wanted: Mapped[int] = mapped_column(ForeignKey("wanted_problem.number"), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    joined_at: Mapped[str]
    joined_by: Mapped[int]


class UsefulnessRow(Kept):
    """A unit's word on whether a case or an answer was of use; the newest counts."""

    __tablename__ = "usefulness"
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    is_useful: Mapped[bool]
    note: Mapped[str]
    said_at: Mapped[str]
    said_by: Mapped[int]


class MessageRow(Kept):
    """A message to an account; `key` says what it is about, so that it is given once; `mailed_at` "" until mailed."""

    __tablename__ = "message"
    number: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.number"), index=True)
    key: Mapped[str]
    text: Mapped[str]
    address: Mapped[str]
    at: Mapped[str]
    read_at: Mapped[str]
    mailed_at: Mapped[str]
    __table_args__ = (Index("message_once", "account", "key", unique=True),)


class AccountMailRow(Kept):
    """Where an account is written to by e-mail, if anywhere."""

    __tablename__ = "account_mail"
    account: Mapped[int] = mapped_column(ForeignKey("account.number"), primary_key=True)
    address: Mapped[str]
