"""A real Chromium against a real server on this machine: the shipped content, and a made-up one full of hostile text."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from waitress import create_server

from kb.bootstrap import Library
from kb.config import Settings
from kb.web import create_app
from tests.browser.hostile import HOSTILE_FILES
from tests.made_up import ROOT
from tests.web.made_up_folder import write_folder

# Debian's Chromium without a window; the other draws its own frame besides.
CHROMIUM = next(filter(Path.exists, map(Path, ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium"))), None)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # what asks elsewhere is seen and gets nowhere
]  # fmt: skip
TODAY = date(2026, 11, 23)
PATIENCE = 60_000
"""Milliseconds anything is waited for: what does not come fails later, what comes late on a busy machine does not fail."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        words = "no Chromium: install the package `chromium-headless-shell` to run the browser tests"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, timeout=PATIENCE)
        yield browser
        browser.close()


@contextmanager
def serving(library: Library) -> Iterator[str]:
    """The address of a server for `library` on a free port of this machine."""
    server = create_server(create_app(library), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(5)


def open_synced(settings: Settings) -> Library:
    library = Library(settings, today=lambda: TODAY)
    library.sync(lambda *_: None)
    return library


@pytest.fixture(scope="session")
def site(shipped_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The shipped library."""
    data = shutil.copytree(shipped_data, tmp_path_factory.mktemp("shipped") / "data")
    settings = Settings(ROOT / "content", data, ROOT / "templates")
    with serving(Library(settings, today=lambda: TODAY)) as address:
        yield address


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A library whose every field tries to run a script."""
    settings = write_folder(tmp_path_factory.mktemp("hostile"), HOSTILE_FILES)
    with serving(open_synced(settings)) as address:
        yield address


Opener = Callable[..., BrowserContext]


@pytest.fixture
def open_context(chromium: Browser) -> Iterator[Opener]:
    """Opens contexts (a reader with cookies of their own) that are closed at the end of the test."""
    opened: list[BrowserContext] = []

    def opener(
        *, width: int = 1280, size: str = "standard", contrast: str = "normal", site: str = "", **options: object
    ) -> BrowserContext:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        if site:
            context.add_cookies(
                [{"name": "size", "value": size, "url": site}, {"name": "contrast", "value": contrast, "url": site}]
            )
        opened.append(context)
        return context

    yield opener
    for context in opened:
        context.close()
