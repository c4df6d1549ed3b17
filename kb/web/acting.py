"""Who is acting in this request, and how a session begins, goes on and ends.

The cookie is signed and holds the account, its epoch and two times, nothing else. An account that was disabled, lost a
role, got a new password or signed out has another epoch or other roles at the next request: nothing is trusted longer.
"""

from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user

from kb.bootstrap import Library
from kb.bootstrap.desk import Desk
from kb.config import Settings
from kb.domain.accounts import GUEST, Actor
from kb.services.account_records import Account, AccountWork

IDLE = 30 * 60
"""Seconds without a request after which a session has ended."""
ABSOLUTE = 10 * 3600
"""Seconds after sign-in when it ends in any case: a working day."""
MAY_STILL = ("password.", "signing_in.", "display.", "static", "assets.")
"""What somebody who must set a new password first can open besides."""


def cookie_settings(settings: Settings) -> dict[str, Any]:
    """Of the session cookie. Over https its name makes browsers refuse one that another host or plain http has set."""
    return {
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
    }


class SignedIn:
    """An account as Flask-Login carries it through a request."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return f"{self.account.number}:{self.account.epoch}"


def register(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # an address may change on the way; the times and the epoch bound a session
    manager.user_loader(_load)
    app.before_request(_keep_session)


def _library() -> Library:
    found = current_app.extensions["library"]
    assert isinstance(found, Library)
    return found


def desk() -> Desk:
    """What is kept of accounts and submissions in the library this application serves."""
    return _library().desk


def source() -> str:
    """The address this request came from, for the audit trail and the count of attempts."""
    return request.remote_addr or ""


def working() -> AbstractContextManager[AccountWork]:
    """A transaction on accounts for this request."""
    return desk().account_work(source())


def looking() -> AbstractContextManager[AccountWork]:
    """The same to read with."""
    return desk().account_work(source(), writes=False)


def account() -> Account | None:
    """The account signed in, None for a guest; raises NotReady when accounts cannot be read."""
    user = current_user._get_current_object() if current_user else None
    return user.account if isinstance(user, SignedIn) else None


def actor() -> Actor:
    """Who makes this request; GUEST without sign-in, and no database is asked then."""
    found = account()
    return found.actor if found else GUEST


def known_actor() -> Actor:
    """The same while a page of failure is made: it must not ask again what may have failed."""
    user = g.get("_login_user")
    return user.account.actor if isinstance(user, SignedIn) else GUEST


def begin_session(found: Account) -> None:
    """Signs in with a new session; whatever the old one held is gone."""
    session.clear()
    login_user(SignedIn(found))
    fill_session(session, found, desk().now().timestamp())


def fill_session(held: MutableMapping[str, Any], found: Account, seconds: float) -> None:
    """What a session of this account holds from its beginning."""
    held.update(_user_id=SignedIn(found).get_id(), _fresh=True, began=seconds, seen=seconds)


def end_session() -> None:
    logout_user()
    session.clear()


def _load(user_id: str) -> SignedIn | None:
    number, _, epoch = user_id.partition(":")
    if not (number.isdecimal() and epoch.isdecimal()) or not _is_in_time(desk().now().timestamp()):
        return None
    with desk().session() as rows:
        found = desk().accounts(rows).get(int(number))
    if found is None or not found.is_active or found.epoch != int(epoch):
        return None
    return SignedIn(found._replace(must_change=True) if _is_expired(found) else found)


def _is_expired(found: Account) -> bool:
    """Whether its password has lasted as long as this library lets one last."""
    days = _library().settings.password_days
    return days > 0 and found.password_set_at < (desk().now() - timedelta(days=days)).isoformat(timespec="seconds")


def _is_in_time(now: float) -> bool:
    """A clock that was set back ends a session too, so that none lasts for ever."""
    began, seen = session.get("began"), session.get("seen")
    if not isinstance(began, int | float) or not isinstance(seen, int | float):
        return False
    return began - 60 <= now <= began + ABSOLUTE and now <= seen + IDLE


def _keep_session() -> ResponseReturnValue | None:
    """Notes that the session is in use, wipes one that has ended, and asks for a new password where one is due."""
    if "_user_id" not in session or request.endpoint == "static":
        return None
    found = account()
    if found is None:
        session.clear()
        return None
    session["seen"] = desk().now().timestamp()
    endpoint = request.endpoint or ""
    if found.must_change and endpoint and not endpoint.startswith(MAY_STILL):
        return redirect(url_for("password.show"), code=303)
    return None
