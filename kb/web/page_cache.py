"""Finished pages, kept in memory for as long as the library does not change, given out before Flask is asked.

A page is kept under its address, the display preferences of the reader and the state of the library (stamp and
generation of the catalogue, day). The state is read anew at every request: with the commit of a sync that removes a
case, no page made before it is given out again. Every page so far is for guests; a request that carries a session, or
the token of a guest who keeps something, passes by, so that what is theirs cannot be forgotten here.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotMadeInTime
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask, Response, g, request
from werkzeug.http import is_resource_modified, parse_cookie
from werkzeug.wrappers import Response as PlainResponse

from kb.bootstrap import Library
from kb.web.keeping import BASKET_COOKIES
from kb.web.preferences import Preferences, read_preferences

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 64 * 1024 * 1024
"""Of pages kept: some 2,500 of them."""
HEAD_BYTES = 2_000
"""What the headers of a page and its place in the cache are taken to need."""
LONGEST_ADDRESS = 4_000
PATIENCE = 20.0
"""Seconds a request waits for the same page to be made by another, before it makes it itself."""
_WHOLE = "kb.whole_pages"
"""Of the environment: a list into which the application writes that its page is whole."""
_OF_A_BODY = {"content-length", "content-type"}
KEPT = frozenset({"text/html", "application/atom+xml"})
"""Kinds of answers that are kept."""


class Page(NamedTuple):
    """A finished answer; `etag` in its quotation marks; `changed` the day it says it was last changed, if it says so."""

    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    changed: str | None

    @property
    def size(self) -> int:
        return len(self.body) + HEAD_BYTES


def register(app: Flask, library: Library) -> None:
    """Puts the cache in front of the application."""
    app.after_request(_mark)
    cache = PageCache(app.wsgi_app, library.state, own_cookies=(app.config["SESSION_COOKIE_NAME"], *BASKET_COOKIES))
    app.wsgi_app = cache  # type: ignore[method-assign]


def make_anew() -> None:
    """Has the page of this request made again each time it is asked for, because that is counted."""
    g.is_made_anew = True


def _mark(response: Response) -> Response:
    """Says in the environment that this page is whole: nothing of it was left out."""
    now = g.get("reading")
    is_page = response.status_code == 200 and response.mimetype in KEPT and not response.is_streamed
    if is_page and now is not None and now.is_whole and not g.get("is_made_anew", False):
        request.environ.get(_WHOLE, []).append(True)
    return response


class PageCache:
    """A WSGI application before another. Least recently used pages go first; one request makes a page for all who wait."""

    def __init__(
        self,
        app: "WSGIApplication",
        state: Callable[[], Hashable | None],
        *,
        own_cookies: Iterable[str] = ("session",),
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._app = app
        self._state = state
        self._own_cookies = frozenset(own_cookies)
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._kept_for: Hashable | None = None
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._making: dict[Hashable, Future[Page | None]] = {}
        self.bytes = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        address = self._address(environ)
        state = self._state() if address is not None else None
        if state is None:
            return self._app(environ, start_response)
        page, making, is_mine = self._look_up(state, address)
        if page is None and is_mine:
            return self._make(environ, start_response, state, address, making)
        if page is None:
            page = _waited_for(making)
        return _answer(page, environ, start_response) if page else self._app(environ, start_response)

    def _address(self, environ: "WSGIEnvironment") -> Hashable | None:
        """What tells one page from another, besides the state of the library; None for what is never kept."""
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        if environ["REQUEST_METHOD"] != "GET" or len(path) + len(query) > LONGEST_ADDRESS:
            return None
        if "HTTP_AUTHORIZATION" in environ or path.startswith("/static/"):
            return None
        preferences = Preferences()
        if "HTTP_COOKIE" in environ:
            cookies = parse_cookie(environ)
            if not self._own_cookies.isdisjoint(cookies):
                return None
            preferences = read_preferences(cookies)
        return environ.get("SCRIPT_NAME", ""), path, query, preferences

    def _look_up(self, state: Hashable, address: Hashable) -> tuple[Page | None, Future[Page | None], bool]:
        """The page; without one, what will hold it and whether the caller is to make it."""
        with self._lock:
            if state != self._kept_for:
                self._pages.clear()
                self.bytes, self._kept_for = 0, state
            page = self._pages.get(address)
            if page is not None:
                self._pages.move_to_end(address)
            making = self._making.get((state, address))
            is_mine = page is None and making is None
            if making is None:
                making = Future()
            if is_mine:
                self._making[state, address] = making
            return page, making, is_mine

    def _make(
        self,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        state: Hashable,
        address: Hashable,
        making: "Future[Page | None]",
    ) -> Iterable[bytes]:
        page = None
        try:
            whole: list[bool] = []
            response = PlainResponse.from_app(self._app, {**environ, _WHOLE: whole}, buffered=True)
            # What changed meanwhile may have gone into the page: it is given to this reader, and not kept.
            if whole and _is_for_all(response) and self._state() == state:
                page = _page_of(response)
                self._keep(state, address, page)
        finally:
            with self._lock:
                self._making.pop((state, address), None)
            making.set_result(page)
        return _answer(page, environ, start_response) if page else response(environ, start_response)

    def _keep(self, state: Hashable, address: Hashable, page: Page) -> None:
        with self._lock:
            if state != self._kept_for or page.size > self._most_bytes:
                return
            self._pages[address] = page
            self.bytes += page.size
            while self.bytes > self._most_bytes:
                self.bytes -= self._pages.popitem(last=False)[1].size


def _waited_for(making: "Future[Page | None]") -> Page | None:
    try:
        return making.result(PATIENCE)
    except NotMadeInTime:
        return None


def _is_for_all(response: PlainResponse) -> bool:
    """Asked of the finished answer: the session writes its cookie after everything else."""
    return "Set-Cookie" not in response.headers and "no-store" not in response.headers.get("Cache-Control", "")


def _page_of(response: PlainResponse) -> Page:
    body = response.get_data()
    if "ETag" not in response.headers:
        response.headers["ETag"] = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    etag = response.headers["ETag"]
    return Page(response.headers.to_wsgi_list(), body, etag, response.headers.get("Last-Modified"))


def _answer(page: Page, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """The page, or word that the reader's own copy is still right."""
    if not is_resource_modified(environ, page.etag.strip('"'), last_modified=page.changed):
        start_response("304 NOT MODIFIED", [head for head in page.headers if head[0].lower() not in _OF_A_BODY])
        return []
    start_response("200 OK", list(page.headers))
    return [page.body]
