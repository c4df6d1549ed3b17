"""Every page in every width, text size and contrast: readable by machine helpers, nothing cut off."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Opener
from tests.browser.pages import one_of_each, reachable

VIEWS = [
    (390, "standard", "normal"), (768, "large", "normal"), (1280, "largest", "normal"), (390, "largest", "high"),
    (768, "large", "high"), (1280, "standard", "high"), (1280, "standard", "dark"),
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


def serious_faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe calls serious or critical, with the first elements it is found in."""
    return [
        (found["id"], [node["html"][:120] for node in found["nodes"][:3]])
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("width", "size", "contrast"), VIEWS)
def test_axe_finds_nothing_serious(site: str, open_context: Opener, width: int, size: str, contrast: str) -> None:
    page = open_context(width=width, size=size, contrast=contrast, site=site, bypass_csp=True).new_page()
    faults = {}
    for path in one_of_each(site):
        page.goto(site + path)
        for details in page.locator("main details").all():
            details.evaluate("element => { element.open = true }")
        faults[path] = serious_faults(page)
    assert {path: found for path, found in faults.items() if found} == {}


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


def test_axe_would_find_a_fault(site: str, open_context: Opener) -> None:
    """The test above is worth something only while axe really looks."""
    page = open_context(site=site, bypass_csp=True).new_page()
    page.goto(site)
    page.evaluate("document.querySelector('.hint').style.color = '#EEEEEE'")
    assert [rule for rule, _ in serious_faults(page)] == ["color-contrast"]


@pytest.mark.parametrize(("width", "size"), [(320, "largest"), (1280, "standard")])
def test_the_answer_to_a_description_is_as_good(site: str, open_context: Opener, width: int, size: str) -> None:
    page = open_context(width=width, size=size, site=site, bypass_csp=True).new_page()
    page.goto(f"{site}/describe")
    page.fill("#text", "村里的支部两年没有开过会，书记常年在外，党员不知道支部在做什么，群众的事也没有人管。")
    page.click("main form button")
    assert page.locator(".card").count() > 0
    assert (serious_faults(page), page.evaluate(WIDER)) == ([], [])


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
