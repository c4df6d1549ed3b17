"""The resident indexer: what is written is found by itself, and whatever happens to the process, another follows."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from kb.bootstrap import Bell, Library, background_sync, kept_child, open_library, watch
from kb.bootstrap.background_sync import BackgroundSync, watch_command
from kb.bootstrap.watching import BREATH
from kb.config import Settings
from kb.errors import BrokenLibrary
from kb.repository.content_folder import MarkdownContentRepository
from kb.services.find_cases import Question
from tests.cli.made_library import make_library
from tests.made_up import CASE, ROOT

SECONDS = 240


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    make_library(tmp_path)
    settings = Settings(tmp_path / "content", tmp_path / "data", ROOT / "templates")
    library = open_library(settings, heals_itself=True)
    assert library.start_background()
    yield library
    library.close()


def write_case(library: Library, number: int, title: str) -> Path:
    path = library.settings.content_folder / f"cases/000000-2020-{number:02}.md"
    text = CASE.replace("000000-2020-01", path.stem).replace("虚构镇用结对", f"{title}虚构镇用结对")
    path.write_text(text, encoding="utf-8")
    return path


def found(library: Library, words: str) -> list[str]:
    with library.reading() as reading:
        hits = reading.finder.find(Question(words)).hits
        return [hit.card.id for hit in hits if words in hit.card.title]


def becomes(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)
    return is_so()


def child_of(library: Library) -> int:
    assert library._background is not None and library._background._child is not None
    return library._background._child.pid


def test_a_case_is_found_after_it_is_written_and_gone_after_it_is_removed(library: Library) -> None:
    assert found(library, "量子海绵") == []
    path = write_case(library, 2, "量子海绵")
    assert becomes(lambda: found(library, "量子海绵") == ["000000-2020-02"])
    path.unlink()
    assert becomes(lambda: found(library, "量子海绵") == [])
    assert becomes(lambda: library.verify_index() == [])  # the catalogue drops it before the index does


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
def test_a_killed_indexer_is_replaced_and_leaves_no_lock(library: Library) -> None:
    first = child_of(library)
    os.kill(first, signal.SIGKILL)
    write_case(library, 3, "海绵量子")
    assert becomes(lambda: found(library, "海绵量子") == ["000000-2020-03"])
    assert child_of(library) != first


def test_the_indexer_ends_with_its_server(library: Library) -> None:
    assert library._background is not None
    child = library._background._child
    assert child is not None and child.poll() is None
    library.close()
    assert child.poll() == 0
    assert watch_command()[-2:] == ["sync", "--watch"]


def test_an_indexer_that_cannot_be_started_now_is_started_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_child, "SHORTEST_PAUSE", 0.01)
    said = "print('synced', flush=True); input()"
    monkeypatch.setattr(background_sync, "watch_command", lambda: [sys.executable, "-c", said])
    background = BackgroundSync(Settings(tmp_path, tmp_path, tmp_path))
    spawn, faults = background._spawn, [OSError(24, "Too many open files")] * 2

    def spawn_later() -> subprocess.Popen[bytes]:
        if faults:
            raise faults.pop()
        return spawn()

    monkeypatch.setattr(background, "_spawn", spawn_later)
    assert background.ask("made up")
    assert becomes(lambda: background.has_synced)
    first = background._child
    assert first is not None
    faults.append(OSError(12, "Cannot allocate memory"))
    first.kill()
    assert becomes(lambda: background._child is not first)
    background.close()


class FakeLibrary:
    """A library whose folder is in the given states at one look after the other, the last one for ever; so are its times."""

    def __init__(self, states: list[int], times: tuple[int, ...] = (1,)) -> None:
        self.states = states
        self.times = list(times)
        self.closed = 0
        self.readied = 0

    def content_state(self) -> int:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]

    def folder_times(self) -> tuple[int, ...]:
        return (self.times.pop(0) if len(self.times) > 1 else self.times[0],)

    def get_ready(self) -> None:
        self.readied += 1

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK", "GLANCE", "STILL"):
        monkeypatch.setattr(f"kb.bootstrap.watching.{name}", 0.01)
    monkeypatch.setattr("kb.bootstrap.watching.RenderWorker", FakeRenderer)


class FakeRenderer:
    def __enter__(self) -> "FakeRenderer":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def render(self, texts: object) -> None:
        pass


@pytest.mark.usefixtures("quick")
def test_a_file_that_is_being_written_waits_until_it_is_still() -> None:
    library, bell, synced_at = FakeLibrary([1, 1, 2, 3, 4, 5, 5, 5, 5]), Bell(), []

    def sync(_: object, __: object) -> None:
        synced_at.append(library.states[0])
        if len(synced_at) == 2:
            bell.end()

    watch(lambda: library, bell, sync)  # type: ignore[arg-type, return-value]
    assert synced_at == [1, 5]
    assert library.readied == 2  # after the first sync too: the first case written waits for no dictionary


@pytest.mark.usefixtures("quick")
def test_a_glance_at_the_folders_tells_of_a_new_file_before_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.bootstrap.watching.LOOK", 3_600)
    library, bell, synced = FakeLibrary([1, 1, 2], (1, 1, 1, 1, 2)), Bell(), []

    def sync(_: object, __: object) -> None:
        synced.append(library.states[0])
        if len(synced) == 2:
            bell.end()

    watch(lambda: library, bell, sync)  # type: ignore[arg-type, return-value]
    assert synced == [1, 2]


@pytest.mark.usefixtures("quick")
def test_files_that_come_without_end_are_looked_at_for_a_share_of_the_time_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cost, waits, bell = 0.2, list[float](), Bell()
    monkeypatch.setattr("kb.bootstrap.watching._look", lambda library: (library.content_state(), cost))
    monkeypatch.setattr(bell, "wait", lambda seconds: bool(waits.append(seconds) or (len(waits) == 3 and bell.end())))
    watch(lambda: FakeLibrary([1], tuple(range(9))), bell, lambda *_: None)  # type: ignore[arg-type, return-value]
    assert waits == [BREATH * cost] * 3


@pytest.mark.usefixtures("quick")
def test_a_ring_opens_the_library_anew_and_syncs_though_nothing_changed() -> None:
    opened: list[FakeLibrary] = []
    bell, syncs = Bell(), []

    def open_anew() -> FakeLibrary:
        opened.append(FakeLibrary([1]))
        return opened[-1]

    def sync(library: object, _: object) -> None:
        syncs.append(library)
        (bell.ask if len(syncs) == 1 else bell.end)()

    watch(open_anew, bell, sync)  # type: ignore[arg-type]
    assert (syncs, [library.closed for library in opened]) == (opened, [1, 1])
    assert len(opened) == 2


@pytest.mark.usefixtures("quick")
def test_a_broken_folder_is_tried_again_when_it_changes_and_an_unforeseen_fault_ends_the_process() -> None:
    states, faults = FakeLibrary([1, 1, 1, 2, 2, 2]), [BrokenLibrary("坏了。"), OSError(28, "disk full")]

    def sync(_: object, __: object) -> None:
        raise faults.pop(0)

    with pytest.raises(OSError, match="disk full"):
        watch(lambda: states, Bell(), sync)  # type: ignore[arg-type, return-value]
    assert faults == []


class PlainRenderer:
    def render(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        return texts


def test_a_case_taken_in_later_waits_for_neither_dictionary_nor_index_nor_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_library(tmp_path)
    library = open_library(Settings(tmp_path / "content", tmp_path / "data", ROOT / "templates"))
    library.sync(lambda *_: None, PlainRenderer())
    library.get_ready()
    write_case(library, 2, "量子海绵")

    def too_late(*_: object) -> None:
        raise RuntimeError("too late")

    with monkeypatch.context() as patch:
        patch.setattr("search.analysis.analyser.Dictionary", too_late)
        patch.setattr("search.engines.whoosh.engine.Snapshot", too_late)
        patch.setattr("kb.services.sync_library.LibrarySync.report", too_late)
        with pytest.raises(RuntimeError):
            library.sync(lambda *_: None, PlainRenderer())
    status = library.index_status()
    library.close()
    assert (status.documents, status.cases, status.waiting) == (2, 2, 0)


def test_the_times_of_the_folders_tell_of_files_that_come_move_and_go(tmp_path: Path) -> None:
    make_library(tmp_path)
    repository = MarkdownContentRepository(tmp_path / "content", ROOT / "templates")
    new, moved = tmp_path / "content/sources/new.yaml", tmp_path / "content/sources/moved.yaml"
    told = [repository.folder_times()]
    for change in (new.touch, lambda: new.rename(moved), moved.unlink, lambda: shutil.rmtree(new.parent)):
        time.sleep(0.02)  # more than a tick of the clock that stamps folders
        change()
        told.append(repository.folder_times())
    assert len(set(told)) == len(told)


def test_a_change_within_the_same_tick_and_of_the_same_length_is_noticed(tmp_path: Path) -> None:
    make_library(tmp_path)
    repository = MarkdownContentRepository(tmp_path / "content", ROOT / "templates")
    path = tmp_path / "content/cases/000000-2020-01.md"
    before, status = repository.list_files()[0], path.stat()
    path.write_bytes(path.read_bytes().replace("虚构镇".encode(), "虚拟镇".encode()))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert repository.list_files()[0] != before
