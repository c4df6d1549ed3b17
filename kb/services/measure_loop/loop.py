"""What every chart starts from: the two counts, the words for ids, and the slice turned into what each count takes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from kb.domain.taxonomy import ProblemType
from kb.services.measure_loop.counts import (
    AdoptionSlice,
    CaseCounts,
    LedgerCounts,
    MechanismFact,
    Slice,
    WantedSlice,
)
from kb.services.ports import ReferenceData

UNSAID = ""
"""The value of what names no level, field, year or type; shown as 未注明."""
UNSAID_LABEL = "未注明"


class Row(NamedTuple):
    """A value of a dimension and what it is called."""

    key: str
    label: str


class Loop:
    """The loop as one reader asks for it. `names_units`: whether he may be told units by name."""

    def __init__(
        self,
        cases: CaseCounts,
        ledger: LedgerCounts,
        reference: ReferenceData,
        wanted: Slice,
        *,
        today: date,
        names_units: bool,
    ) -> None:
        self.cases, self.ledger, self.reference, self.today = cases, ledger, reference, today
        self.taxonomy = reference.references.taxonomy
        self.names_units = names_units
        problem = self.taxonomy.find_problem(wanted.problem)
        self.slice = wanted._replace(
            unit=wanted.unit if names_units else "",
            problem=problem.id if problem else "",
            level=wanted.level if wanted.level in self.levels else "",
            field=wanted.field if wanted.field in self.fields else "",
        )

    @cached_property
    def levels(self) -> Mapping[str, str]:
        """Labels by id, in the template's order."""
        return {choice.id: choice.label for choice in self.reference.case_template["level"].choices}

    @cached_property
    def fields(self) -> Mapping[str, str]:
        return {choice.id: choice.label for choice in self.reference.case_template["field"].choices}

    @cached_property
    def unit_levels(self) -> Mapping[str, str]:
        """The level of every unit of the register, as an id."""
        ids = {label: level for level, label in self.levels.items()}
        return {unit.label: ids.get(unit.level, UNSAID) for unit in self.taxonomy.units.values()}

    @cached_property
    def mechanisms(self) -> Sequence[MechanismFact]:
        """Those the slice's problem type leaves."""
        return [one for one in self._all_mechanisms if not self.slice.problem or self._rows_of(one, self._of_slice)]

    @cached_property
    def _all_mechanisms(self) -> Sequence[MechanismFact]:
        return self.cases.mechanisms()

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Cases this reader may not see."""
        return frozenset(self.cases.hidden())

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Of all mechanisms, by id."""
        return {one.id: one.title for one in self._all_mechanisms}

    @cached_property
    def rows(self) -> Sequence[Row]:
        """Rows of problem types: the first level, or what stands under the type the slice names."""
        named = self.taxonomy.find_problem(self.slice.problem)
        shown: tuple[ProblemType, ...] = self.taxonomy.roots
        if named:
            shown = self.taxonomy.children_of(named.id) or (named,)
        return [Row(one.id, one.label) for one in shown]

    @cached_property
    def row_of(self) -> Mapping[str, str]:
        """The row of every type that belongs to one, retired ids among them."""
        keys = {row.key for row in self.rows}
        return self._places(keys)

    @cached_property
    def _of_slice(self) -> Mapping[str, str]:
        """Every type of the slice, as files may name it, with the slice's own type."""
        return self._places({self.slice.problem} if self.slice.problem else {one.id for one in self.taxonomy.roots})

    def _places(self, keys: set[str]) -> Mapping[str, str]:
        found = {}
        for name in (*self.taxonomy.problems, *self.taxonomy.retired):
            problem = self.taxonomy.find_problem(name)
            for place in (problem.id, problem.parent) if problem else ():
                if place in keys:
                    found[name] = place
                    break
        return found

    @property
    def types_of_slice(self) -> Sequence[str]:
        """Names of the slice's types, as files may write them."""
        return list(self._of_slice)

    def names_of(self, problem: str) -> Sequence[str]:
        """The type a file names, under its newest id, and the one it stands under."""
        found = self.taxonomy.find_problem(problem)
        return [name for name in (found.id, found.parent) if name] if found else []

    def rows_of(self, mechanism: MechanismFact) -> set[str]:
        """The rows a mechanism stands in: those of the types it solves."""
        return self._rows_of(mechanism, self.row_of)

    def _rows_of(self, mechanism: MechanismFact, places: Mapping[str, str]) -> set[str]:
        return {places[problem] for problem in mechanism.problems if problem in places}

    def count_cases(self, *by: str) -> Mapping[tuple[str, ...], int]:
        """Cases of the slice; by `problem` in the rows shown."""
        return self.cases.count(self.slice, by, self.row_of if "problem" in by else self._of_slice)

    @cached_property
    def adoption_slice(self) -> AdoptionSlice:
        """What the ledger is asked: units of the level, cases of the field, mechanisms of the problem type."""
        units = None
        if self.slice.unit or self.slice.level:
            at_level = [unit for unit, level in self.unit_levels.items() if level == self.slice.level]
            units = [self.slice.unit] if self.slice.unit else at_level
            if self.slice.unit and self.slice.level and self.slice.unit not in at_level:
                units = []
        return AdoptionSlice(
            mechanisms=[one.id for one in self.mechanisms],
            hidden=self.hidden,
            units=units,
            cases=self.cases.ids(Slice(field=self.slice.field)) if self.slice.field else None,
            year=self.slice.year,
        )

    @cached_property
    def wanted_slice(self) -> WantedSlice:
        problems = list(self._of_slice) if self.slice.problem else None
        return WantedSlice(problems, self.slice.year, self.slice.level, self.slice.field, self.slice.unit)

    @cached_property
    def levels_of_mechanisms(self) -> Mapping[str, set[str]]:
        """Levels of the cases of the slice each mechanism was formed by."""
        found: dict[str, set[str]] = defaultdict(set)
        for (mechanism, level), _ in self.count_cases("mechanism", "level").items():
            found[mechanism].add(level)
        return found

    def fits(self, mechanism: MechanismFact) -> bool:
        """Whether it belongs to the slice: by its cases where the slice asks for what only cases have."""
        return not self.slice.is_of_cases or mechanism.id in self.levels_of_mechanisms
