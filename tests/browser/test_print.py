"""On paper: A4, the whole text with its source, no navigation; the check list on one sheet."""

import re
import subprocess
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import Opener
from tests.browser.pages import one_of_each, reachable

SHEET_WIDTH = 650
"""CSS pixels between the margins of an A4 sheet: 172 mm."""
ENDS = """() => [...document.querySelectorAll("main p, main li, main td, main dd, main h1, main h2")]
  .filter(e => e.offsetParent && !e.closest("details:not([open])") && !e.querySelector("p, li, td, dd"))
  .map(e => e.innerText.replace(/\\s/g, "").slice(-6)).filter(text => text.length > 2)"""
WIDER = f"""() => [...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().right > {SHEET_WIDTH} + 1)
  .map(e => e.tagName + "." + e.className).slice(0, 5)"""


def print_to(page: Page, path: Path) -> str:
    page.pdf(path=path, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout
    return re.sub(r"\s", "", text)


def facts_of(path: Path) -> dict[str, str]:
    lines = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout.splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_a_page_prints_whole_on_a4(site: str, open_context: Opener, tmp_path: Path) -> None:
    page = open_context(site=site, size="largest", contrast="dark").new_page()
    for path in one_of_each(site):
        page.goto(site + path)
        page.emulate_media(media="print")
        ends = page.evaluate(ENDS)
        text = print_to(page, tmp_path / "page.pdf")
        assert "A4" in facts_of(tmp_path / "page.pdf")["Page size"], path
        assert [end for end in ends if end not in text] == [], path
        assert path in ("/display", "/help") or not {
            word for word in ("跳到正文", "高对比", "复制引用") if word in text
        }, path
        page.emulate_media(media="screen")


def test_each_check_list_fits_one_sheet(site: str, open_context: Opener, tmp_path: Path) -> None:
    page = open_context(site=site).new_page()
    sheets = {}
    for path in reachable(site):
        if path.endswith("/checklist"):
            page.goto(site + path)
            text = print_to(page, tmp_path / "sheet.pdf")
            assert "结论" in text
            sheets[path] = facts_of(tmp_path / "sheet.pdf")["Pages"]
    assert len(sheets) >= 1
    assert {path: pages for path, pages in sheets.items() if pages != "1"} == {}
