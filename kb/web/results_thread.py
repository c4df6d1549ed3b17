"""Pages of results are made in one thread of the process, in the order in which they were asked for.

Arrays let go of the interpreter's lock at every step. Threads that take it from one another between two cores need up to
twice the processor time for the same page (docs/benchmarks.md); all other pages keep the threads of the server.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from flask import Flask

from kb.web.find import blueprint

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class ResultsThread:
    """A WSGI application before another, for pages that come whole: nothing of them is made while it is sent."""

    def __init__(self, app: "WSGIApplication", path: str) -> None:
        self._app = app
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="results")

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") != self._path:
            return self._app(environ, start_response)
        return self._thread.submit(self._app, environ, start_response).result()


def register(app: Flask) -> None:
    app.wsgi_app = ResultsThread(app.wsgi_app, str(blueprint.url_prefix))  # type: ignore[method-assign]
