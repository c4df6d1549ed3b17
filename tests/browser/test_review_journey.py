"""From 送审 to a case a guest finds, in Chromium without JavaScript: returned, mended, passed, included. All made up."""

import time
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, serving
from tests.web.reviewing import STEPS, editor, find, open_library, reviewer, submit

TITLE = "虚构镇把三个支部的会重新开起来"
CAUSES = "支部书记都外出做工，没有人召集；镇里的干部换了几次，没有人接着过问，时间一长便散了。"
EFFECT = "不开会的支部由 3 个减到 0 个〔二〕，党员有事愿意到支部来说。"
SOON = 5.0
"""Seconds within which readers find what was included."""


def test_a_submission_is_returned_mended_passed_and_found(tmp_path: Path, open_context: Opener) -> None:
    library = open_library(tmp_path)
    number = submit(library, {"title": TITLE})
    with serving(library) as site:
        open_as = _opener(open_context, site)

        first = open_as(reviewer(library, STEPS[0]))
        first.goto(f"{site}/review")
        first.click(f"text={TITLE}")
        for field, reason in (("causes", "写明为什么没有人过问"), ("effect", "写明党员怎么说")):
            first.click(f"#field-{field} summary:has-text('这一项要改')")
            first.fill(f"#reason-{field}", reason)
        first.click("button:has-text('退回写稿人')")
        expect(first.locator("[role=status]")).to_contain_text("已退回")

        writer = open_as(editor(library))
        writer.goto(f"{site}/drafts")
        writer.click(f"text={TITLE}")
        expect(writer.locator("#field-causes")).to_contain_text("写明为什么没有人过问")
        writer.fill("[name=causes]", CAUSES)
        writer.fill("[name=effect]", EFFECT)
        writer.click("button:has-text('保存并送审')")
        writer.check("[name=is_not_secret]")
        writer.click("form.pledge button:has-text('送审')")

        first.goto(f"{site}/review/{number}")
        shown = first.locator(".review-group").first
        expect(shown.locator("h2")).to_have_text("上次要改的（2 项）")
        expect(shown.locator("ins").first).to_be_visible()
        _pass(first, "初审")
        for step, label in zip(STEPS[1:], ("复审", "终审"), strict=True):
            page = open_as(reviewer(library, step))
            page.goto(f"{site}/review")
            page.click(f"text={TITLE}")
            _pass(page, label)
        page.click("button:has-text('纳入案例库')")
        expect(page.locator("[role=status]")).to_contain_text("已纳入")
        included = time.monotonic()

        guest = open_context(java_script_enabled=False).new_page()
        guest.goto(f"{site}/find?q=重新开起来")
        assert time.monotonic() - included < SOON
        guest.click(f".card-title a:has-text('{TITLE}')")
        expect(guest.locator("main")).to_contain_text("镇里的干部换了几次")
    record_id = find(library, number).record_id
    assert guest.url.endswith(f"/cases/{record_id}")
    assert CAUSES in (library.settings.content_folder / f"cases/{record_id}.md").read_text("utf-8")
    assert [finding for finding in library.check() if record_id in finding.path] == []


def _opener(open_context: Opener, site: str) -> Callable[[FlaskClient], Page]:
    def open_as(client: FlaskClient) -> Page:
        cookie = client.get_cookie("session")
        assert cookie is not None
        context = open_context(java_script_enabled=False)
        context.add_cookies([{"name": "session", "value": cookie.value, "url": site}])
        return context.new_page()

    return open_as


def _pass(page: Page, label: str) -> None:
    page.click(f"button:has-text('{label}通过')")
    expect(page.locator("[role=status]")).to_contain_text("通过")
