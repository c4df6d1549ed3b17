"""The child process that measures a change of taxonomy or lexicon: an index of a copy of the content, before and after.

Reads one JSON object from its input ({content, templates, path, text, today, before}), writes one a line to its output:
{"stage": words} while it works, {"before": object} to be given back with the next change of the same content, and
{"effect": object} at the end. Nothing outside a temporary folder is written.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from kb.bootstrap.holdings import Holdings
from kb.config import Settings
from kb.domain.finding import Finding
from kb.errors import KbError
from kb.repository.kept_questions import read_kept_questions
from kb.repository.reference_files import digest_of
from kb.services.evaluate_search import KeptQuestion
from kb.services.measure_effect import Effect, Places, broken, compare_places, find_places, write_effect

NICENESS = 5


class Unrendered:
    """A Renderer of nothing: how a case looks does not matter here, and rendering is most of the work."""

    def render(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        return dict.fromkeys(texts, "")


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the temporary folder goes too
    task = json.load(sys.stdin)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with tempfile.TemporaryDirectory(prefix="kb-effect-") as folder:
        effect = _measure(task, Path(folder))
    _say({"effect": json.loads(write_effect(effect))})


def _measure(task: Mapping[str, Any], folder: Path) -> Effect:
    content = folder / "content"
    _say({"stage": "抄一份内容"})
    shutil.copytree(task["content"], content, ignore=shutil.ignore_patterns(".*"), symlinks=True)
    settings = Settings(content, folder / "data", Path(task["templates"]))
    try:
        questions = read_kept_questions(content)
        with closing(Holdings(settings, lambda: date.fromisoformat(task["today"]))) as library:
            key = f"{task['today']} {digest_of(sorted(path for path in content.rglob('*') if path.is_file()))}"
            before = task.get("before") or {}
            if before.get("key") != key:
                places, faults = _look(library, questions, "改之前")
                before = {"key": key, "places": places, "faults": faults}
                _say({"before": before})
            (content / task["path"]).write_bytes(task["text"].encode())
            places, faults = _look(library, questions, "改之后")
    except KbError as error:
        return broken(f"{error.message}{error.advice}")
    return compare_places(questions, (before["places"], places), (before["faults"], faults))


def _look(library: Holdings, questions: Sequence[KeptQuestion], when: str) -> tuple[Places, list[str]]:
    def tell(what: str, done: int, of: int) -> None:
        if done % 50 == 0 or done == of:
            _say({"stage": f"{when}：{what} {done}/{of}"})

    report = library.sync(tell, Unrendered())
    _say({"stage": f"{when}：问 {len(questions)} 个常备问题"})
    with library.reading(frozenset({"public", "internal"})) as reading:
        places = find_places(questions, reading.finder)
    return places, list(_faults(report.findings))


def _faults(findings: Sequence[Finding]) -> Iterator[str]:
    return (f"{one.path}：{one.message}" for one in findings if one.is_error)


def _say(words: Mapping[str, object]) -> None:
    print(json.dumps(words, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
