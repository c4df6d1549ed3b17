"""The kept questions, and what a library answers to them."""

from kb.bootstrap import Library
from kb.repository.decode import decode
from kb.repository.yaml_text import read_yaml
from kb.services.find_cases import Question
from tests.made_up import ROOT

Answers = dict[str, list[tuple[str, float, str]]]


def kept(pattern: str = "*.yaml") -> list[dict[str, object]]:
    """The kept questions as their files hold them."""
    questions: list[dict[str, object]] = []
    for path in sorted((ROOT / "content/questions").glob(pattern)):
        text = decode(path.read_bytes()).lines_unified
        questions += read_yaml(text, limit=400_000).value["questions"]
    return questions


def answers(library: Library) -> Answers:
    """What the library says to each of them: ids, scores and reasons."""
    found: Answers = {}
    with library.reading() as reading:
        for question in kept():
            answer = reading.finder.find(Question(str(question["text"])))
            found[str(question["text"])] = [(hit.card.id, round(hit.score, 2), hit.why) for hit in answer.hits]
    return found
