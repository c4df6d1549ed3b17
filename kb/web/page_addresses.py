"""Addresses of pages for templates: short ones are built once, for a page of results has 80 and building them took a 20th of it."""

from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for

MOST_KEPT, LONGEST = 20_000, 60
"""Addresses kept, and characters of the value of one; those with more than one value are of one question only."""


def register(app: Flask) -> None:
    app.jinja_env.globals["url_for"] = page_address


def page_address(endpoint: str, **values: Any) -> str:
    """As `flask.url_for` inside a request, for whole names of views and without a host."""
    if len(values) > 1:
        return url_for(endpoint, **values)
    for name, value in values.items():
        if isinstance(value, str) and len(value) <= LONGEST:
            return _built(request.script_root, endpoint, name, value)
        return url_for(endpoint, **values)
    return _built(request.script_root, endpoint, "", "")


@lru_cache(maxsize=MOST_KEPT)
def _built(_: str, endpoint: str, name: str, value: str) -> str:
    """The folder the application is served under is all that a request adds, and stands in the key."""
    values: dict[str, Any] = {name: value} if name else {}
    return url_for(endpoint, **values)
