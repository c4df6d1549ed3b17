"""What somebody keeps here besides drafts: basket, favourites, pieces, of an account or of a guest's browser.

A guest's browser carries a random token in a cookie of its own, set when something is first kept and not before; the
database holds its hash alone. Flask's session would not do: it ends with the browser's window and at sign-in.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from kb.errors import NotReady
from kb.services.follow_sources import Sources
from kb.services.keep_basket import UNUSED_DAYS, Basket, admit_browser
from kb.services.write_piece import PieceWriter
from kb.web.acting import actor, desk, source
from kb.web.limits import count_browser
from kb.web.reading import library, reading, today

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Kept(NamedTuple):
    """The basket and the pieces of whoever makes this request."""

    basket: Basket
    pieces: PieceWriter


BASKET_COOKIES = ("basket", "__Host-basket")
"""By http and by https. Whoever carries one has pages of their own: what is kept shows on them."""


def register(app: Flask) -> None:
    app.after_request(_give_token)


def owner() -> str:
    """Whose things this request sees, "" for a guest who keeps nothing yet."""
    return browser() if actor().is_guest else f"account:{actor().number}"


def browser() -> str:
    """The owner a guest is by the cookie of this browser, "" without one; signed in or not."""
    token = request.cookies.get(_cookie_name(), "")
    return f"browser:{_hash(token)}" if _TOKEN.fullmatch(token) else ""


@contextmanager
def looking_before_signing_in() -> Iterator[Basket | None]:
    """The basket this browser kept as a guest, for whoever is signed in; None for a guest and where there is none."""
    giver = "" if actor().is_guest else browser()
    if not giver or not library().reviewing.has_kept:
        yield None
        return
    with desk().session() as session:
        yield _kept(session, giver).basket


@contextmanager
def looking() -> Iterator[Kept | None]:
    """To read; None for who keeps nothing. A guest's things are kept on for as long as they are looked at."""
    found = owner()
    if not found or not library().reviewing.has_kept:
        yield None
        return
    with desk().session() as session:
        last = desk().browsers(session).used_on(found.removeprefix("browser:")) if actor().is_guest else ""
        yield _kept(session, found)
    if last and last < today().isoformat():
        with suppress(NotReady), desk().writing() as session:  # a page to read does not fail because of it
            desk().browsers(session).note_use(found.removeprefix("browser:"), today().isoformat())


@contextmanager
def keeping() -> Iterator[Kept]:
    """To change; committed when the block ends well. Nothing slow belongs inside."""
    reading()  # may wait for files; the lock must not
    found, token = owner(), ""
    with desk().writing() as session:
        if actor().is_guest and not _is_known(session, found):
            count_browser()
            token = secrets.token_urlsafe(32)
            found = f"browser:{_hash(token)}"
            admit_browser(desk().browsers(session), _hash(token), today())
        yield _kept(session, found)
    if token:  # not for what was rolled back
        g.new_browser_token = token


def favourites_here() -> frozenset[tuple[str, str]]:
    """Kind and subject of what this request's reader keeps as 收藏; none while they cannot be read, and the page is read on."""
    try:
        with looking() as kept:
            return frozenset((one.kind, one.subject) for one in kept.basket.favourites()) if kept else frozenset()
    except NotReady:
        return frozenset()


def sources_of(ids: Iterable[str]) -> Sources:
    """These cases as this reader sees them now, with the number of their revision."""
    wanted = list(ids)
    return Sources(wanted, reading().catalogue, desk().revision_numbers(wanted))


def _is_known(session: Session, found: str) -> bool:
    """Whether this browser keeps something already; its use is noted."""
    browsers, token_hash, day = desk().browsers(session), found.removeprefix("browser:"), today().isoformat()
    if not browsers.used_on(token_hash):
        return False
    browsers.note_use(token_hash, day)
    return True


def _kept(session: Session, found: str) -> Kept:
    trail = desk().audit(session, source())
    return Kept(
        Basket(desk().baskets(session), found, now=desk().now, today=today()),
        PieceWriter(desk().pieces(session), trail, actor(), found, now=desk().now),
    )


def _give_token(response: Response) -> Response:
    token = g.pop("new_browser_token", None)
    if token:
        is_https = bool(current_app.config["SESSION_COOKIE_SECURE"])
        age = UNUSED_DAYS * 24 * 3600
        response.set_cookie(_cookie_name(), token, max_age=age, httponly=True, samesite="Lax", secure=is_https)
    return response


def _cookie_name() -> str:
    return BASKET_COOKIES[bool(current_app.config["SESSION_COOKIE_SECURE"])]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
