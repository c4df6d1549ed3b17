"""Markdown alone rebuilds catalogue and index with the same answers."""

import shutil
from pathlib import Path

from kb.bootstrap import open_library
from kb.config import Settings
from tests.made_up import ROOT
from tests.questions.kept import answers


def test_with_index_and_database_deleted_a_sync_gives_the_same_answers(tmp_path: Path) -> None:
    settings = Settings(ROOT / "content", tmp_path / "data", ROOT / "templates")
    first = open_library(settings)
    first.sync(lambda *_: None)
    before = answers(first)
    shutil.rmtree(settings.data_folder)
    second = open_library(settings)
    second.sync(lambda *_: None)
    assert answers(second) == before
    assert any(before.values())


def test_a_scribbled_catalogue_is_replaced_at_the_next_sync(tmp_path: Path) -> None:
    settings = Settings(ROOT / "content", tmp_path / "data", ROOT / "templates")
    first = open_library(settings)
    first.sync(lambda *_: None)
    before = answers(first)
    (settings.data_folder / "catalogue.sqlite3").write_bytes(b"not a database" * 100)
    for suffix in ("-wal", "-shm"):
        (settings.data_folder / f"catalogue.sqlite3{suffix}").unlink(missing_ok=True)
    second = open_library(settings)
    second.sync(lambda *_: None)
    assert answers(second) == before
