"""The kept questions: what a secretary would ask, and the case that must come among the first."""

from collections import Counter
from collections.abc import Iterator

import pytest

from kb.bootstrap import Library, open_library
from kb.config import Settings
from kb.repository.decode import decode
from kb.repository.yaml_text import read_yaml
from kb.services.find_cases import Question
from tests.made_up import ROOT

KINDS = {"word", "sentence", "paragraph", "traditional", "miscut", "phrase", "character"}


def kept() -> list[dict[str, object]]:
    text = decode((ROOT / "content/questions/kept.yaml").read_bytes()).lines_unified
    questions: list[dict[str, object]] = read_yaml(text, limit=400_000).value["questions"]
    return questions


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    opened = open_library(Settings(ROOT / "content", tmp_path_factory.mktemp("data"), ROOT / "templates"))
    opened.sync(lambda *_: None)
    yield opened


def test_there_are_questions_of_every_kind() -> None:
    counted = Counter(str(question["kind"]) for question in kept())
    assert sum(counted.values()) >= 20
    assert set(counted) == KINDS


@pytest.mark.parametrize("question", kept(), ids=lambda question: str(question["id"]))
def test_the_expected_case_comes_among_the_first(library: Library, question: dict[str, object]) -> None:
    within = 3 if question["kind"] != "character" else 100
    expected = question["expect"]
    assert isinstance(expected, list)
    with library.reading() as reading:
        answer = reading.finder.find(Question(str(question["text"]), size=within))
    found = [hit.card.id for hit in answer.hits]
    if question["kind"] == "character":
        assert set(expected) <= set(found)
    else:
        assert set(expected) & set(found), (question["text"], expected, found)
