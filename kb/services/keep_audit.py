"""审计: who did what to what, when, from where and with what result; entries are added and never changed.

Each entry carries a digest over itself and the digest before it. Whoever changes or takes out an entry, past the
database's own refusal, breaks the chain at that number; whoever cuts off its end is found out by the last digest, which
the page shows so that it can be written down elsewhere.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome

LONGEST = 500
"""Characters kept of each word of an entry."""
BEGINNING = "0" * 64
"""What stands for the digest before the first entry."""


class AuditEntry(NamedTuple):
    """One entry; `at` is UTC in ISO form, `actor` the account name and number, `source` the address it came from."""

    number: int
    at: str
    actor: str
    kind: str
    subject: str
    result: str
    source: str
    detail: str
    previous: str
    digest: str


class AuditFilter(NamedTuple):
    """Which entries to show: equal actor, kind and result, days from and to (YYYY-MM-DD); "" for any."""

    actor: str = ""
    kind: str = ""
    result: str = ""
    first_day: str = ""
    last_day: str = ""


class AuditStore(Protocol):
    """Where entries are kept; it can add and read, nothing else."""

    def last(self) -> AuditEntry | None: ...

    def add(self, entry: AuditEntry) -> None: ...

    def all(self) -> Iterable[AuditEntry]:
        """Every entry, by number."""
        ...

    def find(self, wanted: AuditFilter, *, offset: int, limit: int) -> Sequence[AuditEntry]:
        """Newest first."""
        ...

    def count(self, wanted: AuditFilter) -> int: ...

    def kinds(self) -> Sequence[str]: ...


class AuditTrail:
    """Notes what is done in one request; belongs to the transaction of the deed it notes.

    That transaction must hold the write lock from its beginning (`Desk.writing`): the chain has one end.
    """

    def __init__(self, store: AuditStore, now: Callable[[], datetime], source: str = "") -> None:
        self._store = store
        self._now = now
        self._source = source

    def note(self, actor: Actor, kind: Deed, subject: str, result: Outcome, detail: str = "") -> None:
        """Adds an entry; `subject` is what it was done to: a record id, an account name, submission:N, batch:N."""
        last = self._store.last()
        entry = AuditEntry(
            number=last.number + 1 if last else 1,
            at=self._now().isoformat(timespec="seconds"),
            actor=_one_line(f"{actor.name}#{actor.number}"),
            kind=kind.value,
            subject=_one_line(subject),
            result=result.value,
            source=_one_line(self._source),
            detail=_one_line(detail),
            previous=last.digest if last else BEGINNING,
            digest="",
        )
        self._store.add(entry._replace(digest=digest_of(entry)))


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over all of an entry but its own digest."""
    words = json.dumps(entry._replace(digest=""), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()


class AuditCheck(NamedTuple):
    """What a look through the whole trail found: entries, the last digest, and the numbers that are wrong, with why."""

    entries: int
    last_digest: str
    faults: tuple[str, ...]


def check_trail(actor: Actor, store: AuditStore) -> AuditCheck:
    """Follows the chain from its beginning; raises Forbidden for who does not audit."""
    require(actor, Right.READ_AUDIT)
    faults = []
    number, previous = 0, BEGINNING
    for entry in store.all():
        if entry.number != number + 1:
            faults.append(f"第 {number + 1} 条到第 {entry.number - 1} 条不见了")
        elif entry.previous != previous:
            faults.append(f"第 {entry.number} 条与前一条接不上")
        if digest_of(entry) != entry.digest:
            faults.append(f"第 {entry.number} 条被改动过")
        number, previous = entry.number, entry.digest
    return AuditCheck(number, previous, tuple(faults))


class AuditPage(NamedTuple):
    """A page of entries, how many there are in all, and what one may filter by."""

    entries: Sequence[AuditEntry]
    total: int
    kinds: Sequence[str]


def read_audit(actor: Actor, store: AuditStore, wanted: AuditFilter, *, offset: int = 0, limit: int = 50) -> AuditPage:
    """Raises Forbidden for who does not audit."""
    require(actor, Right.READ_AUDIT)
    return AuditPage(store.find(wanted, offset=offset, limit=limit), store.count(wanted), store.kinds())


def _one_line(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)[:LONGEST]
