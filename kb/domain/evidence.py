"""Evidence grade of a case, E0 to E3: computed from its result rows, never typed in."""

from datetime import date
from enum import IntEnum

from kb.domain.case import Case
from kb.domain.kinds import Row
from kb.domain.partial_date import find_date
from kb.domain.template import UNSTATED

FRESH_MONTHS = 24
"""A newest figure older than this lowers the grade by one step."""


class Evidence(IntEnum):
    """How well the effect of a case is shown."""

    DESCRIBED = 0
    FIGURE = 1
    COMPARED = 2
    REPRODUCED = 3

    @property
    def code(self) -> str:
        return f"E{self.value}"

    @property
    def label(self) -> str:
        return ("只有叙述", "有注明来源的现值", "有前后对比且经他方核实", "两个以上单位重现")[self.value]


def grade(case: Case, *, today: date, reproduced_by: int = 0) -> Evidence:
    """The grade on the day `today`; `reproduced_by` counts units with a confirmed adoption."""
    reached = grade_when_fresh(case, reproduced_by=reproduced_by)
    if reached is Evidence.DESCRIBED or _months_since_newest(case, today) <= FRESH_MONTHS:
        return reached
    return Evidence(reached - 1)


def grade_when_fresh(case: Case, *, reproduced_by: int = 0) -> Evidence:
    """The grade the figures would have if their age did not count."""
    sourced = [row for row in case.results if row.get("part") and _is_stated(row, "now")]
    if not sourced:
        return Evidence.DESCRIBED
    if reproduced_by >= 2:
        return Evidence.REPRODUCED
    if any(_is_stated(row, "before") and _is_stated(row, "verified_by") for row in sourced):
        return Evidence.COMPARED
    return Evidence.FIGURE


def _is_stated(row: Row, key: str) -> bool:
    return row.get(key, "") not in ("", UNSTATED)


def _months_since_newest(case: Case, today: date) -> int:
    dates = [found.earliest for row in case.results if (found := find_date(row.get("now_on", "")))]
    if not dates:
        return FRESH_MONTHS + 1
    newest = max(dates)
    return (today.year - newest.year) * 12 + today.month - newest.month
