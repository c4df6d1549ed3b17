"""Every page a reader reaches, loaded once: it asks nobody else, fits the narrowest window at the largest text, and the sheet."""

from collections import defaultdict
from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import PATIENCE
from tests.browser.looking import View, open_details, over_the_edge, turn
from tests.browser.pages import reachable
from tests.browser.test_print import SHEET_WIDTH, WIDER
from tests.browser.test_safety import watched

Faults = Mapping[str, Mapping[str, object]]


@pytest.fixture(scope="module")
def faults(site: str, chromium: Browser) -> Faults:
    """What is wrong, by what was looked for and by page."""
    context = chromium.new_context(viewport={"width": SHEET_WIDTH, "height": 900})
    context.set_default_timeout(PATIENCE)
    page, elsewhere = watched(context, site)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    found: defaultdict[str, dict[str, object]] = defaultdict(dict)
    for path in reachable(site):
        page.goto(site + path)
        found["refused"][path] = page.evaluate("window.refused")
        page.emulate_media(media="print")
        found["wider than the sheet"][path] = page.evaluate(WIDER)
        page.emulate_media(media="screen")
        open_details(page)
        turn(page, View(320, "largest"))
        found["over the edge"][path] = over_the_edge(page)
        found["asked elsewhere"][path], found["errors"][path] = elsewhere[:], errors[:]
        elsewhere.clear()
        errors.clear()
        page.set_viewport_size({"width": SHEET_WIDTH, "height": 900})
    context.close()
    return found


@pytest.mark.parametrize("kind", ["refused", "asked elsewhere", "errors", "wider than the sheet", "over the edge"])
def test_nothing_is_wrong_with_any_page(faults: Faults, kind: str) -> None:
    assert len(faults[kind]) > 50
    assert {path: fault for path, fault in faults[kind].items() if fault} == {}
