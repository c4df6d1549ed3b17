"""Tables. *Derived*: dropped and rebuilt from the content folder at any time. *Kept* ones are in kept_tables."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_VERSION = "5"
"""Raised with every change of a derived table; a catalogue of another version is dropped and rebuilt."""


class Derived(DeclarativeBase):
    """Base of all tables that can be rebuilt."""


class StampRow(Derived):
    __tablename__ = "stamp"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class FileRow(Derived):
    __tablename__ = "file"
    path: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    record_id: Mapped[str]


class FindingRow(Derived):
    __tablename__ = "finding"
    number: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(index=True)
    line: Mapped[int]
    field: Mapped[str]
    message: Mapped[str]
    advice: Mapped[str]
    severity: Mapped[str]


class CaseRow(Derived):
    __tablename__ = "case_record"
    id: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(index=True)
    mechanism: Mapped[str] = mapped_column(index=True)
    newest: Mapped[str] = mapped_column(index=True)
    seen_by: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    kind: Mapped[str]
    unit: Mapped[str]
    level: Mapped[str]
    field: Mapped[str]
    year: Mapped[str]
    lines: Mapped[str]
    plain: Mapped[str]
    html: Mapped[str]
    # Counting walks over this index, or looks up in it, and never reads the texts, which are most of the table.
    __table_args__ = (Index("case_counted", "id", "seen_by", "level", "field", "year", "unit", "kind", "mechanism"),)


class CaseProblemRow(Derived):
    __tablename__ = "case_problem"
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True)
    problem: Mapped[str] = mapped_column(primary_key=True)
    is_primary: Mapped[bool]
    __table_args__ = (Index("case_problem_by_problem", "problem", "is_primary"),)


class CaseIndicatorRow(Derived):
    __tablename__ = "case_indicator"
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True, index=True)


class ArchivedCaseRow(Derived):
    """What is still asked of a case no reader sees: whose it was, and which mechanism it formed."""

    __tablename__ = "archived_case"
    path: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
    mechanism: Mapped[str] = mapped_column(index=True)
    unit: Mapped[str]


class MechanismRow(Derived):
    """`loop` holds the codes of 四上四下 it serves, with a space between."""

    __tablename__ = "mechanism_record"
    id: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    loop: Mapped[str]
    plain: Mapped[str]
    html: Mapped[str]


class MechanismProblemRow(Derived):
    __tablename__ = "mechanism_problem"
    mechanism_id: Mapped[str] = mapped_column(ForeignKey("mechanism_record.id", ondelete="CASCADE"), primary_key=True)
    problem: Mapped[str] = mapped_column(primary_key=True, index=True)


class PendingRow(Derived):
    """Outbox to the index: written in the transaction that changes a case, cleared when the index has it."""

    __tablename__ = "pending"
    case_id: Mapped[str] = mapped_column(primary_key=True)
