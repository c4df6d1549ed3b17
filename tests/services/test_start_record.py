"""kb new and kb sources check on the in-memory twin."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from kb.domain.records import Part, SourceRecord
from kb.errors import AskedWrongly
from kb.repository.memory import MemoryContentRepository
from kb.services.build_records import judge_case, judge_mechanism
from kb.services.check_sources import check_sources
from kb.services.start_record import StartedRecord, start_case, start_mechanism
from tests.made_up import CASE, FILES, REFERENCE


def test_a_new_case_takes_the_next_number_of_its_region_and_year_and_is_a_draft() -> None:
    repository = MemoryContentRepository(REFERENCE, {**FILES, "cases/000000-2020-09.md": CASE})
    started = start_case(repository, "000000", 2020)
    assert started == ("000000-2020-10", "cases/000000-2020-10.md")
    fields = repository.read(started.path).fields
    assert (fields["id"], fields["status"]) == ("000000-2020-10", "草稿")
    assert start_case(repository, "000000", 2021).id == "000000-2021-01"


@pytest.mark.parametrize(
    "start",
    [
        lambda repository: start_case(repository, "000000", 2020),
        lambda repository: start_mechanism(repository, "weekly-visits"),
    ],
)
def test_a_skeleton_nobody_has_filled_in_has_no_findings(
    start: Callable[[MemoryContentRepository], StartedRecord],
) -> None:
    repository = MemoryContentRepository(REFERENCE, dict(FILES))
    path = start(repository).path
    plain = repository.read(path)
    judged = (
        judge_case(plain, REFERENCE, path, today=date(2026, 11, 25))
        if path.startswith("cases")
        else judge_mechanism(plain, REFERENCE, path)
    )
    assert judged.findings == ()


@pytest.mark.parametrize(("region", "year"), [("12", 2020), ("abcdef", 2020), ("../../x", 2020), ("000000", 12)])
def test_a_wrong_region_or_year_is_refused(region: str, year: int) -> None:
    with pytest.raises(AskedWrongly):
        start_case(MemoryContentRepository(REFERENCE, {}), region, year)


def test_a_mechanism_id_is_checked_and_never_taken_twice() -> None:
    repository = MemoryContentRepository(REFERENCE, dict(FILES))
    assert start_mechanism(repository, "weekly-visits").path == "mechanisms/weekly-visits.md"
    for slug in ("pair-up", "../x", "Upper", "", "a" * 90):
        with pytest.raises(AskedWrongly):
            start_mechanism(repository, slug)


def test_sources_are_checked_for_completeness_and_use() -> None:
    unused = SourceRecord("unused", "", "某报", "2020", seen="全文", extent="全文", parts={"一": Part("一", "", ())})
    records = {**REFERENCE.references.records, "unused": unused}
    reference = replace(REFERENCE, references=replace(REFERENCE.references, records=records))
    files = {**FILES, "cases/000000-2020-02.md": CASE.replace("record: made-up", "record: nowhere")}
    report = check_sources(MemoryContentRepository(reference, files))
    assert (report.uses, [record.id for record in report.unused]) == ({"made-up": 2, "nowhere": 1}, ["unused"])
    assert [(finding.path, finding.message) for finding in report.findings] == [
        ("cases/000000-2020-02.md", "没有出处记录“nowhere”。"),
        ("sources/made-up.yaml", "出处记录缺少所见范围。"),
        ("sources/unused.yaml", "出处记录缺少标题。"),
        ("sources/unused.yaml", "出处记录里没有一条事实。"),
    ]
