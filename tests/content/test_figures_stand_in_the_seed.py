"""Every number in a shipped case stands in the part of the source it names: record against source, case against both."""

import re

import pytest

from kb.domain.figures import UNCITED, find_claims
from kb.repository.content_folder import MarkdownContentRepository
from kb.services.build_records import restore_case, restore_mechanism
from tests.made_up import ROOT

SEED = ROOT.parent / "shared/seed/shunyi-2017.txt"
NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
DOCUMENT = re.compile(r"《[^《》]{2,60}》")


@pytest.fixture(scope="module")
def repository() -> MarkdownContentRepository:
    return MarkdownContentRepository(ROOT / "content", ROOT / "templates")


@pytest.fixture(scope="module")
def seed() -> dict[str, str]:
    """Text by part name: 导语, 一, 一(一) …, and X后 for a paragraph after the numbered ones."""
    if not SEED.is_file():
        pytest.skip(f"source not present: {SEED}")
    return parts_of(SEED.read_text(encoding="utf-8"))


def parts_of(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    part = "导语"
    for line in text.split("\n"):
        chapter = re.match(r"([一二三])、", line)
        section = re.match(r"(\([一二三四五六七]\))", line)
        if chapter:
            part = chapter[1]
        elif section:
            part = part[0] + section[1]
        elif line.startswith(("党建“一盘棋”工作合力形成后", "随着党建制度建设不断完善")):
            part += "后"
        parts[part] = parts.get(part, "") + line + "\n"
    return parts


def figures(text: str) -> set[str]:
    return set(NUMBER.findall(re.sub(r"(?<=\d),(?=\d{3})", "", text)))


def test_the_seed_is_cut_into_its_parts(seed: dict[str, str]) -> None:
    chapters = ["一", "一(一)", "一(二)", "一(三)", "一(三)后", "二", *(f"二({n})" for n in "一二三四五六七")]
    assert list(seed) == ["导语", *chapters, "二(七)后", "三", "三(一)", "三(二)"]
    assert "27家" in seed["一(一)"] and "488套" in seed["一(三)后"] and "9025人" in seed["二(七)后"]


def test_every_figure_and_document_of_the_record_stands_in_its_part(
    repository: MarkdownContentRepository, seed: dict[str, str]
) -> None:
    record = repository.reference_data().references.records["shunyi-2017"]
    assert set(record.parts) <= set(seed)
    strange = {
        part.id: sorted(
            (figures("\n".join(part.facts)) - figures(seed[part.id]))
            | {name for name in DOCUMENT.findall("\n".join(part.facts)) if name not in seed[part.id]}
        )
        for part in record.parts.values()
    }
    assert {part: found for part, found in strange.items() if found} == {}


def test_every_figure_of_every_case_stands_in_the_part_it_names(
    repository: MarkdownContentRepository, seed: dict[str, str]
) -> None:
    reference = repository.reference_data()
    strange, checked = [], 0
    for file in repository.list_files()[0]:
        plain = repository.read(file.path)
        is_case = file.kind == "case"
        record = restore_case(plain, reference) if is_case else restore_mechanism(plain, reference)
        if set(record.named_parts) != {"shunyi-2017"}:
            continue
        template = reference.case_template if is_case else reference.mechanism_template
        for claim in find_claims(template, record):
            named = record.named_parts["shunyi-2017"]
            places = [] if claim.part == UNCITED else [claim.part] if claim.part else named
            known = set().union(*(figures(seed[part]) for part in places))
            checked += len(figures(claim.text))
            strange += [(file.path, claim.field, number) for number in figures(claim.text) - known]
    assert strange == []
    assert checked > 100


def test_a_wrong_figure_would_be_seen(seed: dict[str, str]) -> None:
    assert figures("由22家增至28家") - figures(seed["一(一)"]) == {"28"}
    assert "88.6%" not in figures(seed["三(二)"])
