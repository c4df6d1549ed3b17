"""归档, 合并, 复核: a case leaves readers' sight, leads to another one, or is looked at again after its twelve months."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.errors import AskedWrongly, NotFound
from kb.services.include_case import ARCHIVED, INCLUDED, in_twelve_months
from kb.services.keep_revisions import republish
from kb.services.publish_record import Publisher, Revision, path_of

SOON = timedelta(days=60)
"""How long before its day a case stands on the list."""
LONGEST_CHAIN = 10


class Redirects(Protocol):
    """Records that were merged into others."""

    def add(self, old_id: str, new_id: str, *, at: str, by: int) -> None: ...

    def remove(self, old_id: str) -> None: ...

    def target_of(self, old_id: str) -> str:
        """Its new id, "" for a record that was not merged."""
        ...

    def all(self) -> Mapping[str, str]: ...


class DueCase(NamedTuple):
    """A case whose 复核日期 has come or is near; `on` is as the file has it."""

    record_id: str
    title: str
    on: str
    is_over: bool


class DueCases(Protocol):
    """The part of the catalogue used here."""

    def due_for_review(self, before: str) -> Sequence[tuple[str, str, str]]:
        """Id, title and 复核日期 of readable cases whose date lies before that day, the earliest first."""
        ...


def archive(actor: Actor, record_id: str, reason: str, publisher: Publisher) -> Revision:
    """Takes a case out of readers' sight; its file and revisions stay."""
    require(actor, Right.ARCHIVE)
    words = _reason("归档", reason)
    return republish(record_id, actor.number, words, _status(ARCHIVED, publisher), publisher, accepts_faults=True)


def bring_back(actor: Actor, record_id: str, reason: str, publisher: Publisher) -> Revision:
    """Makes an archived case readable again, if it has no faults."""
    require(actor, Right.ARCHIVE)
    return republish(record_id, actor.number, _reason("重新纳入", reason), _status(INCLUDED, publisher), publisher)


def merge(actor: Actor, old_id: str, new_id: str, publisher: Publisher, redirects: Redirects) -> Revision:
    """Archives the old case and lets its address lead to the new one, for good."""
    require(actor, Right.ARCHIVE)
    if old_id == new_id:
        raise AskedWrongly("不能并入自己。", advice="写上另一个案例的编号。")
    if not publisher.folder.digest(path_of(new_id)):
        raise NotFound(f"没有案例 {new_id}。", advice="核对编号。")
    if follow(new_id, redirects) != new_id:
        raise AskedWrongly(f"{new_id} 自己已经并入别的案例。", advice=f"并入 {follow(new_id, redirects)}。")
    # First the redirect, which nobody follows while the old case can still be read.
    redirects.add(old_id, new_id, at=publisher.time(), by=actor.number)
    try:
        words = f"并入 {new_id}"
        return republish(old_id, actor.number, words, _status(ARCHIVED, publisher), publisher, accepts_faults=True)
    except Exception:
        redirects.remove(old_id)
        raise


def find_archived(actor: Actor, publisher: Publisher) -> tuple[Revision, ...]:
    """Archived cases, each as its newest revision."""
    require(actor, Right.ANSWER_CORRECTIONS)
    return tuple(publisher.ledger.newest_with(f"status: {ARCHIVED}"))


def follow(record_id: str, redirects: Redirects) -> str:
    """Where a record has gone to in the end; itself when it was not merged."""
    for _ in range(LONGEST_CHAIN):
        target = redirects.target_of(record_id)
        if not target:
            break
        record_id = target
    return record_id


def find_due(actor: Actor, catalogue: DueCases, *, today: date) -> tuple[DueCase, ...]:
    """The 复核 list."""
    require(actor, Right.INCLUDE)
    rows = catalogue.due_for_review((today + SOON).isoformat())
    return tuple(DueCase(record_id, title, on, on <= today.isoformat()) for record_id, title, on in rows)


def confirm(actor: Actor, record_id: str, note: str, publisher: Publisher) -> Revision:
    """复核无误: to be looked at again after another twelve months."""
    require(actor, Right.INCLUDE)
    day = in_twelve_months(publisher.today()).isoformat()

    def change(text: str) -> str:
        return publisher.form.replace_field(text, "review_by", day)

    return republish(record_id, actor.number, _reason("复核无误", note, is_needed=False), change, publisher)


def _status(status: str, publisher: Publisher) -> Callable[[str], str]:
    return lambda text: publisher.form.replace_field(text, "status", status)


def _reason(deed: str, words: str, *, is_needed: bool = True) -> str:
    told = " ".join(words.split())[:300]
    if is_needed and not told:
        raise AskedWrongly(f"{deed}要写明原因。", advice="写一句话，会留在修订记录里。")
    return f"{deed}：{told}" if told else deed
