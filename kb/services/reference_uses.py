"""Where units and problem types are used: what a steward must know before one is renamed or taken away."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from kb.services.ports import Catalogue


class Use(NamedTuple):
    """A record that uses something: id, title, and whether it is a case (else a mechanism)."""

    id: str
    title: str
    is_case: bool


class Uses(NamedTuple):
    """Records by the unit, the problem type and the indicator they name, cases before mechanisms."""

    units: Mapping[str, tuple[Use, ...]]
    problems: Mapping[str, tuple[Use, ...]]
    indicators: Mapping[str, tuple[Use, ...]]


def find_uses(catalogue: Catalogue) -> Uses:
    """Of a catalogue in which everything can be seen; drafts in the folder are not in it."""
    units: dict[str, list[Use]] = defaultdict(list)
    problems: dict[str, list[Use]] = defaultdict(list)
    indicators: dict[str, list[Use]] = defaultdict(list)
    for entry in catalogue.cases(sorted(catalogue.case_ids())):
        use = Use(entry.case.id, entry.case.title, is_case=True)
        units[entry.case.unit].append(use)
        for problem in dict.fromkeys(entry.case.problems):
            problems[problem].append(use)
        for indicator in dict.fromkeys(entry.case.indicators):
            indicators[indicator].append(use)
    for found in catalogue.mechanisms():
        for problem in dict.fromkeys(found.mechanism.solves):
            problems[problem].append(Use(found.mechanism.id, found.mechanism.title, is_case=False))
    return Uses(*({key: tuple(uses) for key, uses in side.items()} for side in (units, problems, indicators)))
