"""What the services need from outside: content files, the catalogue, a renderer. Bare nouns; adapters say how."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from kb.domain.case import Case
from kb.domain.case_lines import CaseLines
from kb.domain.check_case import References
from kb.domain.finding import Finding
from kb.domain.flagged_wording import FlaggedWord
from kb.domain.mechanism import Mechanism
from kb.domain.review import USUAL_RULES, ReviewRules
from kb.domain.template import Template

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, how many there are."""


class ContentFile(NamedTuple):
    """A Markdown file of the content folder: `kind` is case or mechanism, `digest` the SHA-256 of its bytes."""

    path: str
    kind: str
    digest: str


@dataclass(frozen=True)
class PlainRecord:
    """A content file read but not yet judged: plain values by key (sections among them) and the line of each."""

    fields: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)
    notes: str = ""


@dataclass(frozen=True)
class ReferenceData:
    """Everything besides cases and mechanisms that editors and stewards own; `digest` covers all of it."""

    case_template: Template
    mechanism_template: Template
    references: References
    lexicon_words: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]
    digest: str
    flagged_wording: tuple[FlaggedWord, ...] = ()
    review_rules: ReviewRules = USUAL_RULES


class ContentRepository(Protocol):
    """The content folder: the truth of the library."""

    def reference_data(self) -> ReferenceData:
        """Templates, taxonomy, records, lexicon; raises BrokenLibrary when one cannot be used."""
        ...

    def list_files(self) -> tuple[Sequence[ContentFile], Sequence[Finding]]:
        """All case and mechanism files by path, and findings on what was passed over (links, odd names)."""
        ...

    def read(self, path: str) -> PlainRecord:
        """One file; raises UnreadableFile with line and reason."""
        ...

    def add(self, path: str, text: str) -> None:
        """A new file, wholly there or not at all; raises AskedWrongly when the path is taken."""
        ...


class Renderer(Protocol):
    """Markdown to safe HTML, at sync only."""

    def render(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        """HTML by the same keys; raises UnreadableFile when a text is refused or takes too long."""
        ...


@dataclass(frozen=True)
class CaseEntry:
    """A case as the catalogue holds it: the record, its sections as HTML, the file it came from."""

    case: Case
    html: Mapping[str, str]
    path: str


@dataclass(frozen=True)
class MechanismEntry:
    """A mechanism as the catalogue holds it."""

    mechanism: Mechanism
    html: str
    path: str


class FileState(NamedTuple):
    """What the catalogue knows of a file it has taken in: digest of its bytes and id of its record ("" if unusable)."""

    digest: str
    record_id: str


class ProblemCount(NamedTuple):
    """Readable cases (primary or related) and mechanisms of one problem type."""

    cases: int
    mechanisms: int


class Catalogue(Protocol):
    """Derived rows of what readers may see: everything here can be dropped and rebuilt from the content folder.

    Nothing written is visible to readers before `commit`; `rollback` forgets it.
    """

    def stamp(self) -> str:
        """What the rows were derived from; "" when there are none."""
        ...

    def clear(self, stamp: str) -> None:
        """Drops all rows and notes what the next ones will be derived from."""
        ...

    def files(self) -> Mapping[str, FileState]: ...

    def put_case(self, entry: CaseEntry, plain: PlainRecord) -> None: ...

    def put_archived(self, case: Case, path: str) -> None:
        """Remembers whose an archived case was, and which mechanism it formed."""
        ...

    def put_mechanism(self, entry: MechanismEntry, plain: PlainRecord) -> None: ...

    def note_file(self, path: str, state: FileState, findings: Iterable[Finding]) -> None:
        """Notes a file, taken in or not, and what was found in it."""
        ...

    def remove(self, path: str) -> None:
        """Forgets a file and whatever was made from it."""
        ...

    def note_update(self, day: str) -> None:
        """Notes the day (YYYY-MM-DD) on which rows last changed."""
        ...

    def updated_on(self) -> str: ...

    def generation(self) -> int:
        """A number that grows with every change a reader could see, the index's included."""
        ...

    def next_generation(self) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def pending(self) -> frozenset[str]:
        """Ids of cases whose index document may be out of date."""
        ...

    def clear_pending(self) -> None: ...

    def case_ids(self) -> frozenset[str]: ...

    def has_cases(self) -> bool: ...

    def find_case(self, case_id: str) -> CaseEntry | None: ...

    def find_mechanism(self, mechanism_id: str) -> MechanismEntry | None: ...

    def cases(self, ids: Sequence[str]) -> Sequence[CaseEntry]:
        """The cases of these ids, in their order; unknown ids are left out."""
        ...

    def lines(self, ids: Sequence[str]) -> Sequence[CaseLines]:
        """What a list tells of these cases, in their order; unknown ids are left out."""
        ...

    def digests(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The digest of the file each of these cases was read from; unknown ids are left out."""
        ...

    def case_ids_of(self, *, problem: str = "", mechanism: str = "", limit: int = 1000) -> Sequence[str]:
        """Ids, newest first; those with the problem as their primary one come first."""
        ...

    def newest(self, *, problems: Collection[str] = (), unit: str = "", limit: int = 1000) -> Sequence[tuple[str, str]]:
        """Id and 复核日期 (a year after inclusion, "" where there is none), the latest first; of cases with one of the problems, of that unit."""
        ...

    def due_for_review(self, before: str) -> Sequence[tuple[str, str, str]]:
        """Id, title and 复核日期 of cases whose date lies before that day (YYYY-MM-DD), the earliest first."""
        ...

    def mechanisms(self, *, problem: str = "") -> Sequence[MechanismEntry]:
        """By title."""
        ...

    def count_by_problem(self) -> Mapping[str, ProblemCount]: ...

    def count_by_mechanism(self) -> Mapping[str, int]: ...

    def units_by_mechanism(self, mechanisms: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Of each of these mechanisms the units of the cases that formed it, archived ones too, by case id."""
        ...

    def titles(self) -> Mapping[str, str]:
        """Title of every case by id."""
        ...

    def mechanism_titles(self, ids: Iterable[str] | None = None) -> Mapping[str, str]:
        """Title of every mechanism, or of these ones, by id."""
        ...

    def findings(self) -> Sequence[Finding]: ...
