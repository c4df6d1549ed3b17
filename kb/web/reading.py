"""The library as one request sees it: opened when first asked for, closed when the request is over."""

from collections.abc import Set
from contextlib import ExitStack
from datetime import date

from flask import current_app, g

from kb.bootstrap import Library, Reading
from kb.domain.accounts import GUEST
from kb.web.acting import actor


def library() -> Library:
    """The library this application serves."""
    found = current_app.extensions["library"]
    assert isinstance(found, Library)
    return found


def reading() -> Reading:
    """This request's view of it, the same one each time; raises NotReady when the catalogue cannot be read."""
    found = g.get("reading")
    return found if isinstance(found, Reading) else _opened(actor().sees)


def public_reading() -> Reading:
    """The same as a guest sees it, whoever is signed in: for what is read without a session. To be asked for first."""
    assert "reading" not in g
    return _opened(GUEST.sees)


def _opened(sees: Set[str]) -> Reading:
    stack = ExitStack()
    found = g.reading = stack.enter_context(library().reading(sees))
    g.reading_stack = stack
    return found


def today() -> date:
    """The library's day, which tests may set."""
    return library().today()


def close_reading(_: BaseException | None) -> None:
    """Ends the session of the request, if one was opened."""
    stack = g.pop("reading_stack", None)
    if stack is not None:
        stack.close()
