"""A command starts with what it needs: importing everything takes two seconds of processor time."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.cli.own_library import environment, make_own_library

SEARCHING = {"numpy", "whoosh", "jieba", "opencc"}
DATABASE = {"sqlalchemy", "alembic"}
SERVING = {"flask", "waitress", "flask_limiter"}
FILES = {"docx", "docxtpl", "xlsxwriter", "PIL", "weasyprint", "lxml", "feedgen"}
RENDERING = {"markdown", "nh3"}
HEAVY = SEARCHING | DATABASE | SERVING | FILES | RENDERING
LOADED = """
import sys
from kb.cli import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_own_library(tmp_path_factory.mktemp("loaded") / "own")


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["--help"], set()),
        (["init", "--help"], set()),
        (["check"], set()),
        (["sources", "check"], set()),
        (["new", "mechanism", "made-up"], set()),
        (["sync"], DATABASE - {"alembic"} | SEARCHING),
        (["show", "pair-up"], DATABASE - {"alembic"} | SEARCHING),
        (["index", "status"], DATABASE - {"alembic"} | SEARCHING),
        (["doctor"], DATABASE - {"alembic"} | SEARCHING),
        (["account", "--help"], HEAVY - {"alembic"} - SERVING - FILES - RENDERING),
        (["serve", "--help"], HEAVY - {"alembic", "weasyprint"} - RENDERING),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_no_library_it_does_not_need(folder: Path, words: list[str], needed: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOADED, *words],
        cwd=folder, env=environment(), capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "kb.cli" in loaded, done.stderr
    assert sorted((loaded & HEAVY) - needed) == []


@pytest.mark.parametrize("door", ["kb.bootstrap", "kb.exports", "search"])
def test_every_name_of_a_door_is_found(door: str) -> None:
    module = import_module(door)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_the_dictionary_is_read_by_who_cuts_words(folder: Path) -> None:
    """jieba's dictionary takes 0.6 s: the state of the index and a record are shown without it."""
    without = "from search.analysis import dictionary\ndictionary.Dictionary.__init__ = None\n" + LOADED
    for script, words in ((LOADED, ["sync"]), (without, ["index", "status"]), (without, ["show", "pair-up"])):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script, *words],
            cwd=folder, env=environment(), capture_output=True, text=True, timeout=240,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
