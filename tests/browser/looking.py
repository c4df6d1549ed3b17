"""How a page looks to machines: what axe finds, what reaches over the edge, what is too small to press.

A page is loaded once and turned from view to view: the server sets size and contrast by classes of the html element
(`test_text_size_and_contrast_stay_from_page_to_page`), so setting them here shows the same page without another load.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from kb.web.preferences import Preferences

AXE = Axe().axe_script
Rules = Mapping[str, object]
COLOURS: Rules = {"runOnly": ["color-contrast"]}
"""What themes can break; five sixths of the time of all rules."""
SHAPE: Rules = {"rules": {"color-contrast": {"enabled": False}}}
"""All other rules look at what is there, which only the width changes."""
WIDER = """() => [...document.querySelectorAll("body *")].filter(e => {
  const box = e.getBoundingClientRect(), head = e.closest("thead");
  const isForScreenReaders = head && head.getBoundingClientRect().width <= 1;
  const isScrolled = e.parentElement.closest("[role=region][tabindex='0']");
  return !isForScreenReaders && !isScrolled && e.checkVisibility() && box.width > 1 && box.right > document.documentElement.clientWidth + 1;
}).map(e => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 20)).slice(0, 5)"""
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class View(NamedTuple):
    """A window and what a reader chose."""

    width: int
    size: str = "standard"
    contrast: str = "normal"


def turn(page: Page, view: View) -> None:
    """Shows the loaded page as this view shows it."""
    page.set_viewport_size({"width": view.width, "height": 900})
    classes = Preferences(view.size, view.contrast).classes
    page.evaluate("classes => { document.documentElement.className = classes }", classes)


def open_details(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")


def serious_faults(page: Page, rules: Rules | None = None) -> list[tuple[str, list[str]]]:
    """What axe calls serious or critical, by all its rules or these, with the first elements it is found in."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"], **(rules or {})}
    found = page.evaluate(
        f"""axe.run(document, {json.dumps(options)}).then(run => run.violations
        .filter(one => ["serious", "critical"].includes(one.impact))
        .map(one => [one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 120))]))"""
    )
    return [(rule, nodes) for rule, nodes in found]


def over_the_edge(page: Page) -> list[str]:
    """Elements that reach over the right edge, and how far one could scroll there."""
    over, found = page.evaluate(f"[{OVER}, ({WIDER})()]")
    return [*found, *([f"{over} px"] if over else [])]
