"""What every page keeps: well-formed, one h1, a navigation that works, headers, nothing from elsewhere."""

import re
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.web import create_app
from tests.web.conftest import TODAY
from tests.web.guest_pages import PAGES
from tests.web.page import Page


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole_and_asks_nobody_else(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    page = Page(answer.text)
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert page.unclosed == []
    assert len(page.ids) == len(set(page.ids))
    assert [words for level, words in page.headings if level == 1 and words] != []
    assert sum(level == 1 for level, _ in page.headings) == 1
    levels = [level for level, _ in page.headings]
    assert all(after - before <= 1 for before, after in pairwise(levels)), page.headings
    assert not re.search(r"""<script(?![^>]*\bsrc="/static/)|<style|\sstyle=|\son[a-z]+=""", answer.text)
    assert re.findall(r"""(?:src|<link[^>]*href|action)="(?!/)""", answer.text) == []


def is_narrowed(address: str) -> bool:
    """One step of narrowing is enough: the combinations of conditions have no end."""
    parts = urlsplit(address)
    return parts.path == "/find" or (parts.path.startswith("/loop") and parts.query != "")


def test_every_local_link_of_every_page_leads_somewhere(client: FlaskClient) -> None:
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        if answer.status_code == 303:  # a page of the desk, which the help names
            assert answer.headers["Location"].startswith("/sign-in?next="), address
            continue
        assert answer.status_code == 200, address
        seen.add(address)
        if answer.mimetype != "text/html":
            continue
        page = Page(answer.text)
        for _, link in page.links:
            if link.startswith("#"):
                assert link[1:] in page.ids, f"{link} on {address}"
            elif link.startswith("/") and link not in seen and not (is_narrowed(link) and is_narrowed(address)):
                waiting.append(link)
    for page_address in ("/", "/find", "/problems", "/mechanisms", "/template", "/about", "/display"):
        assert page_address in seen
    assert {"/cases/000000-2020-01", "/mechanisms/pair-up/checklist", "/template/case.md"} <= seen


def test_headers_forbid_what_we_do_not_do(client: FlaskClient) -> None:
    for address in ("/", "/nowhere", "/static/page.js", "/favicon.ico"):
        with client.get(address) as answer:
            headers = answer.headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; connect-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'none'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"


def test_pages_are_not_shared_between_readers_and_files_are_kept(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert page.headers["Vary"] == "Cookie"
    style = re.search(r'href="(/static/tokens\.css\?v=[0-9a-f]{10})"', page.text)
    assert style
    with client.get(style[1]) as file:
        assert file.headers["Cache-Control"] == "public, max-age=31536000"


def test_the_navigation_marks_where_one_is(client: FlaskClient) -> None:
    found = re.findall(r'<a href="([^"]*)" aria-current="page">([^<]*)</a>', client.get("/cases/000000-2020-01").text)
    assert set(found) == {("/find", "查案例")}


def test_the_host_header_never_reaches_a_page(library: Library) -> None:
    """Not even where any host is answered to, as by a server that listens to a network."""
    client = create_app(Library(replace(library.settings, host="0.0.0.0"), today=lambda: TODAY)).test_client()
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    for address in PAGES:
        answer = client.get(address, headers=forged)
        assert answer.status_code == 200
        assert "evil.example" not in answer.text + str(answer.headers), address
    for address in ("/find/", "/cases//000000-2020-01", "/cases/000000-2020-01/"):
        answer = client.get(address, headers=forged)
        assert answer.status_code == 404
        assert "evil.example" not in answer.text + str(answer.headers)


def test_an_empty_library_says_on_every_page_what_to_do(empty_library: Library) -> None:
    client = create_app(empty_library).test_client()
    for address in (
        "/",
        "/find",
        "/find?q=软弱涣散",
        "/problems",
        "/problems/P5.1",
        "/mechanisms",
        "/template",
        "/about",
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert Page(answer.text).says("案例库里还没有案例。 请管理员在服务器上运行 kb sync"), address
    assert "案例库里还没有案例" not in client.get("/nowhere").text
