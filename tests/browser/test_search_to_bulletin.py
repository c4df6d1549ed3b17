"""From a search to a 简报 in Word in under ten actions, with scripts and without; and into the editor of a 公众号."""

import io
import re

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.hands import Mouse

MOST_ACTIONS = 9
EDITOR = "<div id='editor' contenteditable='true' style='min-height: 300px'></div>"
TEXT = "element => element.innerText"
"""Words and line ends as a reader sees them."""


def write_bulletin(hand: Mouse, site: str) -> bytes:
    """Starts at the home page; returns the file that was downloaded."""
    hand.page.goto(site)
    hand.write("#q", "软弱涣散")
    hand.follow(".search button")
    hand.follow("text=编成稿子")
    hand.write("#title", "软弱涣散支部怎么转化")
    hand.follow(".piece-form .main-action")
    hand.actions += 1
    with hand.page.expect_download() as waiting:
        hand.page.click("text=下载 Word")
    assert waiting.value.suggested_filename == "软弱涣散支部怎么转化.docx"
    return waiting.value.path().read_bytes()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_search_becomes_a_bulletin_in_word(site: str, open_context: Opener, has_scripts: bool) -> None:
    context = open_context(site=site, accept_downloads=True, java_script_enabled=has_scripts)
    hand = Mouse(context.new_page())
    file = write_bulletin(hand, site)
    assert hand.actions <= MOST_ACTIONS
    told = [paragraph.text for paragraph in Document(io.BytesIO(file)).paragraphs]
    assert "软弱涣散支部怎么转化" in told
    cited = [re.fullmatch(r"——来源(\d)", line) for line in told]
    assert [int(one[1]) for one in cited if one] == [1, 2, 3, 4, 5]
    passages = hand.page.locator(".piece-item .words").all_inner_texts()
    assert len(passages) >= 5
    whole = "\n".join(told)
    assert [words for words in passages if words not in whole] == []
    assert len(re.findall(r"^\d\. 案例 \d{6}-\d{4}-\d{2,4}《", whole, re.MULTILINE)) == 5


def open_rich(page: Page, site: str) -> None:
    page.goto(f"{site}/pieces/new?q=%E6%94%AF%E9%83%A8&piece=article")
    page.fill("#title", "支部怎么建 & <强>")
    page.click(".piece-form .main-action")
    page.click("text=复制到公众号")
    expect(page.locator("#rich")).to_contain_text("支部怎么建 & <强>")


def test_rich_text_pasted_into_an_editor_reads_back_the_same(site: str, open_context: Opener) -> None:
    context = open_context(site=site, bypass_csp=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page = context.new_page()
    open_rich(page, site)
    shown = page.locator("#rich").evaluate(TEXT)
    for way in ("button", "selection"):
        if way == "button":
            page.click("[data-copies='rich']")
            expect(page.locator(".said")).to_contain_text("已复制")
        else:
            page.evaluate("getSelection().selectAllChildren(document.getElementById('rich'))")
            page.keyboard.press("Control+C")
        editor = context.new_page()
        editor.goto(f"{site}/about")
        editor.evaluate("html => { document.body.innerHTML = html; }", EDITOR)
        editor.focus("#editor")
        editor.keyboard.press("Control+V")
        expect(editor.locator("#editor")).to_contain_text(shown.split()[-1])
        assert editor.locator("#editor").evaluate(TEXT).split() == shown.split(), way
        found = editor.locator("#editor").evaluate(
            "at => [...at.querySelectorAll('[class], [href], [src], script, link, style')].map(one => one.outerHTML)"
        )
        assert found == [], way
        editor.close()
        page.bring_to_front()


def test_without_the_button_the_plain_text_says_the_same(site: str, open_context: Opener) -> None:
    page = open_context(site=site, java_script_enabled=False).new_page()
    open_rich(page, site)
    assert page.locator("[data-copies]:visible").count() == 0
    shown = page.locator("#rich").inner_text()
    assert page.locator("#plain").input_value().split() == shown.split()
