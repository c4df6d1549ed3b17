"""数据来源与说明: where everything comes from, what is missing, what could not be read."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from kb.domain.finding import Finding
from kb.domain.records import SourceRecord
from kb.services.ports import Catalogue, ReferenceData


class SourceUse(NamedTuple):
    """A provenance record and how many cases and mechanisms rest on it."""

    record: SourceRecord
    cases: int
    mechanisms: int


class SourcesPage(NamedTuple):
    """Records with their use, how often each field is 原文未载 (by label), and files kept out by an error."""

    records: tuple[SourceUse, ...]
    cases: int
    mechanisms: int
    unstated: Mapping[str, int]
    unread: tuple[Finding, ...]


def explain_sources(catalogue: Catalogue, reference: ReferenceData) -> SourcesPage:
    """The page on sources and gaps."""
    cases = [entry.case for entry in catalogue.cases(catalogue.case_ids_of(limit=100_000))]
    mechanisms = [entry.mechanism for entry in catalogue.mechanisms()]
    by_case = Counter(record for case in cases for record in case.named_parts)
    by_mechanism = Counter(record for mechanism in mechanisms for record in mechanism.named_parts)
    unstated = Counter(key for case in cases for key in case.unstated)
    records = reference.references.records
    # What is wrong with a file that was read may quote a draft; that is for kb check alone.
    unread = {path for path, state in catalogue.files().items() if not state.record_id}
    return SourcesPage(
        records=tuple(SourceUse(record, by_case[record.id], by_mechanism[record.id]) for record in records.values()),
        cases=len(cases),
        mechanisms=len(mechanisms),
        unstated={slot.label: unstated[slot.key] for slot in reference.case_template.slots if unstated[slot.key]},
        unread=tuple(finding for finding in catalogue.findings() if finding.is_error and finding.path in unread),
    )
