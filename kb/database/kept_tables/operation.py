"""Backups, restores and imports that were run."""

from sqlalchemy.orm import Mapped, mapped_column

from kb.database.kept_tables.base import Kept


class BackupRow(Kept):
    """A backup that was tried; `ended_at` is UTC in ISO form, `problem` is "" when it came out whole."""

    __tablename__ = "backup_run"
    number: Mapped[int] = mapped_column(primary_key=True)
    ended_at: Mapped[str] = mapped_column(index=True)
    file: Mapped[str]
    files: Mapped[int]
    size: Mapped[int]
    problem: Mapped[str]


class RestoreRow(Kept):
    """A backup that was restored, for good or as a trial."""

    __tablename__ = "restore_trial"
    number: Mapped[int] = mapped_column(primary_key=True)
    ended_at: Mapped[str] = mapped_column(index=True)
    file: Mapped[str]
    made_at: Mapped[str]
    files: Mapped[int]
    cases: Mapped[int]
    problem: Mapped[str]


class ImportRow(Kept):
    """A folder of files taken in as drafts."""

    __tablename__ = "import_run"
    number: Mapped[int] = mapped_column(primary_key=True)
    ended_at: Mapped[str] = mapped_column(index=True)
    folder: Mapped[str]
    drafts: Mapped[int]
    refused: Mapped[int]
