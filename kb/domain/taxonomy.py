"""Controlled values: problem types in two levels, indicators, units."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Remedy:
    """What a source sets against a problem; `is_inferred` marks our own reading."""

    text: str
    source: str
    part: str
    is_inferred: bool


@dataclass(frozen=True)
class ProblemType:
    """A class of problem; `parent` is "" for the first level. Ids are stable (P2.1)."""

    id: str
    label: str
    parent: str = ""
    aliases: tuple[str, ...] = ()
    definition: str = ""
    signs: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True)
class Unit:
    """An organisation of the unit register."""

    label: str
    region: str
    level: str


@dataclass(frozen=True)
class Indicator:
    """A party-building indicator; aspect and area are "" where the source does not place it."""

    id: str
    label: str
    aspect: str = ""
    area: str = ""


@dataclass(frozen=True)
class Taxonomy:
    """Everything a case may point at by id or name.

    aspects (方面) and areas (建设领域) are two lists of the indicator axis, not crossed; the note says what its source leaves open.
    """

    problems: Mapping[str, ProblemType]
    retired: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    aspects: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    indicator_note: str = ""

    def find_problem(self, problem_id: str) -> ProblemType | None:
        """The problem type of an id, through the redirect of a retired id."""
        return self.problems.get(self.retired.get(problem_id, problem_id))

    def label_of(self, problem_id: str) -> str:
        found = self.find_problem(problem_id)
        return found.label if found else problem_id

    @property
    def roots(self) -> tuple[ProblemType, ...]:
        return tuple(problem for problem in self.problems.values() if not problem.parent)

    def children_of(self, problem_id: str) -> tuple[ProblemType, ...]:
        return tuple(problem for problem in self.problems.values() if problem.parent == problem_id)
