"""A real library over made-up content, synced once a session; nothing in these tests writes to it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.web import create_app
from tests.web.made_up_folder import write_folder

TODAY = date(2026, 11, 23)


def open_synced(folder: Path, more: dict[str, str] | None = None) -> Library:
    library = Library(write_folder(folder, more), today=lambda: TODAY)
    library.sync(lambda *_: None)
    return library


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_synced(tmp_path_factory.mktemp("made-up"))


@pytest.fixture
def client(library: Library) -> Iterator[FlaskClient]:
    with create_app(library).test_client() as client:
        yield client


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Reference data, but not one case or mechanism."""
    settings = write_folder(tmp_path_factory.mktemp("empty"))
    for path in settings.content_folder.glob("[cm]*/*.md"):
        path.unlink()
    library = Library(settings, today=lambda: TODAY)
    library.sync(lambda *_: None)
    return library
