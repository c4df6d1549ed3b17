"""The loop's numbers counted again from the rows, one row after the other: slow, obvious, and by no SQL."""

from collections.abc import Iterable
from typing import NamedTuple

from kb.services.measure_loop import Reached, Slice
from tests.services.loop_rows import History, MadeAdoption, MadeCase, MadeMechanism, MadePlan, MadeWanted

ROOT_OF = {"P1": "P1", "P1.1": "P1", "P5": "P5", "P5.1": "P5", "P5.2": "P5", "P9.9": "P5"}
"""The first level of every name of a problem type; P9.9 is a retired name of P5.1."""
NOW = {"P9.9": "P5.1"}
LEVEL_OF = {"虚构镇党委": "town", "虚构村党支部": "village", "虚构县委": "county"}
EXPERIENCE = "experience"


class Recount(NamedTuple):
    """One reader's history: what he may see of it, in the slice he asks for."""

    history: History
    sees: frozenset[str]
    slice: Slice

    def row_of(self, problem: str) -> str:
        """The row of a type: its root, or itself under the root the slice names; "" for none of these."""
        name = NOW.get(problem, problem)
        if not self.slice.problem:
            return ROOT_OF.get(name, "")
        is_shown = name == self.slice.problem if "." in self.slice.problem else "." in name
        return name if is_shown and self.is_in_slice(name) else ""

    def is_in_slice(self, problem: str) -> bool:
        name = NOW.get(problem, problem)
        return self.slice.problem in ("", name, ROOT_OF.get(name))

    @property
    def cases(self) -> list[MadeCase]:
        return [
            one
            for one in self.history.cases
            if one.seen_by in self.sees
            and self.slice.year in ("", one.year)
            and self.slice.level in ("", one.level)
            and self.slice.field in ("", one.field)
            and self.slice.unit in ("", one.unit)
            and any(map(self.is_in_slice, one.problems))
        ]

    @property
    def known(self) -> list[MadeMechanism]:
        """Mechanisms that solve a type of the slice."""
        return [
            one for one in self.history.mechanisms if not self.slice.problem or any(map(self.is_in_slice, one.problems))
        ]

    @property
    def mechanisms(self) -> list[MadeMechanism]:
        asks_for_cases = any(self.slice._replace(problem=""))
        return [one for one in self.known if not asks_for_cases or self.cases_of(one)]

    def cases_of(self, mechanism: MadeMechanism) -> list[MadeCase]:
        return [case for case in self.cases if case.mechanism == mechanism.id]

    def case_of(self, name: str) -> MadeCase | None:
        return next((case for case in self.history.cases if case.id == name), None)

    @property
    def reported(self) -> list[MadeAdoption]:
        """Adoptions of a mechanism of the slice, by anybody, that this reader may know of."""
        found = []
        for one in self.history.adoptions:
            source = self.case_of(one.case)
            is_hidden = source is not None and source.seen_by not in self.sees
            if one.stage != "draft" and one.mechanism in {known.id for known in self.known} and not is_hidden:
                found.append(one)
        return found

    @property
    def adoptions(self) -> list[MadeAdoption]:
        found = []
        for one in self.reported:
            source = self.case_of(one.case)
            fields = source.field if source else ""
            if (
                self.slice.unit in ("", one.unit)
                and self.slice.level in ("", LEVEL_OF.get(one.unit, ""))
                and self.slice.field in ("", fields)
                and self.slice.year in ("", one.intended_on[:4])
            ):
                found.append(one)
        return found

    @property
    def wanted(self) -> list[MadeWanted]:
        return [
            one
            for one in self.history.wanted
            if one.state in ("open", "assigned")
            and (not self.slice.problem or (one.problem != "" and self.is_in_slice(one.problem)))
            and self.slice.year in ("", one.asked_at[:4])
            and self.slice.level in ("", one.level)
            and self.slice.field in ("", one.field)
            and self.slice.unit in ("", one.unit)
        ]

    @property
    def plans(self) -> list[MadePlan]:
        """Plans of a mechanism of the slice that are or were in force, those in force first, then by target day."""
        found = []
        for one in self.history.plans:
            source = self.case_of(one.case)
            is_hidden = source is not None and source.seen_by not in self.sees
            if one.state in ("in_force", "ended") and one.mechanism in {k.id for k in self.known} and not is_hidden:
                found.append(one)
        return sorted(found, key=lambda one: (one.state != "in_force", one.target_on))


def reached(adoptions: Iterable[MadeAdoption]) -> Reached:
    found = list(adoptions)
    landed = [one for one in found if one.landed_on or one.confirmed_unit]
    return Reached(
        reported=len(found),
        trial=len([one for one in found if one.trial_on or one in landed]),
        landed=len(landed),
        confirmed=len([one for one in found if one.confirmed_unit]),
        stopped=len([one for one in found if one.stage == "stopped"]),
    )


def scope(plan: MadePlan) -> list[str]:
    at_level = [unit for unit, level in LEVEL_OF.items() if level in plan.levels]
    return [*plan.units, *(unit for unit in at_level if unit not in plan.units)]
