"""Wanted problems as they are kept, and where; used by those who ask and by those who answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from kb.domain.wanted import LISTED, WantedProblem, WantedState


@dataclass(frozen=True)
class WantedFilter:
    """Which to list: of these states; of one problem type, level, unit it was assigned to, "" for any."""

    states: tuple[WantedState, ...] = LISTED
    problem: str = ""
    level: str = ""
    assigned_to: str = ""


class ListedWanted(NamedTuple):
    """A wanted problem and how many units have it."""

    problem: WantedProblem
    units: int


class WantedProblems(Protocol):
    """Where wanted problems and the units that have them are kept, in the transaction of whoever calls."""

    def add(self, problem: WantedProblem) -> WantedProblem:
        """Keeps a new one and gives it its number."""
        ...

    def get(self, number: int) -> WantedProblem | None: ...

    def find(self, ticket: str) -> WantedProblem | None: ...

    def change(self, problem: WantedProblem) -> bool:
        """Everything of it that is not who asked what and when; its version grows. False when it has another version by now."""
        ...

    def join(self, number: int, unit: str, *, at: str, by: int) -> bool:
        """False when that unit has it already."""
        ...

    def units(self, number: int) -> Sequence[str]:
        """The units that have it, in the order they joined."""
        ...

    def merge(self, number: int, into: int) -> None:
        """Units of the one have the other from now on, once; what was merged into the one leads to the other."""
        ...

    def askers(self, number: int) -> frozenset[int]:
        """Accounts that asked it or one that was merged into it."""
        ...

    def listed(self, wanted: WantedFilter, *, offset: int, limit: int) -> Sequence[ListedWanted]:
        """Those in search of a case first, of them those most units have; then the newest."""
        ...

    def count(self, wanted: WantedFilter) -> int: ...

    def waiting_of(self, account: int) -> int:
        """Those in search of a case this account has asked; for 0, those of guests that nobody has read yet."""
        ...

    def texts(self, states: Collection[WantedState], limit: int) -> Sequence[ListedWanted]:
        """The newest of these states, to compare with."""
        ...
