"""A log line for each request: which page, how long it took, never what was asked."""

import logging
import re
import time

from flask import Flask, Response, g, request

log = logging.getLogger("kb.requests")


SECRET = re.compile(r"(?<=^/setup/)[^/]+|(?<=^/corrections/)(?!new/)[^/]+|(?<=^/wanted/tickets/)[^/]+")
"""What opens something to whoever knows it; told by the path, for an address may fit no route."""


def register(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_note)


def _begin() -> None:
    g.began = time.perf_counter()


def _note(response: Response) -> Response:
    # The query string holds what a reader looks for, the body what a reader pasted: neither is ours to keep.
    fields = {
        "method": request.method,
        "path": path_to_log(),
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
    }
    log.info("request", extra={"fields": fields})
    return response


def path_to_log() -> str:
    """The path of the request, without what is secret in it."""
    return SECRET.sub("…", request.path)
