"""Every page in every width, text size and contrast: readable by machine helpers, nothing cut off, large enough to press."""

from collections import defaultdict
from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Opener
from tests.browser.looking import COLOURS, SHAPE, View, open_details, over_the_edge, serious_faults, turn
from tests.browser.pages import one_of_each

WIDTHS = [View(390), View(768, "large"), View(1280, "largest")]
"""A view of each arrangement of the page. Axe takes widths and themes in turn, a page each: all pages are made of the same
parts and colours, and six looks at each took two minutes; what reaches over the edge is looked for in every width."""
THEMES = [View(390), View(768, "standard", "high"), View(1280, "standard", "dark")]
"""At the smallest text: the larger it is, the less contrast it needs."""
EDGES = [View(width, size) for width in (320, 390, 768, 1280) for size in ("standard", "largest")]
SMALL = """() => [...document.querySelectorAll(
  ".site a, .site button, .site summary, .search button, .search #q, .actions > *, .facet a, .chip, .orders a, .paging a, .foot a, .contents a"
)].filter(e => { const box = e.getBoundingClientRect(); return e.checkVisibility() && (box.height < 43.5 || box.width < 26); })
.map(e => e.className + " " + e.textContent.trim().slice(0, 20) + " " + Math.round(e.getBoundingClientRect().height))"""
LONGEST_LINE = """() => Math.max(0, ...[...document.querySelectorAll(".prose > p, .intro, .lede p")].map(
  e => e.getBoundingClientRect().width / parseFloat(getComputedStyle(e).fontSize)))"""
Looks = Mapping[str, Mapping[tuple[str, View], object]]


@pytest.fixture(scope="module")
def looks(site: str, chromium: Browser) -> Looks:
    """What is wrong with a page of each kind, by what was looked for: each is loaded once and turned from view to view."""
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    found: defaultdict[str, dict[tuple[str, View], object]] = defaultdict(dict)
    for place, path in enumerate(one_of_each(site)):
        page.goto(site + path)
        for view in (View(390), View(1280)):
            turn(page, view)
            found["small"][path, view] = page.evaluate(SMALL)
        found["longest line"][path, View(1280)] = max(0, page.evaluate(LONGEST_LINE) - 40)
        open_details(page)
        for view in EDGES:
            turn(page, view)
            found["edge"][path, view] = over_the_edge(page)
        for view, rules in ((WIDTHS[place % 3], SHAPE), (THEMES[place // 3 % 3], COLOURS)):
            turn(page, view)
            found["colours" if rules is COLOURS else "shape"][path, view] = serious_faults(page, rules)
    context.close()
    return {kind: {place: fault for place, fault in faults.items() if fault} for kind, faults in found.items()}


@pytest.mark.parametrize("kind", ["shape", "colours", "edge", "small", "longest line"])
def test_nothing_is_wrong_with_a_page_of_each_kind(looks: Looks, kind: str) -> None:
    """Nothing serious by axe, nothing over the edge, what one presses 44 px high, lines of at most forty characters."""
    assert looks[kind] == {}


def test_axe_would_find_a_fault(site: str, open_context: Opener) -> None:
    """The test above is worth something only while axe really looks, at all its rules and at one."""
    page = open_context(site=site, bypass_csp=True).new_page()
    page.goto(site)
    page.evaluate("document.querySelector('.hint').style.color = '#EEEEEE'")
    page.evaluate("document.querySelector('#q').insertAdjacentHTML('afterend', '<img src=x>')")
    assert [rule for rule, _ in serious_faults(page)] == ["color-contrast", "image-alt"]
    assert [rule for rule, _ in serious_faults(page, COLOURS)] == ["color-contrast"]


def test_the_answer_to_a_description_is_as_good(site: str, open_context: Opener) -> None:
    page = open_context(bypass_csp=True).new_page()
    page.goto(f"{site}/describe")
    page.fill("#text", "村里的支部两年没有开过会，书记常年在外，党员不知道支部在做什么，群众的事也没有人管。")
    page.click("main form button")
    expect(page.locator(".card").first).to_be_visible()
    for view in (View(320, "largest"), View(1280)):
        turn(page, view)
        assert (serious_faults(page), over_the_edge(page)) == ([], []), view
