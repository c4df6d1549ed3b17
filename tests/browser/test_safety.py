"""No page asks another host for anything, and no text becomes a script."""

from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, Request

from tests.browser.conftest import Opener
from tests.browser.hostile import STRINGS
from tests.browser.pages import reachable

WATCH = """
window.hits = 0; window.refused = [];
window.hit = window.alert = () => { window.hits += 1; };
document.addEventListener("securitypolicyviolation", e => window.refused.push(e.violatedDirective + " " + e.blockedURI));
"""


ADDRESSES = "links => links.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"
"""Of links in drawings too, whose `href` is no text."""


def watched(context: BrowserContext, site: str) -> tuple[Page, list[str]]:
    """A page that counts scripts that ran and refusals of the policy, and a list of requests to elsewhere."""
    elsewhere: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((site, "data:")):
            elsewhere.append(request.url)

    context.add_init_script(WATCH)
    context.on("request", note)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    return page, elsewhere


def test_a_request_to_another_host_would_be_noticed_and_gets_nowhere(site: str, open_context: Opener) -> None:
    """The tests of this file are worth something only while they see what the policy of our pages forbids."""
    page, elsewhere = watched(open_context(bypass_csp=True), site)
    page.goto(site)
    with page.expect_event("requestfailed") as failed:
        page.evaluate("document.body.append(Object.assign(new Image(), { src: 'http://example.invalid/x.png' }))")
    assert elsewhere == ["http://example.invalid/x.png"]
    assert failed.value.failure == "net::ERR_NAME_NOT_RESOLVED"


@pytest.mark.parametrize("text", STRINGS)
def test_text_in_an_address_stays_text(hostile_site: str, open_context: Opener, text: str) -> None:
    page, elsewhere = watched(open_context(), hostile_site)
    there = quote(text, safe="")
    paths = [f"/find?q={there}", f"/cases/{there}", f"/problems/{there}", f"/mechanisms/{there}/checklist", f"/{there}"]
    paths += [
        f"/find?{name}={there}" for name in ("problem", "field", "level", "unit", "kind", "year", "order", "page")
    ]
    for path in paths:
        page.goto(hostile_site + path)
        assert (page.evaluate("window.hits"), page.evaluate("window.refused")) == (0, []), path
        assert page.locator("h1").count() == 1
    assert elsewhere == []


def test_text_in_content_stays_text(hostile_site: str, open_context: Opener) -> None:
    page, elsewhere = watched(open_context(), hostile_site)
    paths = reachable(hostile_site)
    assert "/cases/000000-2020-66" in paths
    for path in (*paths, "/find?q=%E6%81%B6%E6%84%8F"):
        page.goto(hostile_site + path)
        addresses = page.eval_on_selector_all("a[href]", ADDRESSES)
        for number in range(page.locator("main a[href*='script'], main a[href*='evil']").count()):
            link = page.locator("main a[href*='script'], main a[href*='evil']").nth(number)
            assert (link.get_attribute("href") or "").startswith("/find?q="), path
        assert [a for a in addresses if not a.startswith((hostile_site, "https://example.invalid/"))] == [], path
        assert (page.evaluate("window.hits"), page.evaluate("window.refused")) == (0, []), path
    assert elsewhere == []


def test_pressing_every_link_of_a_hostile_case_runs_nothing(hostile_site: str, open_context: Opener) -> None:
    page, _ = watched(open_context(), hostile_site)
    page.goto(f"{hostile_site}/cases/000000-2020-66")
    page.eval_on_selector_all(
        "main a, main button",
        "all => all.forEach(e => { e.addEventListener('click', x => x.preventDefault()); e.click(); })",
    )
    assert (page.evaluate("window.hits"), page.evaluate("window.refused")) == (0, [])
