"""What a process does before its first request, so that no reader waits for it."""

import gc

from flask import Flask

from kb.bootstrap import Library
from kb.errors import KbError
from kb.services.find_cases import Question

# Half a second of the first request, if it were not done before.
OFTEN_READ = ("home/show.html", "find/show.html", "cases/show.html", "mechanisms/show.html")
USUAL_WORDS = "党支部作用发挥不够"


def warm(library: Library, app: Flask) -> str:
    """Loads dictionary, taxonomy, index and the templates readers meet first; returns why nothing can be found, or ""."""
    fault = ""
    for name in OFTEN_READ:
        app.jinja_env.get_template(name)
    try:
        with library.reading() as reading:
            reading.finder.find(Question(USUAL_WORDS))
    except KbError as error:
        fault = f"{error.message}{error.advice}"
    # Some 300 objects a page are kept longer, so that a collection of the young ones every 700 found little: 3 to 5 ms a page.
    gc.set_threshold(50_000, 20, 100)
    # What is there now stays to the end: a full collection that walks all of it stops each request for 0.3 s.
    gc.collect()
    gc.freeze()
    return fault
