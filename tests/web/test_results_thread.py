"""Pages of results are made in one thread, all others in that of the request."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import current_thread
from typing import Any

import pytest
from werkzeug.test import Client

from kb.web.results_thread import ResultsThread


def say_thread(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if environ["QUERY_STRING"] == "broken":
        raise ValueError("broken")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [current_thread().name.encode()]


def test_one_thread_makes_all_pages_of_results_and_no_others() -> None:
    app = ResultsThread(say_thread, "/find")

    def ask(path: str) -> str:
        return Client(app).get(path).text

    with ThreadPoolExecutor(4, thread_name_prefix="request") as requests:
        results = set(requests.map(ask, ["/find", "/find?q=1"] * 50))
        others = set(requests.map(ask, ["/find/list.docx", "/", "/find/"] * 50))
    assert results == {"results_0"}
    assert {name.partition("_")[0] for name in others} == {"request"}


def test_what_a_page_raises_reaches_the_one_who_asked_and_the_next_page_is_made() -> None:
    app = ResultsThread(say_thread, "/find")
    with pytest.raises(ValueError, match="broken"):
        Client(app).get("/find?broken")
    assert Client(app).get("/find").text == "results_0"
