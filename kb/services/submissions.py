"""Submissions as they are kept: versions, attachments, who is writing, rounds of review. Times are UTC in ISO form."""

from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple, Protocol

from kb.domain.submission import Submission
from kb.domain.workflow import Stage


class SavedVersion(NamedTuple):
    """A version as it was saved; `by` is the account number, `by_name` the name to show."""

    version: int
    saved_at: str
    by: int
    by_name: str
    fields: Mapping[str, Any]
    tray: tuple[str, ...]


class Handover(NamedTuple):
    """A submission that got another writer, at which version; accounts, and names where they are read."""

    version: int
    giver: int
    receiver: int
    at: str
    by: int
    note: str = ""
    giver_name: str = ""
    by_name: str = ""


class ListedSubmission(NamedTuple):
    """A submission in a list, with its owner's name."""

    submission: Submission
    owner_name: str


FILE_KINDS = {"original": "原稿", "picture": "原稿里的图片", "attachment": "附件", "reading": "读取记录"}
"""Kinds of files of a submission, and what they are called."""
SHOWN_KINDS = frozenset({"original", "picture", "attachment"})
"""Those that people sent; how a draft was read is the program's own note, and in no list."""


class Attachment(NamedTuple):
    """A file of a submission: `kind` is one of FILE_KINDS; its bytes are kept under `sha256`."""

    number: int
    submission: int
    name: str
    kind: str
    media_type: str
    size: int
    sha256: str
    added_at: str
    added_by: int


class Writer(NamedTuple):
    """Somebody who has a submission open for writing, and when last seen there."""

    account: int
    name: str
    seen_at: str


class RoundState(Enum):
    """How a way through the review stands."""

    OPEN = "open"
    PASSED = "passed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class SubmissionStore(Protocol):
    """Keeps submissions; a task that writes holds the write lock from its beginning, and its end commits."""

    def create(self, submission: Submission) -> Submission:
        """Keeps a new one as version 1 and gives it its number."""
        ...

    def find(self, number: int) -> Submission | None: ...

    def save(self, submission: Submission, *, by: int) -> Submission:
        """Keeps fields and tray as the version after `submission.version`.

        Raises Conflict, having kept nothing, when that is no longer the newest version or its stage no longer allows it.
        """
        ...

    def move(self, submission: Submission, stage: Stage, *, at: str, record_id: str = "") -> Submission:
        """Changes the stage, and the record id where one is given; raises Conflict when version or stage have moved."""
        ...

    def versions(self, number: int) -> Sequence[SavedVersion]:
        """Newest first: the last ones, all that were ever submitted, and one of everybody who wrote."""
        ...

    def version(self, number: int, version: int) -> SavedVersion | None: ...

    def of_writer(self, account: int, unit: str) -> Sequence[ListedSubmission]:
        """An account's own and those of its unit, last changed first."""
        ...

    def in_work(self, account: int, unit: str, *, submitted_too: bool) -> Sequence[ListedSubmission]:
        """Not yet in the library: an account's own and those of its unit, with `submitted_too` all that were submitted.

        Last changed first, at most some hundreds.
        """
        ...

    def in_work_of(self, account: int) -> Sequence[Submission]:
        """All that an account owns and that is not yet in the library, by number."""
        ...

    def hand_over(self, submission: Submission, handover: Handover) -> Submission:
        """Another owner; the version it had then is kept. Raises Conflict when version, stage or owner have moved on."""
        ...

    def handovers_to(self, account: int) -> Mapping[int, Handover]:
        """By submission the last handover, of those this account got by one."""
        ...

    def deciders(self, submission: int) -> frozenset[int]:
        """Accounts that decided on it at any step of any round."""
        ...

    def in_stages(self, stages: Collection[Stage]) -> Sequence[ListedSubmission]:
        """The longest unchanged first."""
        ...

    def open_round(self, submission: Submission, *, at: str, by: int) -> int:
        """Begins a way through the review with the submission's version; returns its number."""
        ...

    def end_round(self, submission: int, state: RoundState) -> None:
        """Ends the open one."""
        ...

    def has_decisions(self, submission: int) -> bool:
        """Whether anything was decided in its open round."""
        ...

    def notes_of(self, submissions: Collection[int]) -> Mapping[int, Mapping[str, str]]:
        """`last_notes` of each of these that was ever returned."""
        ...

    def last_notes(self, submission: int) -> Mapping[str, str]:
        """What the last return wants mended, by field; under "" what it says of the whole."""
        ...

    def note_writer(self, submission: int, account: int, *, at: str) -> None: ...

    def writers(self, submission: int, *, since: str) -> Sequence[Writer]:
        """Those seen since then, last seen first."""
        ...

    def forget_writer(self, submission: int, account: int) -> None: ...

    def attach(self, attachment: Attachment) -> Attachment:
        """Keeps a file's particulars and gives it its number."""
        ...

    def attachments(self, submission: int) -> Sequence[Attachment]: ...

    def detach(self, number: int) -> None: ...
