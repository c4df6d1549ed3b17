"""Tables that are *kept*: nothing else holds what is in them. Changed by migrations only, by adding before taking away."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

HEAD = "0011"
"""The newest revision in kb/database/migrations/versions."""


class Kept(DeclarativeBase):
    """Base of all tables that cannot be rebuilt."""


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


class MissedSearchRow(Kept):
    """How often a question found nothing in a month (YYYY-MM); nobody's name."""

    __tablename__ = "missed_search"
    month: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


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


class ThemeRow(Kept):
    """A theme (专题); `case_ids` is JSON."""

    __tablename__ = "theme"
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    intro: Mapped[str]
    kind: Mapped[str]
    query: Mapped[str]
    case_ids: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    made_at: Mapped[str]
    made_by: Mapped[int]
    changed_at: Mapped[str] = mapped_column(index=True)


class PromotionStateRow(Kept):
    """One row: a number that grows, by triggers, with every change of adoptions, plans, wanted problems, themes and revisions."""

    __tablename__ = "promotion_state"
    one: Mapped[int] = mapped_column(primary_key=True)
    generation: Mapped[int]


class BrowserRow(Kept):
    """A guest's browser that keeps something here: only the hash of its token; days are YYYY-MM-DD."""

    __tablename__ = "browser"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    made_on: Mapped[str]
    used_on: Mapped[str] = mapped_column(index=True)


class BasketPassageRow(Kept):
    """A passage in a basket (`kb.domain.passage`, as JSON). `owner` is `account:` and a number or `browser:` and a token's hash.

    `checked` is the digest of the text the owner has seen and keeps the passage against; `removed_at` "" while it is in.
    """

    __tablename__ = "basket_passage"
    number: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    place: Mapped[int]
    record_id: Mapped[str] = mapped_column(index=True)
    passage: Mapped[str]
    checked: Mapped[str]
    note: Mapped[str]
    removed_at: Mapped[str]


class FavouriteRow(Kept):
    """A case or mechanism somebody wants to find again."""

    __tablename__ = "favourite"
    owner: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    added_at: Mapped[str]


class PieceRow(Kept):
    """A piece of publicity (`kb.domain.piece`); head and items are JSON, `items_before` what one step back restores."""

    __tablename__ = "piece"
    number: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    title: Mapped[str]
    head: Mapped[str]
    items: Mapped[str]
    items_before: Mapped[str]
    version: Mapped[int]
    made_at: Mapped[str]
    changed_at: Mapped[str] = mapped_column(index=True)
    deleted_at: Mapped[str] = mapped_column(index=True)
