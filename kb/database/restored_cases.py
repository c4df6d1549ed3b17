"""Cases made from their rows, kept in the process: reading one back takes longer than all else a page asks of the catalogue."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from kb.domain.case import Case
from kb.services.ports import CaseEntry, PlainRecord

MOST_BYTES = 100_000_000
"""Of cases kept: some 4,000 of 10,000 characters; least recently used go first."""
RECORD_BYTES, CHARACTER_BYTES = 6_000, 2
"""What a case takes in memory: so much whatever it says, and so much a character of its texts (measured)."""


class RestoredCases:
    """Kept under a digest of all the text they are made from, and the function that makes them; for any number of threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._kept: OrderedDict[tuple[Callable[[PlainRecord], Case], bytes], tuple[CaseEntry, int]] = OrderedDict()
        self.bytes = 0

    def restore(self, restore: Callable[[PlainRecord], Case], plain: str, html: str, path: str) -> CaseEntry:
        """plain and html: JSON as the rows hold it."""
        key = (restore, hashlib.blake2b("\0".join((plain, html, path)).encode(), digest_size=16).digest())
        with self._lock:
            found = self._kept.get(key)
            if found:
                self._kept.move_to_end(key)
                return found[0]
        entry = CaseEntry(restore(load_plain(plain)), json.loads(html), path)
        size = RECORD_BYTES + CHARACTER_BYTES * (len(plain) + len(html))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = entry, size
                self.bytes += size
            while self.bytes > self._most_bytes:
                self.bytes -= self._kept.popitem(last=False)[1][1]
        return entry


def load_plain(text: str) -> PlainRecord:
    """Plain values as a row holds them."""
    stored = json.loads(text)
    return PlainRecord(stored["fields"], {}, stored["notes"])
