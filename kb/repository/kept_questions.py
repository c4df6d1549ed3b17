"""The kept questions: content/questions/*.yaml."""

from pathlib import Path

from kb.repository.decode import decode
from kb.repository.yaml_text import read_yaml
from kb.services.evaluate_search import KeptQuestion, build_questions

KEPT_CHARACTERS = 400_000


def read_kept_questions(content: Path) -> list[KeptQuestion]:
    """All of them, none where there are no files; raises UnreadableFile, and BrokenLibrary with the question at fault."""
    rows: list[object] = []
    for path in sorted((content / "questions").glob("*.yaml")):
        value = read_yaml(decode(path.read_bytes()).lines_unified, limit=KEPT_CHARACTERS).value
        rows += (value.get("questions") if isinstance(value, dict) else None) or ()
    return build_questions(row for row in rows if isinstance(row, dict))
