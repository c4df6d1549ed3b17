"""系统状态: does the library answer, of which day, with how many cases; to those who run it, all that `kb doctor` looks at."""

import threading
import time

from flask import Blueprint, Flask, Response, current_app, make_response, render_template

from kb.bootstrap import Library
from kb.bootstrap.examination import gather_facts
from kb.domain.accounts import Right
from kb.services.examine_library import Facts, examine
from kb.web.acting import actor
from kb.web.reading import library, reading

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
    """What the machine, its disk and its backups are like is told to those alone who may see it (`Right.SEE_STATUS`)."""
    response = make_response(_whole() if actor().may(Right.SEE_STATUS) else _brief())
    response.headers["Cache-Control"] = "no-store"
    return response


def _brief() -> str:
    """Whether it answers, the day of the data, and how many cases the reader sees."""
    return render_template(
        "status/brief.html",
        index_fault=library().index_fault(),
        updated_on=reading().updated_on,
        cases=len(reading().catalogue.case_ids()),
    )


def _whole() -> str:
    """Names of troubles only: paths and commands are for `kb doctor` on the machine itself."""
    look = current_app.extensions["look"]
    assert isinstance(look, Look)
    facts = look.facts()
    return render_template(
        "status/show.html", facts=facts, troubles=examine(facts), index_fault=library().index_fault()
    )
