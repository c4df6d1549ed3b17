"""Drafts on their way to the library."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kb.database.kept_tables.base import Kept


class SubmissionRow(Kept):
    """A submission (`kb.domain.submission`); fields and tray are JSON."""

    __tablename__ = "submission"
    number: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(index=True)
    owner: Mapped[int] = mapped_column(ForeignKey("account.number"), index=True)
    unit: Mapped[str] = mapped_column(index=True)
    stage: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    fields: Mapped[str]
    tray: Mapped[str]
    based_on: Mapped[int]
    made_at: Mapped[str]
    changed_at: Mapped[str] = mapped_column(index=True)


class SubmissionVersionRow(Kept):
    """A version of a submission as it was saved."""

    __tablename__ = "submission_version"
    submission: Mapped[int] = mapped_column(ForeignKey("submission.number"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    saved_at: Mapped[str]
    saved_by: Mapped[int]
    fields: Mapped[str]
    tray: Mapped[str]


class AttachmentRow(Kept):
    """A file that belongs to a submission; its bytes are in the uploads folder under their SHA-256."""

    __tablename__ = "attachment"
    number: Mapped[int] = mapped_column(primary_key=True)
    submission: Mapped[int] = mapped_column(ForeignKey("submission.number"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    added_at: Mapped[str]
    added_by: Mapped[int]


class BatchRow(Kept):
    """Files that were sent in together (`kb.services.submit_batch`); files and lines are JSON, `ended_at` "" until all are drafts."""

    __tablename__ = "batch"
    number: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[int] = mapped_column(ForeignKey("account.number"), index=True)
    name: Mapped[str]
    sent_at: Mapped[str]
    files: Mapped[str]
    read: Mapped[int]
    ended_at: Mapped[str]
    lines: Mapped[str]


class HandoverRow(Kept):
    """A submission that got another writer: at which version, from and to which account, and who saw to it."""

    __tablename__ = "handover"
    number: Mapped[int] = mapped_column(primary_key=True)
    submission: Mapped[int] = mapped_column(ForeignKey("submission.number"), index=True)
    version: Mapped[int]
    giver: Mapped[int]
    receiver: Mapped[int]
    handed_at: Mapped[str]
    handed_by: Mapped[int]
    note: Mapped[str]


class PresenceRow(Kept):
    """Who had a submission open for writing, and when last."""

    __tablename__ = "presence"
    submission: Mapped[int] = mapped_column(ForeignKey("submission.number"), primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.number"), primary_key=True)
    seen_at: Mapped[str]
