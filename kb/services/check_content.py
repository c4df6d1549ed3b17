"""kb check: everything that is wrong with the content files, all at once."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from kb.domain.figures import count_facts
from kb.domain.finding import Finding, Severity
from kb.domain.plain_text import character_pairs
from kb.errors import UnreadableFile
from kb.services.build_records import judge_case, judge_mechanism, restore_case, restore_mechanism
from kb.services.ports import ContentFile, ContentRepository, ReferenceData, Renderer

NEAR = 0.8
"""Share of character pairs two titles have in common above which they count as near-identical."""
COMMON = 50
"""A pair of characters in more titles than this tells nothing about which titles are alike."""


class FactCount(NamedTuple):
    """Figures and document names, and the files they stand in."""

    facts: int
    files: int


class ContentCheck:
    """Checks all files, or the named ones against all."""

    def __init__(self, repository: ContentRepository, renderer: Renderer, today: date) -> None:
        self._repository = repository
        self._renderer = renderer
        self._today = today

    def run(self, only: Collection[str] = ()) -> tuple[Finding, ...]:
        """Findings by file and line; `only` limits them to these paths (relative to the content folder)."""
        reference = self._repository.reference_data()
        files, passed_over = self._repository.list_files()
        findings = list(passed_over)
        ids: dict[tuple[str, str], list[str]] = defaultdict(list)
        titles: dict[str, str] = {}
        for file in files:
            found, record_id, title = self._check(file, reference)
            findings += found
            if record_id:
                ids[file.kind, record_id].append(file.path)
            titles[file.path] = title
        findings += _duplicate_ids(ids)
        findings += _near_titles(titles)
        return tuple(sorted(finding for finding in findings if not only or finding.path in only))

    def count_facts(self) -> FactCount:
        """How many figures and document names were held against the records, in how many files."""
        reference = self._repository.reference_data()
        facts = files = 0
        for file in self._repository.list_files()[0]:
            try:
                plain = self._repository.read(file.path)
            except UnreadableFile:
                continue
            if file.kind == "case":
                facts += count_facts(reference.case_template, restore_case(plain, reference))
            else:
                facts += count_facts(reference.mechanism_template, restore_mechanism(plain, reference))
            files += 1
        return FactCount(facts, files)

    def _check(self, file: ContentFile, reference: ReferenceData) -> tuple[list[Finding], str, str]:
        try:
            plain = self._repository.read(file.path)
            if file.kind == "case":
                case, findings = judge_case(plain, reference, file.path, today=self._today)
                self._renderer.render({slot.key: getattr(case, slot.key) for slot in reference.case_template.sections})
                return list(findings), case.id, case.title
            mechanism, findings = judge_mechanism(plain, reference, file.path)
            self._renderer.render({"notes": mechanism.notes})
            return list(findings), mechanism.id, mechanism.title
        except UnreadableFile as error:
            return [Finding(file.path, error.line, error.field, error.message, error.advice)], "", ""


def _duplicate_ids(ids: dict[tuple[str, str], list[str]]) -> list[Finding]:
    return [
        Finding(path, 0, "id", f"编号“{record_id}”在 {'、'.join(paths)} 中重复。", "给其中一个换上新的编号。")
        for (_, record_id), paths in ids.items()
        if len(paths) > 1
        for path in paths
    ]


def _near_titles(titles: dict[str, str]) -> list[Finding]:
    pairs = {path: character_pairs(title) for path, title in titles.items()}
    holders: dict[str, list[str]] = defaultdict(list)
    for path, found in pairs.items():
        for pair in found:
            holders[pair].append(path)
    findings = []
    for path, found in pairs.items():
        rivals = {other for pair in found if len(holders[pair]) <= COMMON for other in holders[pair] if other > path}
        for other in sorted(rivals):
            if path[:5] == other[:5] and len(found & pairs[other]) / len(found | pairs[other]) > NEAR:
                words = f"标题与 {other} 的几乎相同。"
                findings.append(Finding(path, 0, "title", words, "确认不是同一个案例。", Severity.WARNING))
    return findings
