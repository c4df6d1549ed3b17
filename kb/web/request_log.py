"""A log line for each request: which page, how long it took, never what was asked."""

import logging
import time

from flask import Flask, Response, g, request

log = logging.getLogger("kb.requests")


def register(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_note)


def _begin() -> None:
    g.began = time.perf_counter()


def _note(response: Response) -> Response:
    # The query string holds what a reader looks for, the body what a reader pasted: neither is ours to keep.
    fields = {
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
    }
    log.info("request", extra={"fields": fields})
    return response
