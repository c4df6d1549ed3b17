"""系统状态: does everything agree, when was the last backup, was a restore tried, how much room is left."""

import threading
import time

from flask import Blueprint, Flask, Response, current_app, make_response, render_template

from kb.bootstrap import Library
from kb.bootstrap.examination import gather_facts
from kb.services.examine_library import Facts, examine
from kb.web.reading import library

FRESH = 60.0
"""Seconds for which one look is shown: it reads every content file and the whole index."""

blueprint = Blueprint("status", __name__, url_prefix="/status")


class Look:
    """The last look at the library, taken anew by one request at a time; the others are shown the one before."""

    def __init__(self, seen: Library) -> None:
        self._library = seen
        self._lock = threading.Lock()
        self._facts: Facts | None = None
        self._taken = 0.0

    def facts(self) -> Facts:
        known = self._facts
        if not self._lock.acquire(blocking=known is None):
            assert known is not None
            return known
        try:
            if self._facts is None or time.monotonic() - self._taken > FRESH:
                self._facts = gather_facts(self._library.settings)
                self._taken = time.monotonic()
            return self._facts
        finally:
            self._lock.release()


def register(app: Flask) -> None:
    app.extensions["look"] = Look(app.extensions["library"])


@blueprint.get("")
def show() -> Response:
    """Names of troubles only: paths and commands are for `kb doctor` on the machine itself."""
    look = current_app.extensions["look"]
    assert isinstance(look, Look)
    facts = look.facts()
    response = make_response(
        render_template("status/show.html", facts=facts, troubles=examine(facts), index_fault=library().index_fault())
    )
    response.headers["Cache-Control"] = "no-store"
    return response
