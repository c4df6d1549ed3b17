"""The kept questions: what a secretary would ask, and the case that must come among the first."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kb.bootstrap import Library, open_library
from kb.config import Settings
from kb.services.find_cases import Question
from tests.made_up import ROOT
from tests.questions.kept import kept

KINDS = {"word", "sentence", "paragraph", "traditional", "miscut", "phrase", "character"}


class Asked(NamedTuple):
    """A kept question and the ids it was answered with, best first."""

    text: str
    kind: str
    expected: tuple[str, ...]
    found: tuple[str, ...]

    def is_found_within(self, most: int) -> bool:
        return bool(set(self.expected) & set(self.found[:most]))


@pytest.fixture(scope="module")
def library(shipped_data: Path) -> Iterator[Library]:
    opened = open_library(Settings(ROOT / "content", shipped_data, ROOT / "templates"))
    yield opened
    opened.close()


def ask(library: Library, pattern: str) -> list[Asked]:
    asked = []
    with library.reading() as reading:
        for question in kept(pattern):
            size = 100 if question["kind"] == "character" else 10
            answer = reading.finder.find(Question(str(question["text"]), size=size))
            expected = question["expect"]
            assert isinstance(expected, list)
            found = tuple(hit.card.id for hit in answer.hits)
            asked.append(Asked(str(question["text"]), str(question["kind"]), tuple(expected), found))
    return asked


def test_there_are_questions_of_every_kind_and_each_expects_cases_that_exist(library: Library) -> None:
    counted = Counter(str(question["kind"]) for question in kept())
    with library.reading() as reading:
        known = reading.catalogue.case_ids()
    strange = [(question["id"], case) for question in kept() for case in question["expect"] if case not in known]  # type: ignore[attr-defined]
    assert strange == []
    assert sum(counted.values()) >= 20
    assert set(counted) == KINDS


def test_the_founding_questions_find_their_case_within_the_first_three(library: Library) -> None:
    asked = [one for one in ask(library, "kept.yaml") if one.kind != "character"]
    missed = [(one.text, one.expected, one.found[:3]) for one in asked if not one.is_found_within(3)]
    assert len(missed) <= 0.05 * len(asked), missed


def test_all_kept_questions_meet_the_shares_asked_for(library: Library) -> None:
    asked = [one for one in ask(library, "*.yaml") if one.kind != "character"]
    first = sum(one.is_found_within(1) for one in asked) / len(asked)
    third = sum(one.is_found_within(3) for one in asked) / len(asked)
    missed = [(one.text, one.expected, one.found[:3]) for one in asked if not one.is_found_within(3)]
    assert third >= 0.95, (third, missed)
    assert first >= 0.80, first


def test_a_single_character_finds_every_case_that_has_it(library: Library) -> None:
    asked = [one for one in ask(library, "*.yaml") if one.kind == "character"]
    assert [(one.text, set(one.expected) - set(one.found)) for one in asked if set(one.expected) - set(one.found)] == []
