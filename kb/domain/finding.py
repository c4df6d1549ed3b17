"""A finding: what is wrong with a content file, where, and what to do about it."""

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad a finding is: an error keeps a file out of the library, a warning does not."""

    ERROR = "错误"
    WARNING = "提醒"


@dataclass(frozen=True)
class Finding:
    """One fault: file (relative to the content folder), line from 1 (0 = the whole file), field key, words.

    `in_files` is where or how it is mended by those who edit the files: no page tells it, the commands do.
    """

    path: str
    line: int
    field: str
    message: str
    advice: str = ""
    severity: Severity = Severity.ERROR
    in_files: str = ""

    @property
    def advice_in_files(self) -> str:
        """The advice for those who edit the files."""
        return f"{self.advice}（{self.in_files}）" if self.in_files else self.advice

    def __lt__(self, other: "Finding") -> bool:
        return (self.path, self.line, self.field, self.message) < (other.path, other.line, other.field, other.message)

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


class Report:
    """Collects the findings of one file while it is read and checked."""

    def __init__(self, path: str, lines: dict[str, int] | None = None) -> None:
        self.path = path
        self._lines = lines or {}
        self.findings: list[Finding] = []

    def line_of(self, field: str) -> int:
        """The line of a dotted field path, or of the nearest enclosing field; 0 when none is known."""
        while field:
            if field in self._lines:
                return self._lines[field]
            field = field.rpartition(".")[0]
        return 0

    def error(self, field: str, message: str, advice: str = "", *, in_files: str = "") -> None:
        self._add(field, message, advice, Severity.ERROR, in_files)

    def warn(self, field: str, message: str, advice: str = "", *, in_files: str = "") -> None:
        self._add(field, message, advice, Severity.WARNING, in_files)

    def _add(self, field: str, message: str, advice: str, severity: Severity, in_files: str) -> None:
        self.findings.append(Finding(self.path, self.line_of(field), field, message, advice, severity, in_files))
