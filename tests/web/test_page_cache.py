"""Kept pages: the same page, once for all who ask, never past a change, never another reader's, bounded."""

import re
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import Client

from kb.bootstrap import Library
from kb.database.kept_tables import Kept
from kb.database.migrations.versions.r0009_promotion import COUNTED
from kb.services.find_cases import BY_TITLE
from kb.web import create_app
from kb.web.page_cache import HEAD_BYTES, PageCache
from tests.web.conftest import TODAY
from tests.web.guest_pages import PAGES
from tests.web.made_up_folder import write_folder
from tests.web.signed_in import open_app

FIND = "/find?q=支部"
CASE = "/cases/000000-2020-01"


@pytest.fixture
def own(tmp_path: Path) -> Library:
    library = Library(write_folder(tmp_path), today=lambda: TODAY, heals_itself=False)
    library.sync(lambda *_: None)
    return library


class CountedApp:
    """A made-up application: each page says how many were made before it."""

    def __init__(
        self, *, is_whole: bool = True, seconds: float = 0.0, size: int = 10, header: tuple[str, str] | None = None
    ) -> None:
        self.made: list[str] = []
        self._headers = [header] if header else []
        self._is_whole, self._seconds, self._size = is_whole, seconds, size
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._lock:
            self.made.append(environ["PATH_INFO"])
            number = len(self.made)
        time.sleep(self._seconds)
        if self._is_whole:
            environ.get("kb.whole_pages", []).append(True)
        start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(self._size)), *self._headers])
        return [str(number).encode().ljust(self._size)]


def test_a_kept_page_is_the_page_with_the_same_headers(own: Library) -> None:
    kept, fresh = create_app(own).test_client(), create_app(own)
    fresh.wsgi_app = fresh.wsgi_app._app  # type: ignore[method-assign, attr-defined]
    for address in ("/", CASE, "/problems", "/about", "/display"):
        kept.get(address)
        second, plain = kept.get(address), fresh.test_client().get(address)
        headers = dict(second.headers)
        assert headers.pop("ETag").startswith('"')
        assert (second.status, second.data, headers) == (plain.status, plain.data, dict(plain.headers)), address


def test_a_page_is_made_once_until_the_library_changes(own: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    client, made = create_app(own).test_client(), []
    reading = own.reading
    monkeypatch.setattr(own, "reading", lambda *sees: made.append(1) or reading(*sees))
    for _ in range(3):
        client.get(FIND)
    assert len(made) == 1
    path = own.settings.content_folder / "cases/000000-2020-01.md"
    path.write_text(path.read_text(encoding="utf-8").replace("虚构镇用结对", "虚构镇改用结对"), encoding="utf-8")
    own.sync(lambda *_: None)
    assert "虚构镇改用" in client.get(FIND).text.replace("<mark>", "").replace("</mark>", "")
    assert len(made) == 2


def test_a_removed_case_is_gone_from_every_page_with_the_commit(own: Library) -> None:
    client = create_app(own).test_client()
    addresses = ("/", FIND, "/find", "/problems/P5.1", "/mechanisms/pair-up", CASE)
    assert all("000000-2020-01" in client.get(address).text for address in addresses)
    (own.settings.content_folder / "cases/000000-2020-01.md").unlink()
    # Another process takes it out, and is killed before the index follows.
    other = Library(own.settings, today=lambda: TODAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(other, "_index", lambda *_, **__: 0)
        other.sync(lambda *_: None)
    shown = {address: client.get(address) for address in addresses}
    assert [address for address, page in shown.items() if CASE in page.text and address != CASE] == []
    assert shown[CASE].status_code == 404


def test_preferences_never_reach_another_reader(own: Library) -> None:
    app = create_app(own)
    pages = {}
    for size, contrast in (("standard", "normal"), ("largest", "normal"), ("standard", "high")):
        for _ in range(2):
            client = app.test_client()
            client.set_cookie("size", size)
            client.set_cookie("contrast", contrast)
            pages[size, contrast] = client.get(FIND).text
    assert [f'class="size-{size} contrast-{contrast}"' in page for (size, contrast), page in pages.items()] == [
        True
    ] * 3
    assert app.test_client().get(FIND).text == pages["standard", "normal"]


def test_a_reader_who_has_the_page_is_told_so(own: Library) -> None:
    client = create_app(own).test_client()
    etag = client.get(CASE).headers["ETag"]
    again = client.get(CASE, headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert "Content-Security-Policy" in again.headers
    assert client.get(CASE, headers={"If-None-Match": '"another"'}).status_code == 200


def test_what_is_not_a_whole_page_is_not_kept(own: Library) -> None:
    client = create_app(own).test_client()
    for address in ("/cases/000000-1999-99", "/find/suggest?q=支"):
        assert "ETag" not in client.get(address).headers, address
    codes = {client.get("/nowhere").text for _ in range(2)}
    assert len(codes) == 2  # each failure has a code of its own


@pytest.mark.parametrize("address", ["/sign-in", "/corrections/new/000000-2020-01"])
def test_a_form_with_a_token_is_made_for_one_reader_alone(library: Library, address: str) -> None:
    app = create_app(library)
    answers = [app.test_client().get(address) for _ in range(2)]
    tokens = {found for answer in answers for found in re.findall(r'name="csrf_token" value="([^"]+)"', answer.text)}
    cookies = {answer.headers["Set-Cookie"] for answer in answers}
    assert (len(tokens), len(cookies)) == (2, 2)
    assert [answer.headers.get("ETag") for answer in answers] == [None, None]


def test_a_kept_page_is_made_of_nothing_of_the_kept_database_but_what_its_state_tells(own: Library) -> None:
    """A change of other tables would not be seen on it."""
    app = open_app(own)
    ticket = app.test_client().post("/corrections/new/000000-2020-01", data={"text": "不对。"}).headers["Location"]
    asked: set[str] = set()

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.update(re.findall(r"(?:FROM|JOIN) (\w+)", statement))

    kept = {}
    event.listen(own.desk.engine, "before_cursor_execute", note)
    for address in (*PAGES, "/feeds/cases.atom", "/sign-in", "/submit", ticket):
        asked.clear()
        if "ETag" in app.test_client().get(address).headers:
            kept[address] = asked & Kept.metadata.tables.keys() - {*COUNTED, "promotion_state"}  # the state itself
    event.remove(own.desk.engine, "before_cursor_execute", note)
    assert ticket not in kept
    assert {address: tables for address, tables in kept.items() if tables} == {}


def test_a_page_by_title_is_not_kept(tmp_path: Path) -> None:
    settings = write_folder(tmp_path)
    Library(settings, today=lambda: TODAY).sync(lambda *_: None)
    segments = list((settings.data_folder / "index").glob("g-*/*.seg"))
    whole = {path: path.read_bytes() for path in segments}
    for path in segments:
        path.write_bytes(b"")
    library = Library(settings, today=lambda: TODAY, heals_itself=True)
    assert library._background is not None
    library._background.ask = lambda reason: False  # type: ignore[method-assign]
    client = create_app(library).test_client()
    assert BY_TITLE in client.get("/find?q=支部开起会来").text
    assert "ETag" not in client.get(CASE).headers  # no similar cases could be found
    for path, data in whole.items():
        path.write_bytes(data)
    current = settings.data_folder / "index/CURRENT"
    current.write_bytes(current.read_bytes())  # another version, so the engine looks again
    assert BY_TITLE not in client.get("/find?q=支部开起会来").text


@pytest.mark.parametrize(
    "request_", [{"method": "POST"}, {"method": "HEAD"}, {"headers": {"Cookie": "session=x"}},
                 {"headers": {"Authorization": "Bearer x"}}, {"query_string": "q=" + "a" * 5_000}],
)  # fmt: skip
def test_other_requests_pass_by(request_: dict[str, Any]) -> None:
    app = CountedApp()
    client = Client(PageCache(app, lambda: 1), use_cookies=False)
    for _ in range(2):
        client.open("/find", **request_)
    assert app.made == ["/find"] * 2


@pytest.mark.parametrize("header", [("Set-Cookie", "session=x"), ("Cache-Control", "no-store")])
def test_what_is_said_to_one_reader_is_not_kept(header: tuple[str, str]) -> None:
    client = Client(PageCache(CountedApp(header=header), lambda: 1), use_cookies=False)
    assert [client.get("/").data.strip() for _ in range(2)] == [b"1", b"2"]


def test_nothing_is_kept_while_the_state_cannot_be_read() -> None:
    app = CountedApp()
    client = Client(PageCache(app, lambda: None))
    assert [client.get("/").data.strip() for _ in range(2)] == [b"1", b"2"]


def test_a_page_made_while_the_library_changed_is_not_kept() -> None:
    states = iter([1, 2, 2, 2, 2])
    app = CountedApp()
    client = Client(PageCache(app, lambda: next(states)))
    assert [client.get("/").data.strip() for _ in range(3)] == [b"1", b"2", b"2"]


def test_many_askers_at_once_cost_one_page() -> None:
    app = CountedApp(seconds=0.2)
    cache = PageCache(app, lambda: 1)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: Client(cache).get("/").data.strip(), range(32)))
    assert (app.made, set(found)) == (["/"], {b"1"})


def test_who_waited_for_a_page_that_is_not_kept_makes_its_own() -> None:
    app = CountedApp(is_whole=False, seconds=0.1)
    cache = PageCache(app, lambda: 1)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: Client(cache).get("/").data.strip(), range(4)))
    assert set(found) == {b"1", b"2", b"3", b"4"}


def test_a_page_that_fails_is_not_waited_for() -> None:
    def fail(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise ValueError("x")

    client = Client(PageCache(fail, lambda: 1))
    for _ in range(2):
        with pytest.raises(ValueError):
            client.get("/")


def test_the_bytes_are_bounded_and_the_least_recently_used_page_goes_first() -> None:
    app = CountedApp(size=1_000)
    cache = PageCache(app, lambda: 1, most_bytes=2 * (1_000 + HEAD_BYTES))
    client = Client(cache)
    for path in ("/a", "/b", "/a", "/c", "/a", "/b"):
        client.get(path)
    assert app.made == ["/a", "/b", "/c", "/b"]
    assert cache.bytes == 2 * (1_000 + HEAD_BYTES)
    huge = PageCache(CountedApp(size=10_000), lambda: 1, most_bytes=9_000)
    Client(huge).get("/")
    assert huge.bytes == 0


def test_one_setting_switches_it_off(tmp_path: Path) -> None:
    library = Library(replace(write_folder(tmp_path), keeps_results=False), today=lambda: TODAY)
    library.sync(lambda *_: None)
    client: FlaskClient = create_app(library).test_client()
    assert [client.get("/").headers.get("ETag") for _ in range(2)] == [None, None]
