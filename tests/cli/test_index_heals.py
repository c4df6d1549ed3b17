"""A broken index hurts nobody: reading goes on by title, a child process mends it (threat row 37)."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.bootstrap import Library, open_library
from kb.config import Settings
from kb.services.find_cases import BY_TITLE, Answer, Question
from tests.cli.made_library import make_library, run
from tests.made_up import ROOT


def find(library: Library, text: str) -> Answer:
    with library.reading() as reading:
        return reading.finder.find(Question(text))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(bytes(data))


def foreign_pickle(path: Path) -> None:
    path.write_bytes(b"cos\nsystem\n(S'touch /tmp/owned-by-an-index'\ntR.")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    make_library(tmp_path)
    made = Settings(tmp_path / "content", tmp_path / "data", ROOT / "templates")
    open_library(made).sync(lambda *_: None)
    return made


@pytest.mark.parametrize("pattern", ["CURRENT", "g-*/*.toc", "g-*/*.seg"])
@pytest.mark.parametrize("damage", [cut, empty, flip, foreign_pickle, Path.unlink])
def test_damage_is_named_and_a_sync_mends_it(settings: Settings, pattern: str, damage: Callable[[Path], None]) -> None:
    before = find(open_library(settings), "支部不开会")
    for path in (settings.data_folder / "index").glob(pattern):
        damage(path)
    library = open_library(settings)
    assert library.verify_index() != []
    library.sync(lambda *_: None)
    assert library.verify_index() == []
    after = find(library, "支部不开会")
    assert [hit.card.id for hit in after.hits] == [hit.card.id for hit in before.hits] != []
    assert not Path("/tmp/owned-by-an-index").exists()


def test_a_server_answers_by_title_until_its_child_has_mended_the_index(settings: Settings) -> None:
    for path in (settings.data_folder / "index").glob("g-*/*.seg"):
        flip(path)
    library = open_library(settings, heals_itself=True)
    first = find(library, "支部开起会来")
    assert (first.relaxed, [hit.card.id for hit in first.hits]) == (BY_TITLE, ["000000-2020-01"])
    deadline = time.monotonic() + 240
    while find(library, "支部开起会来").relaxed == BY_TITLE and time.monotonic() < deadline:
        time.sleep(0.2)
    mended = find(library, "支部开起会来")
    library.close()
    assert (mended.relaxed, [hit.card.id for hit in mended.hits]) == (None, ["000000-2020-01"])


def test_a_changed_lexicon_rebuilds_the_index_at_the_next_sync(settings: Settings) -> None:
    library = open_library(settings)
    old = library.index_status().stamp
    terms = settings.content_folder / "lexicon/terms.txt"
    terms.write_text(terms.read_text(encoding="utf-8") + "\n逐月到场\n", encoding="utf-8")
    library.sync(lambda *_: None)
    assert library.index_status().stamp != old
    assert library.verify_index() == []


def test_the_commands_say_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    make_library(tmp_path)
    run(tmp_path, "sync")
    assert (run(tmp_path, "index", "verify").stdout, run(tmp_path, "index", "verify").returncode) == ("索引完好。\n", 0)
    assert "索引中的案例：1（目录中 1）" in run(tmp_path, "index", "status").stdout
    for path in (tmp_path / "data/index").glob("g-*/*.seg"):
        cut(path)
    broken = run(tmp_path, "index", "verify")
    assert broken.returncode == 1 and broken.stdout.endswith("运行 kb sync 修复。\n")
    assert run(tmp_path, "search", "支部").returncode == 2
