"""Every page in every width, text size and contrast: readable by machine helpers, nothing cut off."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Opener
from tests.browser.pages import one_of_each, reachable

VIEWS = [
    (390, "standard", "normal"), (390, "largest", "normal"), (768, "large", "normal"), (1280, "standard", "normal"),
    (1280, "largest", "normal"), (390, "standard", "high"), (768, "largest", "high"), (1280, "large", "high"),
    (390, "large", "dark"), (1280, "standard", "dark"),
]  # fmt: skip
WIDER = """() => [...document.querySelectorAll("body *")].filter(e => {
  const box = e.getBoundingClientRect(), head = e.closest("thead");
  const isForScreenReaders = head && head.getBoundingClientRect().width <= 1;
  return !isForScreenReaders && e.checkVisibility() && box.width > 1 && box.right > document.documentElement.clientWidth + 1;
}).map(e => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 20)).slice(0, 5)"""
SMALL = """() => [...document.querySelectorAll(
  ".site a, .site button, .site summary, .search button, .search #q, .actions > *, .facet a, .chip, .orders a, .paging a, .foot a, .contents a"
)].filter(e => { const box = e.getBoundingClientRect(); return e.checkVisibility() && (box.height < 43.5 || box.width < 26); })
.map(e => e.className + " " + e.textContent.trim().slice(0, 20) + " " + Math.round(e.getBoundingClientRect().height))"""


@pytest.mark.parametrize(("width", "size", "contrast"), VIEWS)
def test_axe_finds_nothing_serious(site: str, open_context: Opener, width: int, size: str, contrast: str) -> None:
    page = open_context(width=width, size=size, contrast=contrast, site=site, bypass_csp=True).new_page()
    faults = []
    for path in one_of_each(site):
        page.goto(site + path)
        for details in page.locator("main details").all():
            details.evaluate("element => { element.open = true }")
        for found in Axe().run(page).response["violations"]:
            if found["impact"] in ("serious", "critical"):
                faults.append((path, found["id"], [node["html"][:120] for node in found["nodes"][:3]]))
    assert faults == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("size", ["standard", "largest"])
def test_nothing_reaches_over_the_edge(site: str, open_context: Opener, width: int, size: str) -> None:
    """Every page at the hardest view, one of each kind at the others."""
    page = open_context(width=width, size=size, site=site).new_page()
    wider = {}
    for path in reachable(site) if (width, size) == (320, "largest") else one_of_each(site):
        page.goto(site + path)
        for details in page.locator("main details").all():
            details.evaluate("element => { element.open = true }")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = page.evaluate(WIDER)
        if over or found:
            wider[path] = (over, found)
    assert wider == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_what_one_presses_is_large_enough(site: str, open_context: Opener, width: int) -> None:
    page = open_context(width=width, site=site).new_page()
    small = {}
    for path in one_of_each(site):
        page.goto(site + path)
        found = page.evaluate(SMALL)
        if found:
            small[path] = found
    assert small == {}


def test_a_line_of_text_holds_at_most_forty_characters(site: str, open_context: Opener) -> None:
    page = open_context(width=1280, site=site).new_page()
    for path in one_of_each(site):
        page.goto(site + path)
        widest = page.evaluate(
            """() => Math.max(0, ...[...document.querySelectorAll(".prose > p, .intro, .lede p")].map(
                e => e.getBoundingClientRect().width / parseFloat(getComputedStyle(e).fontSize)))"""
        )
        assert widest <= 40, path
