"""催报 of one library: reminders given and messages mailed, by `kb remind` or by a thread of the server once a day."""

import logging
import threading
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

from filelock import FileLock, Timeout

from kb.bootstrap.library import Library
from kb.bootstrap.mailing import SmtpMailer
from kb.database.calendar import SqlCalendar
from kb.database.faults import explain
from kb.database.messages import SqlMessages, SqlPeople
from kb.errors import KbError, NotReady
from kb.services.remind import DueCase, Given, find_due, give_due
from kb.services.send_mail import Sent, send_waiting

PAUSE = 600.0
"""Seconds between two looks of the server: mail that waits goes out, and once a day what is due is reminded of."""
_log = logging.getLogger(__name__)


class Reminded(NamedTuple):
    """What one run did: the reminders given now, and the letters; `mail` None where no server is set."""

    given: tuple[Given, ...]
    mail: Sent | None


def remind(library: Library) -> Reminded:
    """Gives what is due and was not given yet, then mails what waits; raises NotReady while another one does so."""
    desk = library.desk
    try:
        desk.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(desk.path.with_name("remind.lock"), timeout=0):
            return Reminded(_give(library), _mail(library))
    except Timeout as error:
        raise NotReady("另一次催报正在进行。", advice="等它结束后再试。") from error
    except OSError as error:
        raise explain(error, desk.path) from error


def _give(library: Library) -> tuple[Given, ...]:
    desk, now = library.desk, library.desk.now()
    rows, titles = library.dated((now.date() + timedelta(days=1)).isoformat())
    cases = [DueCase(*row) for row in rows]
    with desk.session() as session:
        due = find_due(SqlCalendar(session), SqlPeople(session), cases, now, lambda name: titles.get(name, name))
    with desk.writing() as session:
        return give_due(due, SqlMessages(session), desk.audit(session, "kb remind"), now.isoformat(timespec="seconds"))


def _mail(library: Library) -> Sent | None:
    server = library.settings.smtp
    if server is None:
        return None
    mailer = SmtpMailer(server, library.settings.address)
    try:
        sent = send_waiting(
            library.asking.mailbox, lambda: library.asking.mailbox(writes=True), mailer, library.desk.now
        )
    except NotReady as error:
        sent = Sent(0, 0, error.message)
    if sent.reason:
        _log.error("mail: %s sent, %s not: %s", sent.sent, sent.failed, sent.reason)
    return sent


class DailyReminding:
    """A thread that reminds once a day and mails what waits, until it is stopped; no fault of it stops the server."""

    def __init__(self, library: Library, *, pause: float = PAUSE) -> None:
        self._library = library
        self._pause = pause
        self._ends = threading.Event()
        self._reminded_on: date | None = None
        self._thread = threading.Thread(target=self._run, name="remind-daily", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ends.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._ends.is_set():
            try:
                self._look()
            except KbError as error:  # tried again after the pause
                _log.warning("reminders: %s", error.message)
            except Exception as error:  # nobody waits for this thread
                _log.error("reminders: %s", error, exc_info=error)
            self._ends.wait(self._pause)

    def _look(self) -> None:
        if not self._library.asking.has_kept:
            return
        today = self._library.desk.now().date()
        if today != self._reminded_on:
            remind(self._library)
            self._reminded_on = today
        elif self._library.settings.smtp:
            with suppress(Timeout), FileLock(self._library.desk.path.with_name("remind.lock"), timeout=0):
                _mail(self._library)


def remind_daily(library: Library, *, pause: float = PAUSE) -> DailyReminding:
    """Starts the thread; its `stop` ends it."""
    daily = DailyReminding(library, pause=pause)
    daily.start()
    return daily
