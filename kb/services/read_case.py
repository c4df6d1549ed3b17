"""案例阅读: one case with its mechanism, its sources, its grade and what stands near it."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from kb.domain.completeness import Completeness, completeness
from kb.domain.evidence import Evidence, grade
from kb.domain.mechanism import Mechanism
from kb.domain.records import FurtherPage, SourceRecord, SourceReference, is_credible, word_for_unstated
from kb.domain.taxonomy import ProblemType
from kb.domain.template import UNSTATED
from kb.errors import NotFound
from kb.services.find_similar import SimilarCase, SimilarFinder
from kb.services.ports import CaseEntry, Catalogue, ReferenceData
from kb.services.show_promotion import NOT_PROMOTED, NOTHING_PROMOTED, Promotion, Standing

TITLE_UNSEEN = "题名未见"


class NamedSource(NamedTuple):
    """A source of a case: its reference, the provenance record when there is one, and whether its address is shown."""

    reference: SourceReference
    record: SourceRecord | None
    credible_hosts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its title, TITLE_UNSEEN where only a part of the page without it was seen."""
        title = self.record.title if self.record else self.reference.title
        return TITLE_UNSEEN if title in ("", UNSTATED) else title

    @property
    def publisher(self) -> str:
        return self.record.publisher if self.record else self.reference.publisher

    @property
    def published_on(self) -> str:
        return self.record.published_on if self.record else self.reference.published_on

    @property
    def url(self) -> str:
        """The address, "" where none is known or its host is not a credible one."""
        url = self.record.url if self.record else self.reference.url
        return url if is_credible(url, self.credible_hosts) and not self.is_reprint else ""

    @property
    def is_reprint(self) -> bool:
        return self.record is not None and self.record.is_reprint

    @property
    def further_pages(self) -> tuple[FurtherPage, ...]:
        """More pages on the same thing; those on other hosts without their address."""
        pages = self.record.further_pages if self.record else ()
        return tuple(page if is_credible(page.url, self.credible_hosts) else replace(page, url="") for page in pages)


class CasePage(NamedTuple):
    """Everything the reading page shows."""

    entry: CaseEntry
    problems: tuple[ProblemType, ...]
    mechanism: Mechanism | None
    sources: tuple[NamedSource, ...]
    evidence: Evidence
    completeness: Completeness
    is_review_due: bool
    neighbours: tuple[SimilarCase, ...]
    unstated_word: str
    promotion: Promotion = NOT_PROMOTED


def read_case(
    case_id: str,
    catalogue: Catalogue,
    reference: ReferenceData,
    similar: SimilarFinder,
    standing: Standing = NOTHING_PROMOTED,
    *,
    today: date,
) -> CasePage:
    """Raises NotFound for an unknown case and for one readers may not see, without telling which."""
    entry = get_case_entry(case_id, catalogue)
    return build_case_page(entry, catalogue, reference, similar.similar_to(entry.case), standing, today=today)


def get_case_entry(case_id: str, catalogue: Catalogue) -> CaseEntry:
    """Raises NotFound as `read_case` does."""
    entry = catalogue.find_case(case_id)
    if entry is None:
        raise NotFound("没有找到这个案例。", advice="核对编号，或到“查案例”里检索。")
    return entry


def build_case_page(
    entry: CaseEntry,
    catalogue: Catalogue,
    reference: ReferenceData,
    neighbours: tuple[SimilarCase, ...],
    standing: Standing = NOTHING_PROMOTED,
    *,
    today: date,
) -> CasePage:
    """The page of a case, which a draft may be too."""
    case = entry.case
    found = catalogue.find_mechanism(case.mechanism)
    taxonomy = reference.references.taxonomy
    return CasePage(
        entry=entry,
        problems=tuple(problem for problem in map(taxonomy.find_problem, case.problems) if problem),
        mechanism=found.mechanism if found else None,
        sources=name_sources(case.sources, reference),
        evidence=grade(case, today=today, reproduced_by=standing.reproduced_by(case.id)),
        completeness=completeness(reference.case_template, case),
        is_review_due=case.review_by is not None and case.review_by.earliest <= today,
        neighbours=neighbours,
        unstated_word=word_for_unstated(case.named_parts, reference.references.records),
        promotion=standing.of_case(case.id, case.mechanism, is_lesson=case.kind == "lesson"),
    )


def name_sources(sources: tuple[SourceReference, ...], reference: ReferenceData) -> tuple[NamedSource, ...]:
    """Each source with its provenance record."""
    records = reference.references.records
    hosts = reference.references.credible_hosts
    return tuple(NamedSource(source, records.get(source.record), hosts) for source in sources)
