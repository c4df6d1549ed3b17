"""Rows read before in the latest state of the catalogue: a page of results shows ten cases and asks for few of them."""

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from kb.domain.case_lines import CaseLines

Value = TypeVar("Value")
MOST_KEPT = 20_000
"""Rows; lines of cases take some 2 kB each. When there would be more, all kept ones are dropped."""


class SeenLines(NamedTuple):
    """The lines of a case, and the visibility of those who see it."""

    lines: CaseLines
    seen_by: str


class KnownRows(Generic[Value]):
    """What was read of rows, by id; for any number of threads."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = Lock()
        self._state: Hashable = None
        self._kept: dict[str, Value] = {}

    def of(
        self, state: Hashable, ids: Iterable[str], read: Callable[[list[str]], Mapping[str, Value]]
    ) -> dict[str, Value]:
        """What there is of these ids, in their order. `state`: what will be read is of it; None keeps nothing."""
        ids = list(ids)
        with self._lock:
            kept = self._kept if state is not None and state == self._state else {}
            found = {one: kept[one] for one in ids if one in kept}
        if lacking := [one for one in ids if one not in found]:
            made = read(lacking)
            found.update(made)
            if state is not None:
                self._keep(state, made)
        return {one: found[one] for one in ids if one in found}

    def _keep(self, state: Hashable, made: Mapping[str, Value]) -> None:
        with self._lock:
            if state != self._state or len(self._kept) + len(made) > self._most:
                self._state, self._kept = state, {}
            self._kept.update(made)


def dump_lines(lines: CaseLines) -> str:
    """As a row holds them."""
    return json.dumps(lines, ensure_ascii=False)


def load_lines(text: str) -> CaseLines:
    """What `dump_lines` was given."""
    made = CaseLines._make(json.loads(text))
    return made._replace(problems=tuple(made.problems), records=tuple(made.records))
