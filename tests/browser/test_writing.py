"""写稿 in a real browser: it saves by itself, two people are told, nothing is lost offline, the format bar."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.exports import build_case_document
from kb.intake import FileReader
from kb.web import create_app
from tests.browser.conftest import Opener, open_synced, serving
from tests.intake.made_files import zip_file
from tests.made_up import CASE_TEMPLATE
from tests.services.writing_desk import FIELDS, UNIT
from tests.web.made_up_folder import write_folder
from tests.web.signed_in import make_account, sign_in

SUMMARY = str(FIELDS["summary"])


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_synced(write_folder(tmp_path_factory.mktemp("writing")))


@pytest.fixture(scope="module")
def desk_site(shelf: Library) -> Iterator[str]:
    with serving(shelf) as address:
        yield address


def enter(context: BrowserContext, shelf: Library, site: str, name: str) -> Page:
    client = create_app(shelf).test_client()
    sign_in(client, shelf, make_account(shelf, name, Role.EDITOR, unit=UNIT))
    cookie = client.get_cookie("session")
    assert cookie is not None
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
    return context.new_page()


def start_writing(page: Page) -> None:
    """From 投稿 to the form of a new draft."""
    with page.expect_navigation():
        page.click("text=开始写")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_zip_of_word_files_tells_how_far_it_is_and_turns_into_a_report(
    shelf: Library,
    desk_site: str,
    open_context: Opener,
    monkeypatch: pytest.MonkeyPatch,
    scripts: bool,
) -> None:
    may_read, read = threading.Event(), FileReader.read
    monkeypatch.setattr(FileReader, "read", lambda *given: may_read.wait(120) and read(*given))
    page = enter(open_context(width=390, java_script_enabled=scripts), shelf, desk_site, f"many{scripts}")
    page.goto(f"{desk_site}/submit")
    page.click("text=批量投稿")
    packed = zip_file({"虚构夜访.docx": build_case_document(CASE_TEMPLATE, FIELDS, {})})
    page.set_input_files("#file", {"name": "一批.zip", "mimeType": "application/zip", "buffer": packed})
    page.click("text=上传压缩包")
    expect(page.locator("#progress")).to_contain_text("已读 0 个，共 1 个")
    may_read.set()
    if not scripts:
        shelf.batches.wait(int(page.url.rpartition("/")[2]))
        page.click("text=刷新看进度")
    expect(page.locator("#made")).to_have_text("成了草稿的（1）")


@pytest.mark.parametrize("width", [390, 1280])
def test_every_control_of_the_form_is_as_wide_as_its_place(
    shelf: Library, desk_site: str, open_context: Opener, width: int
) -> None:
    page = enter(open_context(width=width), shelf, desk_site, f"wide{width}")
    page.goto(f"{desk_site}/submit")
    start_writing(page)
    narrow = page.eval_on_selector_all(
        ".draft .field input[type=text], .draft .field textarea, .draft .field select",
        "all => all.filter(one => one.offsetWidth !== one.parentElement.clientWidth"
        " - parseFloat(getComputedStyle(one.parentElement).paddingLeft)).map(one => one.id)",
    )
    assert narrow == []


def test_it_saves_by_itself_and_two_people_are_told(shelf: Library, desk_site: str, open_context: Opener) -> None:
    mine = enter(open_context(), shelf, desk_site, "first")
    mine.goto(f"{desk_site}/submit")
    start_writing(mine)
    address = mine.url.partition("?")[0]
    theirs = enter(open_context(), shelf, desk_site, "second")
    theirs.goto(address)
    expect(theirs.locator("#presence")).to_contain_text("虚构的first")
    mine.fill("#in-title", "甲写的虚构标题")
    expect(mine.locator("#said")).to_contain_text("已自动保存")
    expect(mine.locator("#presence")).to_contain_text("虚构的second")
    theirs.fill("#in-title", "乙写的虚构标题")
    expect(theirs.locator("#trouble")).to_contain_text("虚构的first刚才也保存了")
    theirs.click(".save-bar button[value='save']")
    expect(theirs.locator(".dispute")).to_contain_text("甲写的虚构标题")
    expect(theirs.locator("#in-title")).to_have_value("乙写的虚构标题")
    theirs.click(".save-bar button[value='save']")
    expect(theirs.locator("h1")).to_have_text("乙写的虚构标题")


def test_what_could_not_be_saved_is_offered_again(shelf: Library, desk_site: str, open_context: Opener) -> None:
    context = open_context()
    page = enter(context, shelf, desk_site, "offline")
    page.goto(f"{desk_site}/submit")
    start_writing(page)
    page.goto(page.url.partition("?")[0])
    page.route("**/autosave", lambda route: route.abort())
    page.fill("#in-title", "断网时写的虚构标题")
    expect(page.locator("#trouble")).to_contain_text("没能自动保存")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.click("text=放回来")
    expect(page.locator("#in-title")).to_have_value("断网时写的虚构标题")


def test_the_format_bar_writes_markdown_that_the_preview_shows(
    shelf: Library, desk_site: str, open_context: Opener
) -> None:
    page = enter(open_context(), shelf, desk_site, "format")
    page.goto(f"{desk_site}/submit")
    start_writing(page)
    page.fill("#in-practice", "先摸底")
    page.focus("#in-practice")
    page.keyboard.press("Control+A")
    page.click("#field-practice .format >> text=加粗")
    expect(page.locator("#in-practice")).to_have_value("**先摸底**")
    page.click("#field-practice .format >> text=看排版")
    expect(page.locator("section[aria-labelledby='practice'] strong")).to_have_text("先摸底")
