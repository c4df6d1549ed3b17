"""Review, publication, revision and correction."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kb.database.kept_tables.base import Kept


class ReviewRoundRow(Kept):
    """One way of a submission through the review, from being submitted to passed, returned or withdrawn."""

    __tablename__ = "review_round"
    number: Mapped[int] = mapped_column(primary_key=True)
    submission: Mapped[int] = mapped_column(ForeignKey("submission.number"), index=True)
    version: Mapped[int]
    began_at: Mapped[str]
    began_by: Mapped[int]
    state: Mapped[str]


class ReviewDecisionRow(Kept):
    """What was decided at one step of a round."""

    __tablename__ = "review_decision"
    number: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(ForeignKey("review_round.number"), index=True)
    step: Mapped[str]
    decided_at: Mapped[str]
    decided_by: Mapped[int]
    decision: Mapped[str]
    note: Mapped[str]


class FieldNoteRow(Kept):
    """What a reviewer wants mended in one field."""

    __tablename__ = "field_note"
    number: Mapped[int] = mapped_column(primary_key=True)
    decision: Mapped[int] = mapped_column(ForeignKey("review_decision.number"), index=True)
    field: Mapped[str]
    reason: Mapped[str]


class PublishIntentRow(Kept):
    """What was about to be written to the content folder; tells half a publish from a file added by hand."""

    __tablename__ = "publish_intent"
    number: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(index=True)
    submission: Mapped[int]
    path: Mapped[str]
    sha256_before: Mapped[str]
    sha256: Mapped[str]
    text: Mapped[str]
    reason: Mapped[str]
    began_at: Mapped[str]
    began_by: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)


class RevisionRow(Kept):
    """A revision of an included record: the whole file as it was published."""

    __tablename__ = "revision"
    record_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    published_at: Mapped[str]
    published_by: Mapped[int]
    submission: Mapped[int]
    sha256: Mapped[str]
    text: Mapped[str]
    reason: Mapped[str]


class RedirectRow(Kept):
    """A record that was merged into another."""

    __tablename__ = "record_redirect"
    old_id: Mapped[str] = mapped_column(primary_key=True)
    new_id: Mapped[str]
    made_at: Mapped[str]
    made_by: Mapped[int]


class CorrectionRow(Kept):
    """A reader's report that something in a record is wrong, and what came of it."""

    __tablename__ = "correction"
    number: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(index=True)
    ticket: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    contact: Mapped[str]
    asked_at: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    reply: Mapped[str]
    answered_at: Mapped[str]
    answered_by: Mapped[int]
    revision: Mapped[int]


class ReferenceEditRow(Kept):
    """A change to a file of taxonomy or lexicon: proposed, then written or left; the whole text before and after."""

    __tablename__ = "reference_edit"
    number: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(index=True)
    deed: Mapped[str]
    sha256_before: Mapped[str]
    sha256: Mapped[str]
    text_before: Mapped[str]
    text: Mapped[str]
    proposed_at: Mapped[str]
    proposed_by: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)
    written_at: Mapped[str]
    written_by: Mapped[int]
    effect: Mapped[str]
    undoes: Mapped[int]
