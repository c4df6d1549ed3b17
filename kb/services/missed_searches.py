"""没有找到的检索: which words found nothing, how often in a month; nobody's name, address or number."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.redaction import mask_private_details
from kb.errors import NotReady
from search.analysis.folding import fold

LONGEST = 60
"""Characters kept of a question: of a pasted description only how it begins."""
MOST_OF_A_MONTH = 2_000
"""Different questions kept of a month; what comes after them is counted under OTHERS."""
KEPT_MONTHS = 24
MOST_HELD = 500
"""Different questions held until they are written; more than that are passed over."""
PAUSE = 60.0
"""Seconds between two writings."""
MOST_SHOWN = 200
OTHERS = "（其余）"


class MissedCount(NamedTuple):
    """A question, and how often it found nothing."""

    text: str
    times: int


Missed = Mapping[tuple[str, str], int]
"""Counts by month (YYYY-MM) and question."""


class MissedSearches(Protocol):
    """Where counts are kept, in the transaction of whoever calls."""

    def add(self, missed: Missed) -> None:
        """Adds to what is kept, MOST_OF_A_MONTH questions a month."""
        ...

    def forget_before(self, month: str) -> None: ...

    def listed(self, first: str, last: str, limit: int) -> Sequence[MissedCount]:
        """Of the months from first to last, the most frequent first."""
        ...

    def total(self, first: str, last: str) -> int: ...


def plain_question(text: str) -> str:
    """One spelling for the same question, private details and long numbers masked, cut to LONGEST; "" for no words."""
    text = " ".join(mask_private_details(fold(mask_private_details(text))).split())[:LONGEST].strip()
    return text if any(character.isalnum() for character in text) else ""


class MissedTally:
    """Counts in memory and hands them to `write` once a minute, in a thread of its own: no reader waits for a disk.

    Safe to use from many threads. What was counted and not yet written is lost with the process, by kill alone.
    """

    def __init__(self, write: Callable[[Missed], None], today: Callable[[], date], *, pause: float = PAUSE) -> None:
        self._write = write
        self._today = today
        self._pause = pause
        self._lock = threading.Lock()
        self._held: Counter[tuple[str, str]] = Counter()
        self._written_at = time.monotonic()

    def note(self, text: str) -> None:
        """A question that found nothing."""
        question = plain_question(text)
        with self._lock:
            key = (month_of(self._today()), question)
            if not question or (key not in self._held and len(self._held) >= MOST_HELD):
                return
            self._held[key] += 1
            is_due = time.monotonic() - self._written_at >= self._pause
            if is_due:
                self._written_at = time.monotonic()
        if is_due:
            threading.Thread(target=self.flush, name="missed-searches", daemon=True).start()

    def flush(self) -> None:
        """Writes what is held; what cannot be written now (NotReady) is held on to."""
        with self._lock:
            held, self._held = self._held, Counter()
        try:
            if held:
                self._write(held)
        except NotReady:
            with self._lock:
                self._held.update(held)


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def months_back(day: date, months: int) -> str:
    """The month so many months before that of the day."""
    number = day.year * 12 + day.month - 1 - months
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


class MissedPage(NamedTuple):
    """Questions of a period, and how often in all something was asked that found nothing."""

    rows: Sequence[MissedCount]
    total: int


def read_missed(actor: Actor, searches: MissedSearches, first: str, last: str) -> MissedPage:
    """Raises Forbidden for who does not keep the words of the library."""
    require(actor, Right.KEEP_TAXONOMY)
    return MissedPage(searches.listed(first, last, MOST_SHOWN), searches.total(first, last))
