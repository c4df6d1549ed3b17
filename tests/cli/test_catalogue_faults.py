"""A catalogue that is damaged, of another version, locked; files that change while they are read; a clock that jumps."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from kb.bootstrap import Library, open_library
from kb.bootstrap.backups import back_up_dated
from kb.bootstrap.examination import gather_facts
from kb.config import Settings, load_settings
from kb.database import catalogue
from kb.errors import NotReady
from kb.repository.content_folder import MarkdownContentRepository
from kb.services.examine_library import examine
from kb.services.find_cases import Question
from tests.cli.own_library import make_own_library
from tests.made_up import CASE


def quiet(*_: object) -> None:
    pass


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load_settings({"KB_LIBRARY": str(make_own_library(tmp_path / "own"))})
    library = open_library(settings)
    library.sync(quiet)
    library.close()
    return settings


def found(library: Library, text: str = "支部不开会") -> list[str]:
    with library.reading() as reading:
        return [hit.card.id for hit in reading.finder.find(Question(text)).hits]


def scribble_a_page(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8192:12288] = b"\xa5" * 4096
    path.write_bytes(bytes(data))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


def older_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 0")


def newer_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 9999")
        connection.execute("ALTER TABLE case_record RENAME TO case_of_tomorrow")


def lost_write_ahead_file(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@pytest.mark.parametrize(
    "damage", [scribble_a_page, cut, older_version, newer_version, lost_write_ahead_file, Path.unlink]
)
def test_a_catalogue_that_cannot_serve_is_made_anew_by_a_sync(
    settings: Settings, damage: Callable[[Path], None]
) -> None:
    """Row 38: it holds nothing of its own, so it is rebuilt rather than restored."""
    damage(settings.data_folder / "catalogue.sqlite3")
    library = open_library(settings)
    library.sync(quiet)
    assert (found(library), library.verify_index()) == (["000000-2020-01"], [])
    library.close()


def test_a_locked_catalogue_is_read_and_the_writer_is_told_to_wait(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "WAIT_MS", 300)
    library = open_library(settings)
    (settings.content_folder / "cases/000000-2020-01.md").write_text(CASE + "\n又一段。\n", encoding="utf-8")
    with closing(sqlite3.connect(settings.data_folder / "catalogue.sqlite3", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotReady, match="正被另一个程序占用"):
            library.sync(quiet)
        assert found(library) == ["000000-2020-01"]
        holder.execute("ROLLBACK")
    assert library.sync(quiet).read == 1
    library.close()


@pytest.mark.parametrize("change", ["edited", "deleted"])
def test_a_file_that_changes_while_it_is_taken_in_is_right_after_the_next_sync(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Row 40: between the look at the folder and the reading of the file an editor saves, or removes it."""
    path = settings.content_folder / "cases/000000-2020-01.md"
    path.write_text(CASE.replace("结对办法写进制度", "结对办法写成制度"), encoding="utf-8")
    real = MarkdownContentRepository.read

    def read(self: MarkdownContentRepository, name: str) -> object:
        if name.startswith("cases/"):
            if change == "deleted":
                path.unlink(missing_ok=True)
            else:
                path.write_text(CASE.replace("结对办法写进制度", "联系人每月到场记录"), encoding="utf-8")
        return real(self, name)

    library = open_library(settings)
    with monkeypatch.context() as patch:
        patch.setattr(MarkdownContentRepository, "read", read)
        report = library.sync(quiet)
    if change == "deleted":
        assert [finding.message for finding in report.findings] == ["文件打不开：文件不在了。"]
    library.sync(quiet)
    with library.reading() as reading:
        entry = reading.catalogue.find_case("000000-2020-01")
        assert (entry.case.forming if entry else None) == (
            None if change == "deleted" else "联系人每月到场记录，每个支部有固定的联系人，每月一次，记录备查。"
        )
    assert library.sync(quiet).read == 0
    library.close()


def test_a_clock_that_jumps_loses_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 41: a year back, a year ahead, one second back: every edit is seen, no number comes twice, no lock stays."""
    real, states = time.time, []
    today = date(2026, 11, 25)
    for number, jump in enumerate((0.0, -365 * 86400.0, 365 * 86400.0, -1.0, 3600.0)):
        monkeypatch.setattr(time, "time", lambda jump=jump: real() + jump)
        day = date.fromordinal(today.toordinal() + int(jump // 86400))
        library = Library(settings, today=lambda day=day: day)
        word = "甲乙丙丁戊"[number] * 2
        text = CASE.replace("结对办法写进制度", f"结对办法写进制度{word}")
        (settings.content_folder / "cases/000000-2020-01.md").write_text(text, encoding="utf-8")
        assert library.sync(quiet).read == 1
        with library.reading() as reading:
            entry = reading.catalogue.find_case("000000-2020-01")
            assert entry is not None and word in entry.case.forming
            states.append(reading.catalogue.generation())
        assert library.verify_index() == []
        library.close()
    assert states == sorted(set(states))


def test_a_backup_made_while_the_clock_was_back_is_not_the_one_that_goes(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    ahead = [place / f"kb-backup-2099010{n}T000000Z.zip" for n in (1, 2, 3)]
    for path in ahead:
        path.write_bytes(b"x")
    target, _ = back_up_dated(settings, place, keep=2)
    assert set(place.iterdir()) == {target, ahead[2]}
    facts = gather_facts(settings)
    assert "备份太旧" not in {trouble.name for trouble in examine(facts)}
