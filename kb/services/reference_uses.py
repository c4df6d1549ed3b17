"""Where units and problem types are used: what a steward must know before one is renamed or taken away."""

from collections.abc import Mapping
from typing import NamedTuple


class Use(NamedTuple):
    """A record that uses something: id, title, and whether it is a case (else a mechanism)."""

    id: str
    title: str
    is_case: bool


class Uses(NamedTuple):
    """Records by the unit, the problem type and the indicator they name, cases by id, then mechanisms by title.

    Of everything in the catalogue, whoever may see it; drafts in the folder are not in it.
    """

    units: Mapping[str, tuple[Use, ...]]
    problems: Mapping[str, tuple[Use, ...]]
    indicators: Mapping[str, tuple[Use, ...]]
