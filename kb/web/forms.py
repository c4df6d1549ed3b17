"""What every form posted here must bring: a token of this session, and no foreign origin; and how much it may bring."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from flask_wtf.csrf import CSRFProtect

from kb.web.acting import actor

View = TypeVar("View", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")
_csrf = CSRFProtect()
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def without_token(view: View) -> View:
    """For what changes nothing for anybody: such a form may stand on pages that are made once for all guests."""
    _csrf.exempt(view)
    return view


def tokenless_for_guests(view: Callable[P, R]) -> Callable[P, R]:
    """For a form of guests on pages that are made once for all of them: instead of a token the browser says where it stood."""

    @wraps(view)
    def guarded(*args: P.args, **given: P.kwargs) -> R:
        stood_at = request.headers.get("Origin") or request.headers.get("Referer") or ""
        if not (actor().is_guest and _is_ours(stood_at)) and current_app.config["WTF_CSRF_ENABLED"]:
            _csrf.protect()
        return view(*args, **given)

    _csrf.exempt(guarded)
    return guarded


def register(app: Flask, body_limits: dict[str, int]) -> None:
    """`body_limits`: bytes by endpoint, for signed-in users only, where a form carries more than text."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)

    def check_origin() -> None:
        origin = request.headers.get("Origin")
        if request.method not in SAFE and origin is not None and not _is_ours(origin):
            abort(400)

    def allow_body() -> None:
        limit = body_limits.get(request.endpoint or "")
        if limit and request.method == "POST" and not actor().is_guest:
            request.max_content_length = limit

    # Before the token is looked for: that reads the form.
    app.before_request(check_origin)
    app.before_request(allow_body)
    _csrf.init_app(app)


def _is_ours(address: str) -> bool:
    """Whether an address a browser names is of this site; what is no address is not."""
    try:
        return urlsplit(address).netloc == request.host
    except ValueError:
        return False
