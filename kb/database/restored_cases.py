"""Cases made from their rows, kept in the process: reading one back takes longer than all else a page asks of the catalogue."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import NamedTuple

from kb.domain.case import Case
from kb.services.ports import CaseEntry, PlainRecord

MOST_BYTES = 100_000_000
"""Of cases kept: some 4,000 of 10,000 characters; least recently used go first."""
RECORD_BYTES, CHARACTER_BYTES = 6_000, 2
"""What a case takes in memory: so much whatever it says, and so much a character of its texts (measured)."""
Key = tuple[Callable[[PlainRecord], Case], bytes]


class CaseText(NamedTuple):
    """What a row says of a case: its plain values and its parts as HTML, both as JSON, its path, and who sees it."""

    plain: str
    html: str
    path: str
    seen_by: str


class SeenCase(NamedTuple):
    """A case, and the visibility of those who see it."""

    entry: CaseEntry
    seen_by: str


class RestoredCases:
    """Kept under a digest of all the text they are made from, and the function that makes them; for any number of threads.

    Those of the latest state of a catalogue are found by their id too, without their row.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._kept: OrderedDict[Key, tuple[SeenCase, int]] = OrderedDict()
        self._state: Hashable = None
        self._keys: dict[str, Key] = {}
        self.bytes = 0

    def known(self, state: Hashable, ids: Iterable[str]) -> dict[str, SeenCase]:
        """Those of the ids that were restored in this state and are still kept."""
        found = {}
        with self._lock:
            for case_id in ids if state == self._state else ():
                key = self._keys.get(case_id)
                if key is not None and key in self._kept:
                    self._kept.move_to_end(key)
                    found[case_id] = self._kept[key][0]
        return found

    def restore(
        self, restore: Callable[[PlainRecord], Case], case_id: str, text: CaseText, state: Hashable = None
    ) -> SeenCase:
        """`state`: what the row was read from, at its latest; None where it may change yet."""
        key = (restore, hashlib.blake2b("\0".join(text).encode(), digest_size=16).digest())
        with self._lock:
            if state is not None:
                self._note(state, case_id, key)
            found = self._kept.get(key)
            if found:
                self._kept.move_to_end(key)
                return found[0]
        made = SeenCase(CaseEntry(restore(load_plain(text.plain)), json.loads(text.html), text.path), text.seen_by)
        size = RECORD_BYTES + CHARACTER_BYTES * (len(text.plain) + len(text.html))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made, size
                self.bytes += size
            while self.bytes > self._most_bytes:
                self.bytes -= self._kept.popitem(last=False)[1][1]
        return made

    def _note(self, state: Hashable, case_id: str, key: Key) -> None:
        if state != self._state:
            self._state, self._keys = state, {}
        self._keys[case_id] = key


def load_plain(text: str) -> PlainRecord:
    """Plain values as a row holds them."""
    stored = json.loads(text)
    return PlainRecord(stored["fields"], {}, stored["notes"])
