"""Counting, as the loop needs it: one port on the catalogue, one on the ledger, and what is asked of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

Counts = Mapping[tuple[str, ...], int]
"""Numbers by the values of what was asked for, in that order; what is 0 is left out."""


NOTHING: Mapping[str, str] = MappingProxyType({})


class Slice(NamedTuple):
    """What a reader narrowed a page to; "" for everything. Level and field are ids of the case template's choices."""

    year: str = ""
    level: str = ""
    field: str = ""
    unit: str = ""
    problem: str = ""

    @property
    def is_of_cases(self) -> bool:
        """Whether it asks for something only cases have, so that a mechanism without a case cannot fit."""
        return any((self.year, self.level, self.field, self.unit))


class AdoptionSlice(NamedTuple):
    """Which adoptions count, in what the ledger itself holds; None: any. `hidden` are cases the reader may not see."""

    mechanisms: Collection[str]
    hidden: Collection[str] = ()
    units: Collection[str] | None = None
    cases: Collection[str] | None = None
    year: str = ""


class WantedSlice(NamedTuple):
    """Which wanted problems count; None: any. `units` are those that asked."""

    problems: Collection[str] | None = None
    year: str = ""
    level: str = ""
    field: str = ""
    unit: str = ""


class Reached(NamedTuple):
    """Adoptions by how far they ever came; each number is a part of the one before it. `stopped`: are at 停用 now."""

    reported: int = 0
    trial: int = 0
    landed: int = 0
    confirmed: int = 0
    stopped: int = 0

    def plus(self, other: "Reached") -> "Reached":
        return Reached(*(mine + its for mine, its in zip(self, other, strict=True)))


class MechanismFact(NamedTuple):
    """A mechanism of the library: the codes of 四上四下 it serves, the types it solves as its file names them."""

    id: str
    title: str
    loop: tuple[str, ...]
    problems: tuple[str, ...]


class PlanFact(NamedTuple):
    """A promotion plan that is or was in force; days are YYYY-MM-DD."""

    number: int
    title: str
    mechanism: str
    case_id: str
    units: tuple[str, ...]
    levels: tuple[str, ...]
    fields: tuple[str, ...]
    starts_on: str
    target_on: str
    answerable: str
    is_in_force: bool


class ListedAdoption(NamedTuple):
    """An adoption in a list: stage as it is kept, `on` the day it came to it."""

    number: int
    unit: str
    mechanism: str
    case_id: str
    stage: str
    on: str
    is_confirmed: bool


class ListedCase(NamedTuple):
    id: str
    title: str


class CaseCounts(Protocol):
    """The catalogue, as far as one reader sees it."""

    def count(self, wanted: Slice, by: Sequence[str], rows: Mapping[str, str]) -> Counts:
        """Cases by the values of `by`: problem, level, field, year, unit, kind, indicator, mechanism.

        rows: the row each problem type (as files name it) belongs to; a case with two types of one row counts once in
        it, types without a row are passed over. `wanted.problem` is a key of a row's value: only that row counts.
        """
        ...

    def years(self) -> Sequence[str]:
        """Years in which cases began, the newest first."""
        ...

    def ids(self, wanted: Slice) -> Sequence[str]:
        """Cases of the slice, its problem type left aside."""
        ...

    def hidden(self) -> Sequence[str]:
        """Cases this reader may not see."""
        ...

    def pairs(self, column: str) -> Sequence[tuple[str, str]]:
        """Case and value of field, unit, kind, mechanism, indicator or problem, of every case; several of the last two."""
        ...

    def listed(self, wanted: Slice, problems: Collection[str], limit: int) -> Sequence[ListedCase]:
        """Cases of the slice with one of these types, the newest first."""
        ...

    def mechanisms(self) -> Sequence[MechanismFact]:
        """By title."""
        ...


class LedgerCounts(Protocol):
    """The kept tables of promotion. Drafts and what nobody may read are never counted."""

    def adoptions(
        self, wanted: AdoptionSlice, by: Sequence[str], levels: Mapping[str, str] = NOTHING
    ) -> Mapping[tuple[str, ...], Reached]:
        """By the values of `by`: mechanism, case, unit, year (of 拟学), level (of the unit, by `levels`, "" for others)."""
        ...

    def adoptions_by_value(
        self, wanted: AdoptionSlice, values: Iterable[tuple[str, str]], *, is_whole: bool
    ) -> Mapping[str, Reached]:
        """By what their source case is: `values` are cases and a value each, or several.

        is_whole: those that name no case, or one without a value, count under "".
        """
        ...

    def taken_up(self, wanted: AdoptionSlice, cases: Iterable[tuple[str, str, bool]]) -> tuple[int, int, int, int]:
        """Of these cases (id, mechanism, whether it is known to be promoted) those an adoption of the mechanism names:

        those not known to be promoted; with an adoption that was tried; that landed; that was confirmed.
        """
        ...

    def listed(self, wanted: AdoptionSlice, *, offset: int, limit: int) -> Sequence[ListedAdoption]:
        """Those that came furthest first, then by unit."""
        ...

    def wanted(self, wanted: WantedSlice, by: Sequence[str]) -> Counts:
        """Wanted problems in search of a case, by problem, level, field, year or unit."""
        ...

    def wanted_texts(self, wanted: WantedSlice, limit: int) -> Sequence[tuple[int, str]]:
        """Number and text of those, the newest first."""
        ...

    def years(self) -> Sequence[str]:
        """Years of reported adoptions and of wanted problems."""
        ...

    def plans(self) -> Sequence[PlanFact]:
        """Plans in force and ended ones, those in force first, then by target day."""
        ...

    def stages(self, mechanisms: Collection[str], hidden: Collection[str]) -> Mapping[tuple[str, str], str]:
        """The furthest stage of each mechanism and unit: confirmed, landed, trial, intended or stopped."""
        ...

    def confirmed(
        self, mechanisms: Collection[str], hidden: Collection[str], year: str
    ) -> Sequence[tuple[str, str, str]]:
        """Mechanism, adopting unit and source case of landings another unit has confirmed, each once.

        year: of the confirmation, "" for any.
        """
        ...

    def unit_kinds(self) -> Mapping[str, str]:
        """The kind of a unit, where its sheet names one."""
        ...
