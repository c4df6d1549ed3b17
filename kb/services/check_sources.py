"""kb sources check: are the provenance records complete, and which of them does nothing rest on?"""

from collections import Counter
from typing import NamedTuple

from kb.domain.finding import Finding
from kb.domain.records import PART, WHOLE, SourceRecord
from kb.errors import UnreadableFile
from kb.services.build_records import restore_case, restore_mechanism
from kb.services.ports import ContentRepository


class SourcesReport(NamedTuple):
    """Findings, how many cases and mechanisms rest on each record, and the records nothing rests on."""

    findings: tuple[Finding, ...]
    uses: dict[str, int]
    unused: tuple[SourceRecord, ...]


def check_sources(repository: ContentRepository) -> SourcesReport:
    """Checks every record and every link to one; files that cannot be read are kb check's business."""
    reference = repository.reference_data()
    records = reference.references.records
    uses: Counter[str] = Counter()
    findings = [finding for record in records.values() for finding in _check_record(record)]
    for file in repository.list_files()[0]:
        try:
            plain = repository.read(file.path)
        except UnreadableFile:
            continue
        is_case = file.kind == "case"
        record = restore_case(plain, reference) if is_case else restore_mechanism(plain, reference)
        for name in record.named_parts:
            uses[name] += 1
            if name not in records:
                findings.append(
                    Finding(file.path, 0, "sources", f"没有出处记录“{name}”。", "改正编号，或建立这份记录。")
                )
    unused = tuple(record for record in records.values() if record.id not in uses)
    return SourcesReport(tuple(sorted(findings)), dict(uses), unused)


def _check_record(record: SourceRecord) -> list[Finding]:
    path = f"sources/{record.id}.yaml"
    wanted = {"标题": record.title, "发布单位": record.publisher, "日期": record.published_on, "所见范围": record.seen}
    findings = [
        Finding(path, 0, "", f"出处记录缺少{label}。", "补上；查不到的写“原文未载”。")
        for label, value in wanted.items()
        if not value
    ]
    if record.extent not in (WHOLE, PART):
        findings.append(Finding(path, 0, "extent", "没有写明读到的是全文还是部分。", f"extent 写“{WHOLE}”或“{PART}”。"))
    if not any(part.facts for part in record.parts.values()):
        findings.append(Finding(path, 0, "parts", "出处记录里没有一条事实。", "逐条记下来源写了什么。"))
    return findings
