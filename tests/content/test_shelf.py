"""The shipped shelf is in order: kb check is clean, and it holds what it should."""

from collections import Counter
from collections.abc import Iterator

import pytest

from kb.bootstrap import open_library
from kb.config import Settings
from kb.repository.content_folder import MarkdownContentRepository
from kb.services.build_records import restore_case, restore_mechanism
from tests.made_up import ROOT


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    yield Settings(ROOT / "content", tmp_path_factory.mktemp("data"), ROOT / "templates")


def test_kb_check_is_clean(settings: Settings) -> None:
    assert open_library(settings).check() == ()


def test_the_shelf_holds_the_first_cases_and_their_mechanisms(settings: Settings) -> None:
    repository = MarkdownContentRepository(settings.content_folder, settings.templates_folder)
    reference = repository.reference_data()
    files = repository.list_files()[0]
    cases = [restore_case(repository.read(f.path), reference) for f in files if f.kind == "case"]
    mechanisms = [restore_mechanism(repository.read(f.path), reference) for f in files if f.kind == "mechanism"]
    formed = {case.mechanism for case in cases}
    assert {f"110113-2017-{number:02d}" for number in range(1, 15)} <= {case.id for case in cases}
    assert len(mechanisms) >= 10
    assert formed <= {mechanism.id for mechanism in mechanisms}


def test_a_hundred_cases_share_forty_mechanisms(settings: Settings) -> None:
    repository = MarkdownContentRepository(settings.content_folder, settings.templates_folder)
    reference = repository.reference_data()
    files = repository.list_files()[0]
    cases = [restore_case(repository.read(f.path), reference) for f in files if f.kind == "case"]
    formed = Counter(case.mechanism for case in cases)
    types = {problem.id for problem in reference.references.taxonomy.problems.values() if problem.parent}
    covered = {problem for case in cases for problem in case.problems}
    assert len(cases) >= 100
    assert len(formed) >= 40
    assert sum(count >= 2 for count in formed.values()) >= 20
    assert sum(case.kind == "lesson" for case in cases) >= 8
    assert len(covered & types) >= 0.8 * len(types)
    assert {case.origin for case in cases} == {"published"}


def test_sources_are_complete(settings: Settings) -> None:
    assert open_library(settings).check_sources().findings == ()
