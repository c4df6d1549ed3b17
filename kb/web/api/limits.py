"""So many requests a minute from one address.

Counted in the memory of each serving process: with several of them, up to that many times more get through.
"""

from flask import Blueprint, Flask, current_app, request
from flask_limiter import Limiter

A_MINUTE = 120
"""Requests of one address, behind which a whole office may stand."""


def register(app: Flask, blueprint: Blueprint) -> None:
    """On all of the blueprint but its page for people; `API_LIMIT` of the application's configuration, else A_MINUTE."""
    app.config.setdefault("API_LIMIT", A_MINUTE)
    limiter = Limiter(_who, app=app, storage_uri="memory://", headers_enabled=True, strategy="fixed-window")
    limiter.shared_limit(
        lambda: f"{current_app.config['API_LIMIT']} per minute",
        scope="api",
        exempt_when=lambda: request.endpoint == "api.show",
    )(blueprint)


def _who() -> str:
    return request.remote_addr or "unknown"
