"""Files → catalogue → index: only what changed, and nothing lost when it stops half way.

The catalogue changes in one transaction that also notes which cases the index must take again; the index follows. A
stop in between is mended by the next sync: the note is still there.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.finding import Finding
from kb.domain.workflow import Stage
from kb.errors import UnreadableFile
from kb.services.build_records import judge_case, judge_mechanism
from kb.services.ports import (
    CaseEntry,
    Catalogue,
    ContentFile,
    ContentRepository,
    FileState,
    MechanismEntry,
    PlainRecord,
    Progress,
    ReferenceData,
    Renderer,
)

DERIVATION = "4"
"""Raised when the way rows are derived from files changes."""


class SyncReport(NamedTuple):
    """What a sync did: files read anew, files gone, cases readers now have, and all findings that stand.

    `withheld`: files without an error that no reader sees, for their stage.
    """

    read: int
    removed: int
    cases: int
    findings: tuple[Finding, ...]
    withheld: tuple[str, ...] = ()


class Changes(NamedTuple):
    """What a sync took into the catalogue: files read anew, files gone, and findings on what was passed over."""

    read: int
    removed: int
    passed_over: tuple[Finding, ...]


@dataclass
class _Taken:
    """One changed file, read and judged; `plain` is None when it could not be read."""

    file: ContentFile
    plain: PlainRecord | None
    entry: CaseEntry | MechanismEntry | None
    record_id: str
    findings: tuple[Finding, ...]
    archived: Case | None = None


def catalogue_stamp(reference: ReferenceData) -> str:
    """What a catalogue of this reference data is derived from."""
    return f"{DERIVATION}:{reference.digest}"


class LibrarySync:
    """Brings the catalogue up to the content folder. `report` is asked for apart, so that the index need not wait for it."""

    def __init__(self, repository: ContentRepository, catalogue: Catalogue, renderer: Renderer, today: date) -> None:
        self._repository = repository
        self._catalogue = catalogue
        self._renderer = renderer
        self._today = today

    def take_in(self, progress: Progress) -> Changes:
        """One sync; a file that cannot be used is a finding, never an exception."""
        reference = self._repository.reference_data()
        if self._catalogue.stamp() != catalogue_stamp(reference):
            self._catalogue.clear(catalogue_stamp(reference))
        files, passed_over = self._repository.list_files()
        known = self._catalogue.files()
        present = {file.path for file in files}
        gone = [path for path in known if path not in present]
        changed = [file for file in files if known.get(file.path, FileState("", "")).digest != file.digest]
        for path in gone:
            self._catalogue.remove(path)
        standing = {path: state.record_id for path, state in known.items() if path in present}
        taken = self._take(changed, reference, progress)
        rivals = _unchanged_rivals(files, taken, standing)
        taken += self._take(rivals, reference, progress)
        self._store(taken, standing)
        if taken or gone:
            self._catalogue.note_update(self._today.isoformat())
            self._catalogue.next_generation()
        self._catalogue.commit()
        return Changes(len(changed), len(gone), tuple(passed_over))

    def report(self, changes: Changes) -> SyncReport:
        """How everything stands after these changes; it reads all of the catalogue."""
        findings = (*changes.passed_over, *self._catalogue.findings())
        cases = self._catalogue.case_ids()
        withheld = self._withheld(findings, cases)
        return SyncReport(changes.read, changes.removed, len(cases), findings, withheld)

    def _withheld(self, findings: Sequence[Finding], cases: Set[str]) -> tuple[str, ...]:
        faulty = {finding.path for finding in findings if finding.is_error}
        shown = cases | self._catalogue.mechanism_titles().keys()
        states = self._catalogue.files().items()
        return tuple(sorted(path for path, state in states if path not in faulty and state.record_id not in shown))

    def _take(self, changed: Sequence[ContentFile], reference: ReferenceData, progress: Progress) -> list[_Taken]:
        taken = []
        for number, file in enumerate(changed, start=1):
            taken.append(self._read(file, reference))
            progress("读取文件", number, len(changed))
        return taken

    def _read(self, file: ContentFile, reference: ReferenceData) -> _Taken:
        plain: PlainRecord | None = None
        try:
            plain = self._repository.read(file.path)
            if file.kind == "mechanism":
                return self._read_mechanism(file, plain, reference)
            return self._read_case(file, plain, reference)
        except UnreadableFile as error:
            finding = Finding(file.path, error.line, error.field, error.message, error.advice)
            return _Taken(file, plain, None, "", (finding,))

    def _read_case(self, file: ContentFile, plain: PlainRecord, reference: ReferenceData) -> _Taken:
        case, findings = judge_case(plain, reference, file.path, today=self._today)
        entry = None
        if case.is_readable and not any(finding.is_error for finding in findings):
            sections = {slot.key: getattr(case, slot.key) for slot in reference.case_template.sections}
            entry = CaseEntry(case, self._renderer.render(sections), file.path)
        archived = case if case.stage is Stage.ARCHIVED else None
        return _Taken(file, plain, entry, case.id, findings, archived)

    def _read_mechanism(self, file: ContentFile, plain: PlainRecord, reference: ReferenceData) -> _Taken:
        mechanism, findings = judge_mechanism(plain, reference, file.path)
        entry = None
        if mechanism.is_readable and not any(finding.is_error for finding in findings):
            entry = MechanismEntry(mechanism, self._renderer.render({"notes": mechanism.notes})["notes"], file.path)
        return _Taken(file, plain, entry, mechanism.id, findings)

    def _store(self, taken: Sequence[_Taken], standing: Mapping[str, str]) -> None:
        owners = _owners(taken, standing)
        for one in taken:
            self._catalogue.remove(one.file.path)
        for one in taken:
            owner = owners[one.record_id][0] if one.record_id else one.file.path
            if owner != one.file.path:
                self._refuse(one, owner)
                continue
            if one.plain is not None and isinstance(one.entry, CaseEntry):
                self._catalogue.put_case(one.entry, one.plain)
            elif one.plain is not None and isinstance(one.entry, MechanismEntry):
                self._catalogue.put_mechanism(one.entry, one.plain)
            elif one.archived:
                self._catalogue.put_archived(one.archived, one.file.path)
            self._catalogue.note_file(one.file.path, FileState(one.file.digest, one.record_id), one.findings)

    def _refuse(self, taken: _Taken, owner: str) -> None:
        words = f"编号“{taken.record_id}”与 {owner} 重复，本文件没有收入。"
        finding = Finding(taken.file.path, 0, "id", words, "给其中一个换上新的编号。")
        # An empty digest makes the next sync read the file again: the rightful owner may be gone by then.
        self._catalogue.note_file(taken.file.path, FileState("", taken.record_id), (*taken.findings, finding))


def _unchanged_rivals(
    files: Sequence[ContentFile], taken: Sequence[_Taken], standing: Mapping[str, str]
) -> list[ContentFile]:
    """Files that did not change themselves but share their id with one that did: they are judged again with it."""
    owners = _owners(taken, standing)
    done = {one.file.path for one in taken}
    rivals = {path for record_id, paths in owners.items() if record_id for path in paths} - done
    return [file for file in files if file.path in rivals]


def _owners(taken: Sequence[_Taken], standing: Mapping[str, str]) -> dict[str, list[str]]:
    """Paths of each id taken, the rightful one first: the file named after the id, else the first by name.

    standing: ids by path as the catalogue had them.
    """
    ids = {**standing, **{one.file.path: one.record_id for one in taken}}
    owners: dict[str, list[str]] = {one.record_id: [] for one in taken}
    for path, record_id in ids.items():
        if record_id in owners:
            owners[record_id].append(path)
    for record_id, paths in owners.items():
        paths.sort(key=lambda path: (path.rpartition("/")[2] != f"{record_id}.md", path))
    return owners
