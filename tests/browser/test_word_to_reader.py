"""From a Word file to a reader, in Chromium against `kb serve`: three runs of one journey. Everything here is made up.

An editor uploads, fills in what is asked, submits; a reviewer returns two fields; the editor mends them; three steps
pass; a guest finds the case; its file is in the content folder and checks clean.
"""

import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import expect

from kb.bootstrap import Library
from kb.config import Settings
from kb.domain.accounts import Role
from kb.domain.submission import USUAL_STEPS
from kb.services.passwords import hash_password
from kb.web import create_app
from tests.browser.conftest import Opener
from tests.browser.hands import Keyboard, Mouse
from tests.browser.word_case import write_word_case
from tests.cli.own_library import environment, kb_command, make_own_library
from tests.free_port import free_port
from tests.made_up import ROOT
from tests.web.signed_in import make_account, sign_in

UNIT = "虚构镇党委"
PASSWORD = "Made-up-2026"
MOST_ACTIONS = 12
SOON = 5.0
"""Seconds within which a guest finds what was included."""
CAUSES = "支部书记都外出做工，没有人召集；镇里的干部换了几次，没有人接着过问，时间一长便散了。"
EFFECT = "### 四、取得成效\n\n不开会的支部由3个减为0个，党员有事愿意到支部来说。"


class Served(NamedTuple):
    """A running server, its folder, and the same library opened beside it, for accounts and cookies."""

    address: str
    folder: Path
    library: Library
    app: Flask


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = make_own_library(tmp_path_factory.mktemp("word-to-reader"))
    with free_port() as port:
        process = subprocess.Popen(
            kb_command("serve"),
            cwd=folder,
            env=environment(PORT=str(port)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address)
            library = Library(Settings(folder / "content", folder / "data", ROOT / "templates"))
            yield Served(address, folder, library, create_app(library))
        finally:
            process.terminate()
            process.wait(60)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server never answered")


@pytest.mark.parametrize(
    ("hand", "scripts", "way"),
    [(Mouse, True, "结对开会"), (Keyboard, True, "轮流主持"), (Mouse, False, "夜谈议事")],
    ids=["mouse and scripts", "keyboard alone", "no scripts"],
)
def test_a_word_file_becomes_a_case_a_guest_finds(
    served: Served, open_context: Opener, tmp_path: Path, hand: type[Mouse], scripts: bool, way: str
) -> None:
    def open_hand() -> Mouse:
        return hand(open_context(java_script_enabled=scripts).new_page())

    def open_reviewer(step: str) -> Mouse:
        client = sign_in(
            served.app.test_client(),
            served.library,
            make_account(served.library, step, Role.REVIEWER, unit=UNIT, steps=(step,)),
        )
        cookie = client.get_cookie("session")
        assert cookie is not None
        reviewing = open_hand()
        reviewing.page.context.add_cookies([{"name": "session", "value": cookie.value, "url": served.address}])
        reviewing.page.goto(f"{served.address}/review")
        return reviewing

    word = tmp_path / f"{way}.docx"
    title = write_word_case(word, way)
    editor = open_hand()
    number = submit_word_file(editor, served, word)

    first = open_reviewer(USUAL_STEPS[0].id)
    first.follow(f"a[href='/review/{number}']")
    for field, reason in (("causes", "写明为什么没有人过问"), ("effect", "写明党员怎么说")):
        first.open(f"#field-{field} .mend > summary")
        first.write(f"#reason-{field}", reason)
    first.follow("[name='decision'][value='returned']")
    expect(first.page.locator("main [role=status]")).to_contain_text("已退回")

    mend_and_submit(editor, number)
    first.page.reload()
    first.follow(f"a[href='/review/{number}']")
    returned = first.page.locator(".review-group").first
    expect(returned.locator("h2")).to_have_text("上次要改的（2 项）")
    expect(returned.locator("ins").first).to_be_visible()
    first.follow("[name='decision'][value='passed']")
    for step in USUAL_STEPS[1:]:
        last = open_reviewer(step.id)
        last.follow(f"a[href='/review/{number}']")
        last.follow("[name='decision'][value='passed']")
    guest = open_hand()
    guest.page.goto(served.address)
    guest.write("#q", way)
    last.follow("form[action$='/include'] button")
    expect(last.page.locator("main [role=status]")).to_contain_text("已纳入")
    included = time.monotonic()
    guest.follow("form[action='/find'] button")
    expect(guest.page.locator(".card-title a").first).to_have_text(title)
    assert time.monotonic() - included < SOON
    guest.follow(".card-title a")
    expect(guest.page.locator("h1")).to_have_text(title)
    expect(guest.page.locator("main")).to_contain_text("镇里的干部换了几次")
    case_id = guest.page.url.rpartition("/")[2]
    assert CAUSES in (served.folder / f"content/cases/{case_id}.md").read_text("utf-8")
    assert [finding for finding in served.library.check() if case_id in finding.path] == []


def submit_word_file(editor: Mouse, served: Served, word: Path) -> int:
    """From the page a guest is on to 送审, in few enough actions; returns the number of the submission."""
    account = f"editor-{word.stem}"
    _with_password(served.library, account)
    editor.page.goto(f"{served.address}/submit")
    editor.follow("main a[href^='/sign-in']")
    editor.write("#name", account)
    editor.write("#password", PASSWORD)
    editor.follow("form[action='/sign-in'] button")
    editor.send("#file", word)
    editor.follow("form[action='/submit/upload'] button")
    expect(editor.page.locator("#must")).to_have_text("要你填的 1 项")
    expect(editor.page.locator(".next-step")).to_contain_text("下一步")
    number = int(editor.page.url.split("/")[-2])
    editor.choose("visibility", "公开")
    editor.pick("mechanism", "pair-up")
    editor.follow("[name='do'][value='submit']")
    expect(editor.page.locator("main")).not_to_contain_text("还差")
    editor.choose("is_not_secret", "yes")
    editor.follow("form.pledge button")
    expect(editor.page.locator("#submitted + p")).to_contain_text("下一步")
    assert editor.actions <= MOST_ACTIONS
    return number


def mend_and_submit(editor: Mouse, number: int) -> None:
    editor.page.goto(editor.page.url.partition("#")[0])
    editor.follow(f"a[href='/drafts/{number}']")
    expect(editor.page.locator("#field-causes")).to_contain_text("写明为什么没有人过问")
    editor.write("#in-causes", CAUSES)
    editor.write("#in-effect", EFFECT)
    editor.follow(".save-bar [name='do'][value='submit']")
    editor.choose("is_not_secret", "yes")
    editor.follow("form.pledge button")


def _with_password(library: Library, name: str) -> None:
    account = make_account(library, name, Role.EDITOR, unit=UNIT)
    with library.desk.writing() as session:
        library.desk.accounts(session).set_password(account.number, hash_password(PASSWORD), account.made_at)
