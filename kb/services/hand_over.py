"""转交: a submission in work gets another writer of its unit; not a word of it changes, and all its versions stay.

A writer gives a submission to a colleague, or takes one over; what an account left that no longer writes is given on by
those who may, who need not see what it says.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from kb.domain.accounts import RIGHTS, Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.domain.submission import Submission, may_hand_over, may_see
from kb.errors import AskedWrongly, Forbidden, NotFound
from kb.services.account_records import Account, Accounts
from kb.services.keep_audit import AuditTrail
from kb.services.submissions import Handover, SubmissionStore

LONGEST_NOTE = 200


class Colleague(NamedTuple):
    """Somebody who could go on with it."""

    number: int
    name: str


class LeftBehind(NamedTuple):
    """What an account that no longer writes has in work in one unit: numbers alone, for who gives it on need not read it."""

    account: int
    name: str
    unit: str
    submissions: tuple[int, ...]
    colleagues: tuple[Colleague, ...]


class DraftHandover:
    """Gives submissions on. The caller commits; each change is one task that holds the write lock."""

    def __init__(
        self, store: SubmissionStore, accounts: Accounts, trail: AuditTrail, *, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._trail = trail
        self._now = now

    def look(self, actor: Actor, number: int) -> tuple[Submission, tuple[Colleague, ...]]:
        """The submission and who could have it. Raises NotFound for what is not to be known, Forbidden for the rest."""
        submission = self._open(actor, number)
        return submission, tuple(self._colleagues(submission, self._accounts.all()))

    def hand_over(self, actor: Actor, number: int, receiver: int, note: str = "") -> Submission:
        """Raises also AskedWrongly for somebody who cannot have it, Conflict when it has just got another writer."""
        submission = self._open(actor, number)
        return self._give(actor, submission, receiver, note)

    def left_behind(self, actor: Actor) -> tuple[LeftBehind, ...]:
        """Of every account that no longer writes, what it has in work; raises Forbidden."""
        require(actor, Right.HAND_OVER)
        accounts = self._accounts.all()
        return tuple(left for account in accounts if not _writes(account) for left in self._left_by(account, accounts))

    def hand_over_left(self, actor: Actor, account: int, unit: str, receiver: int, note: str = "") -> int:
        """All that an account left in this unit, to one colleague; returns how many. Raises as `hand_over` does."""
        require(actor, Right.HAND_OVER)
        left = next((one for one in self.left_behind(actor) if (one.account, one.unit) == (account, unit)), None)
        if left is None:
            raise NotFound("没有要转交的稿件。", advice="可能刚被转交；刷新后再看。")
        for number in left.submissions:
            submission = self._store.find(number)
            assert submission is not None
            self._give(actor, submission, receiver, note)
        return len(left.submissions)

    def _open(self, actor: Actor, number: int) -> Submission:
        if actor.is_guest:
            require(actor, Right.WRITE)
        submission = self._store.find(number)
        if submission is None or not may_see(actor, submission):
            raise NotFound("没有这份稿件。", advice="从“我的稿件”里打开。")
        if not may_hand_over(actor, submission):
            require(actor, Right.WRITE)
            raise Forbidden("这份稿件不能转交。", advice="已纳入或归档的不转交；别的单位的，请写稿人转。")
        return submission

    def _left_by(self, account: Account, accounts: Sequence[Account]) -> Iterable[LeftBehind]:
        by_unit: dict[str, list[Submission]] = {}
        for submission in self._store.in_work_of(account.number):
            by_unit.setdefault(submission.unit, []).append(submission)
        for unit, submissions in sorted(by_unit.items()):
            colleagues = tuple(self._colleagues(submissions[0], accounts))
            numbers = tuple(submission.number for submission in submissions)
            yield LeftBehind(account.number, account.display_name, unit, numbers, colleagues)

    def _colleagues(self, submission: Submission, accounts: Iterable[Account]) -> Iterable[Colleague]:
        for account in accounts:
            if _may_have(account, submission):
                yield Colleague(account.number, account.display_name)

    def _give(self, actor: Actor, submission: Submission, receiver: int, note: str) -> Submission:
        account = self._accounts.get(receiver)
        if account is None or not _may_have(account, submission):
            raise AskedWrongly("没有选能接手的人。", advice="选一位本单位在用的编辑账号。")
        if receiver in self._store.deciders(submission.number):
            raise AskedWrongly(
                f"{account.display_name}审过第 {submission.number} 号稿件，不能接着写。", advice="选另一位同事。"
            )
        if len(note) > LONGEST_NOTE:
            raise AskedWrongly(f"附言超过 {LONGEST_NOTE} 字。", advice="缩短后再转交。")
        giver = self._accounts.get(submission.owner)
        at = self._now().isoformat(timespec="seconds")
        handover = Handover(submission.version, submission.owner, receiver, at, actor.number, note.strip())
        given = self._store.hand_over(submission, handover)
        told = f"{giver.name if giver else ''}#{submission.owner} → {account.name}#{receiver}；{handover.note}"
        self._trail.note(actor, Deed.HANDED_OVER, f"submission:{submission.number}", Outcome.DONE, told)
        return given


def _writes(account: Account) -> bool:
    """Whether its owner can sign in and write, once a password that is due has been set."""
    return account.is_active and any(Right.WRITE in RIGHTS[role] for role in account.roles)


def _may_have(account: Account, submission: Submission) -> bool:
    return _writes(account) and account.unit == submission.unit and account.number != submission.owner
