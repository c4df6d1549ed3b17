"""What would become of the rows of a sheet that was sent in: told before anything is done, row by row."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple


class Verdict(Enum):
    """What a row is to the library: it adds, changes, says what is known, or cannot be taken."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {"new": "新增", "changed": "改动", "unchanged": "不变", "refused": "不能收"}[self.value]


class CellChange(NamedTuple):
    """A cell whose text differs from what is kept."""

    label: str
    before: str
    after: str


class RowReport(NamedTuple):
    """`number` as the spreadsheet program shows it, `subject` what the row is about, `findings` what to mend, in Chinese."""

    number: int
    subject: str
    verdict: Verdict
    changes: tuple[CellChange, ...] = ()
    findings: tuple[str, ...] = ()


class SheetReport(NamedTuple):
    """`faults` concern the whole sheet; with one of them, or a row that cannot be taken, nothing at all is taken."""

    rows: tuple[RowReport, ...]
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        return not self.faults and all(row.verdict is not Verdict.REFUSED for row in self.rows)

    @property
    def has_changes(self) -> bool:
        return any(row.verdict in (Verdict.NEW, Verdict.CHANGED) for row in self.rows)

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """Rows of each verdict, every verdict named."""
        told = Counter(row.verdict for row in self.rows)
        return {verdict: told[verdict] for verdict in Verdict}


def report_row(
    number: int, subject: str, *, is_new: bool, changes: Sequence[CellChange], findings: Sequence[str]
) -> RowReport:
    """The report of a row: refused with a finding, else new, changed or unchanged."""
    if findings:
        verdict = Verdict.REFUSED
    elif is_new:
        verdict = Verdict.NEW
    else:
        verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    return RowReport(number, subject, verdict, tuple(changes), tuple(findings))
