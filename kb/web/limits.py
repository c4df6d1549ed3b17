"""So many requests from one address: to the API, and by guests for what costs the server a processor or room for good.

Counted in the memory of each serving process: with several of them, up to that many times more get through.
"""

from flask import Blueprint, Flask, current_app, request
from flask_limiter import Limiter
from limits import parse

from kb.errors import AskedTooOften
from kb.web.acting import actor, source

A_MINUTE = 120
"""Requests to the API of one address, behind which a whole office may stand."""
PRINTED = "12 per minute"
"""Files made in a child process (PDF, previews, an office's own layout), by guests of one address."""
BROWSERS = "100 per hour"
"""Browsers of guests of one address that begin to keep something."""
_EXTENSION = "kb.limiter"


def register(app: Flask, blueprint: Blueprint) -> None:
    """On all of the API but its page for people.

    Of the application's configuration: `API_LIMIT` a minute, else A_MINUTE; `PRINTED_LIMIT` and `BROWSER_LIMIT`.
    """
    app.config.setdefault("API_LIMIT", A_MINUTE)
    app.config.setdefault("PRINTED_LIMIT", PRINTED)
    app.config.setdefault("BROWSER_LIMIT", BROWSERS)
    limiter = Limiter(_who, app=app, storage_uri="memory://", headers_enabled=True, strategy="fixed-window")
    limiter.shared_limit(
        lambda: f"{current_app.config['API_LIMIT']} per minute",
        scope="api",
        exempt_when=lambda: request.endpoint == "api.show",
    )(blueprint)
    app.extensions[_EXTENSION] = limiter


def count_printed() -> None:
    """Before a file is made in a child process; raises AskedTooOften for a guest."""
    _count("PRINTED_LIMIT", "生成 PDF 和预览太频繁。", "过一分钟再试；登录以后不限次数。")


def count_browser() -> None:
    """Before another browser of a guest is admitted; raises AskedTooOften."""
    _count("BROWSER_LIMIT", "从你这里新开的亮点篮太多。", "登录以后再选，或者过一小时再试。")


def _count(limit: str, words: str, advice: str) -> None:
    if not actor().is_guest:
        return
    limiter = current_app.extensions[_EXTENSION]
    assert isinstance(limiter, Limiter)
    if not limiter.limiter.hit(parse(current_app.config[limit]), limit, _who()):
        raise AskedTooOften(words, advice=advice)


def _who() -> str:
    return source() or "unknown"
