"""Adoption, plans, supervision, and the sheets of units."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kb.database.kept_tables.base import Kept

ADOPTION_COUNTED = (
    "mechanism", "unit", "stage", "case_id", "confirmed_unit", "intended_on", "trial_on", "landed_on", "confirmed_on",
)  # fmt: skip


class AdoptionRow(Kept):
    """A unit's use of a mechanism (`kb.domain.adoption`); results is JSON, dates are days, `confirmed_unit` "" until confirmed."""

    __tablename__ = "adoption"
    number: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(index=True)
    mechanism: Mapped[str] = mapped_column(index=True)
    case_id: Mapped[str] = mapped_column(index=True)
    plan: Mapped[int] = mapped_column(index=True)
    manner: Mapped[str]
    stage: Mapped[str] = mapped_column(index=True)
    intended_on: Mapped[str]
    trial_on: Mapped[str]
    landed_on: Mapped[str] = mapped_column(index=True)
    stopped_on: Mapped[str]
    changes: Mapped[str]
    results: Mapped[str]
    proof: Mapped[str]
    stop_reason: Mapped[str]
    judged: Mapped[str] = mapped_column(server_default="[]")
    confirmed_unit: Mapped[str]
    confirmed_on: Mapped[str]
    confirmed_by: Mapped[int]
    version: Mapped[int]
    news_at: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[str]
    made_by: Mapped[int]
    # Counting walks over this index and reads no row: 50,000 adoptions with their texts are ten times as much.
    __table_args__ = (
        Index("adoption_counted", *ADOPTION_COUNTED),
        Index("adoption_of_unit", "unit", "stage"),
        Index("adoption_waiting", "stage", "confirmed_unit", "landed_on"),
    )


class AdoptionEventRow(Kept):
    """What happened to an adoption: its history, never changed. `detail` is a Chinese sentence, `before` the row before as JSON."""

    __tablename__ = "adoption_event"
    number: Mapped[int] = mapped_column(primary_key=True)
    adoption: Mapped[int] = mapped_column(ForeignKey("adoption.number"), index=True)
    at: Mapped[str]
    by: Mapped[int]
    kind: Mapped[str]
    detail: Mapped[str]
    before: Mapped[str]


class AdoptionProofRow(Kept):
    """A file that proves an adoption (`kb.services.prove_adoption`); `removed_at` "" while it stands."""

    __tablename__ = "adoption_proof"
    number: Mapped[int] = mapped_column(primary_key=True)
    adoption: Mapped[int] = mapped_column(ForeignKey("adoption.number"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    added_at: Mapped[str]
    added_by: Mapped[int]
    removed_at: Mapped[str]


class PromotionPlanRow(Kept):
    """A promotion plan (`kb.domain.promotion_plan`) of an included mechanism or case; scope and texts are JSON."""

    __tablename__ = "promotion_plan"
    number: Mapped[int] = mapped_column(primary_key=True)
    mechanism: Mapped[str] = mapped_column(index=True)
    case_id: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    units: Mapped[str]
    levels: Mapped[str]
    fields: Mapped[str]
    must_follow: Mapped[str]
    may_adapt: Mapped[str]
    start_kit: Mapped[str]
    starts_on: Mapped[str]
    target_on: Mapped[str]
    answerable: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    made_at: Mapped[str]
    made_by: Mapped[int]


class SupervisionRow(Kept):
    """A matter under supervision (督导) or inspection (督查), of a plan or of one adoption."""

    __tablename__ = "supervision"
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    plan: Mapped[int] = mapped_column(index=True)
    adoption: Mapped[int] = mapped_column(index=True)
    responsible: Mapped[str]
    due_on: Mapped[str] = mapped_column(index=True)
    step: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    made_at: Mapped[str]
    made_by: Mapped[int]


class SupervisionStepRow(Kept):
    """A step of a supervision that was done, never changed."""

    __tablename__ = "supervision_step"
    number: Mapped[int] = mapped_column(primary_key=True)
    supervision: Mapped[int] = mapped_column(ForeignKey("supervision.number"), index=True)
    step: Mapped[str]
    done_on: Mapped[str]
    note: Mapped[str]
    at: Mapped[str]
    by: Mapped[int]


class UnitSheetRow(Kept):
    """What is kept of a unit in the manner of 一企一表 / 一社一表 (`kb.domain.unit_sheet`); fields is JSON."""

    __tablename__ = "unit_sheet"
    unit: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[str]
    version: Mapped[int]
    changed_at: Mapped[str]
    changed_by: Mapped[int]


class UnitIndicatorRow(Kept):
    """A unit's own indicators as they were taken in, JSON; the newest list not taken back is in force."""

    __tablename__ = "unit_indicator"
    number: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[str]
    made_by: Mapped[int]
    indicators: Mapped[str]
    is_taken_back: Mapped[bool]


class PromotionStateRow(Kept):
    """One row: a number that grows, by triggers, with every change of adoptions, plans, wanted problems, themes and revisions."""

    __tablename__ = "promotion_state"
    one: Mapped[int] = mapped_column(primary_key=True)
    generation: Mapped[int]
