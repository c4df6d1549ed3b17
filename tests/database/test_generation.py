"""The state of the catalogue, read at every request: never behind a commit, never of a file that is gone."""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from kb.database.catalogue import SqlCatalogue, open_database, read_stamps
from kb.database.generation import GenerationReader
from kb.services.build_records import restore_case, restore_mechanism
from tests.made_up import REFERENCE


def commit(engine: Engine, stamp: str) -> None:
    with Session(engine) as session:
        catalogue = SqlCatalogue(
            session,
            lambda plain: restore_case(plain, REFERENCE),
            lambda plain: restore_mechanism(plain, REFERENCE),
        )
        catalogue.clear(stamp)
        catalogue.next_generation()
        catalogue.commit()


def replace(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def test_every_commit_is_another_state(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    engine, reader = open_database(path), GenerationReader(path)
    assert reader.read() is None  # tables without rows
    seen = [reader.read() for _ in range(20) if commit(engine, "甲") is None]
    assert len(set(seen)) == 20 and reader.read() == seen[-1]
    reader.close()
    engine.dispose()


def test_a_missing_or_broken_file_has_no_state_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    reader = GenerationReader(path)
    assert (reader.read(), path.exists()) == (None, False)
    path.write_bytes(b"no catalogue" * 1_000)
    assert reader.read() is None
    reader.close()


def test_a_file_made_anew_does_not_live_on_in_old_connections(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    engine, reader = open_database(path), GenerationReader(path)
    commit(engine, "旧")
    assert dict(reader.read() or ())["content"] == "旧"
    replace(path)
    other = open_database(path)
    commit(other, "新")
    assert dict(reader.read() or ())["content"] == "新"
    with Session(engine) as session:
        assert read_stamps(session)["content"] == "新"
    reader.close()
    for one in (engine, other):
        one.dispose()
