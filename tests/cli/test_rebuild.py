"""Markdown alone rebuilds catalogue and index with the same answers."""

import shutil
from pathlib import Path

import pytest

from kb.bootstrap import open_library
from kb.config import Settings
from tests.made_up import ROOT
from tests.questions.kept import Answers, answers


@pytest.fixture
def settings(shipped_data: Path, tmp_path: Path) -> Settings:
    """The same after that sync, to break."""
    shutil.copytree(shipped_data, tmp_path / "data")
    return Settings(ROOT / "content", tmp_path / "data", ROOT / "templates")


def test_with_index_and_database_deleted_a_sync_gives_the_same_answers(
    settings: Settings, shipped_answers: Answers
) -> None:
    shutil.rmtree(settings.data_folder)
    second = open_library(settings)
    second.sync(lambda *_: None)
    assert answers(second) == shipped_answers


def test_a_scribbled_catalogue_is_replaced_at_the_next_sync(settings: Settings, shipped_answers: Answers) -> None:
    (settings.data_folder / "catalogue.sqlite3").write_bytes(b"not a database" * 100)
    for suffix in ("-wal", "-shm"):
        (settings.data_folder / f"catalogue.sqlite3{suffix}").unlink(missing_ok=True)
    second = open_library(settings)
    second.sync(lambda *_: None)
    assert answers(second) == shipped_answers
