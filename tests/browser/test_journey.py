"""首页 → 查案例 → 案例 → 机制, with and without JavaScript, with the mouse and with the keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener

FOUND = re.compile(r"找到 [1-9]\d* 个案例")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_reader_gets_from_a_problem_to_its_mechanism(
    site: str, open_context: Opener, scripts: bool, width: int
) -> None:
    page = open_context(width=width, java_script_enabled=scripts).new_page()
    page.goto(site)
    page.fill("#q", "软弱涣散")
    page.click("button:has-text('检索')")
    expect(page.locator("#count")).to_have_text(FOUND)
    expect(page.locator(".used")).to_contain_text("软弱涣散")
    title = page.locator(".card-title a").first.inner_text()
    page.click(".card-title a >> nth=0")
    expect(page.locator("h1")).to_have_text(title)
    page.click(".actions a:has-text('看机制')")
    expect(page.locator(".kicker")).to_have_text("机制")
    page.click("text=自查表（一页 A4）")
    expect(page.locator(".checks .box").nth(2)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_conditions_are_picked_and_taken_away_on_a_phone(site: str, open_context: Opener, scripts: bool) -> None:
    page = open_context(width=390, java_script_enabled=scripts).new_page()
    page.goto(f"{site}/find")
    all_of_them = page.locator("#count strong").inner_text()
    page.click("summary:has-text('筛选')")
    page.click(".facets.narrow .facet a >> nth=0")
    expect(page.locator("summary:has-text('筛选（1）')")).to_be_visible()
    expect(page.locator("#count strong")).not_to_have_text(all_of_them)
    page.click(".chip >> nth=0")
    expect(page.locator("#count strong")).to_have_text(all_of_them)


def press_until(page: Page, selector: str, key: str = "Tab", most: int = 120) -> None:
    """Presses a key until the focus is on the element; it must show a focus ring."""
    page.wait_for_load_state()
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("s => document.activeElement && document.activeElement.matches(s)", selector):
            ring = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            assert ring != "none" or selector == "#q", selector
            return
    raise AssertionError(f"{selector} cannot be reached with {key}")


def test_the_keyboard_alone_is_enough(site: str, open_context: Opener) -> None:
    page = open_context().new_page()
    page.goto(site)
    press_until(page, ".skip", most=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    press_until(page, "#q")
    page.keyboard.type("软弱涣散")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_have_text(FOUND)
    press_until(page, ".finding > .skip")
    assert page.evaluate("() => getComputedStyle(document.activeElement).clip") == "auto"
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_be_focused()
    press_until(page, ".card-title a", most=12)
    page.keyboard.press("Enter")
    expect(page.locator(".article-head h1")).to_be_visible()
    press_until(page, ".more-deeds summary")
    page.keyboard.press("Enter")
    expect(page.locator("#citation")).to_be_visible()
    press_until(page, ".actions a[href^='/mechanisms/']", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".kicker")).to_have_text("机制")


def test_a_slash_leads_to_the_box_but_not_while_writing(site: str, open_context: Opener) -> None:
    page = open_context().new_page()
    page.goto(f"{site}/find?q=a")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("b/c")
    expect(page.locator("#q")).to_have_value("b/c")


def test_the_citation_is_copied(site: str, open_context: Opener) -> None:
    context = open_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/find")
    page.click(".card-title a >> nth=0")
    page.click(".more-deeds summary")
    page.click("button:has-text('复制引用')")
    expect(page.locator(".said")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#citation").inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_text_size_and_contrast_stay_from_page_to_page(site: str, open_context: Opener, scripts: bool) -> None:
    page = open_context(java_script_enabled=scripts).new_page()
    page.goto(f"{site}/find?q=%E6%94%AF%E9%83%A8")
    page.click(".tools button:has-text('特大')")
    expect(page.locator("html")).to_have_class(re.compile("size-largest"))
    page.click(".tools button:has-text('高对比')")
    expect(page.locator("html")).to_have_class("size-largest contrast-high")
    assert page.url == f"{site}/find?q=%E6%94%AF%E9%83%A8"
    page.goto(f"{site}/about")
    expect(page.locator("html")).to_have_class("size-largest contrast-high")
    expect(page.locator(".tools button:has-text('特大')")).to_have_attribute("aria-pressed", "true")


def test_without_scripts_no_dead_button_is_shown(site: str, open_context: Opener) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/find")
    page.click(".card-title a >> nth=0")
    expect(page.locator(".article-head h1")).to_be_visible()
    expect(page.locator("button[data-does]")).not_to_have_count(0)
    expect(page.locator("button[data-does]:visible")).to_have_count(0)
