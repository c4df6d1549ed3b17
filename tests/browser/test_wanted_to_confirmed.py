"""The loop in one journey: nothing found, asked for, answered with a case, adopted, reported, confirmed; and what then stands
on case, mechanism, heat map, funnel and ranking. Made up."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.web import create_app
from tests.browser.conftest import Opener, serving
from tests.web.adopting import RESULTS, SCHOOL, VILLAGE
from tests.web.reviewing import SHIPPED, open_library
from tests.web.signed_in import make_account, sign_in

QUESTION = "楼门长没有人愿意当"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return open_library(tmp_path)


@pytest.fixture
def address(library: Library) -> Iterator[str]:
    with serving(library) as found:
        yield found


class Somebody:
    """A person of a unit at a browser of their own, signed in."""

    def __init__(self, library: Library, opener: Opener, address: str, name: str, role: Role, unit: str = "") -> None:
        client = sign_in(create_app(library).test_client(), library, make_account(library, name, role, unit=unit))
        cookie = client.get_cookie("session")
        assert cookie is not None
        context = opener(site=address)
        context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        self.page: Page = context.new_page()
        self.address = address

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def press(self, words: str) -> Page:
        """A link or button that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(f"main a:text-is('{words}'), main button:text-is('{words}')").first.click()
        return self.page


def test_a_problem_nobody_had_a_case_for_ends_as_a_confirmed_adoption(
    library: Library, address: str, open_context: Opener
) -> None:
    secretary = Somebody(library, open_context, address, "secretary", Role.READER, VILLAGE)
    steward = Somebody(library, open_context, address, "steward", Role.STEWARD)
    school = Somebody(library, open_context, address, "school", Role.READER, SCHOOL)

    assert numbers(secretary.open("/loop")) == {"案例": "2", "采用": "0", "待征集问题": "0"}
    secretary.open(f"/find?q={QUESTION}")
    secretary.press("提为待征集问题")
    if secretary.page.url.startswith(f"{address}/wanted/new"):
        secretary.press("提为待征集问题")
    asked = secretary.page.url.removeprefix(address)
    assert re.fullmatch(r"/wanted/\d+", asked)
    assert numbers(school.open("/loop")) == {"案例": "2", "采用": "0", "待征集问题": "1"}

    steward.open("/wanted/queue")
    steward.press(QUESTION)
    steward.page.click("summary:has-text('用案例答复')")
    steward.page.fill("#case", SHIPPED)
    steward.press("答复")

    secretary.open("/messages")
    secretary.page.locator("main button, main a").filter(has_text=QUESTION).first.click()
    secretary.page.wait_for_url(f"{address}{asked}")
    secretary.page.locator(".answer-case a").click()
    secretary.page.wait_for_url(f"{address}/cases/{SHIPPED}")
    secretary.press("采用这个机制")
    secretary.press("报“拟学”")
    adoption = secretary.page.url.removeprefix(address)
    secretary.page.check("[name='stage'][value='trial']")
    secretary.press("报上去")
    secretary.page.check("[name='stage'][value='landed']")
    for name, text in RESULTS.items():
        secretary.page.fill(f"[name='{name}']", text)
    secretary.page.fill("#changes", "结对的人改为两名。")
    secretary.page.fill("#proof", "虚构的结对台账")
    secretary.press("报上去")
    expect(secretary.page.locator(".waiting-told .tag")).to_have_text("落地")
    assert "已推广" not in school.open(f"/cases/{SHIPPED}").inner_text("main")

    school.open("/adoptions/waiting")
    school.page.locator(f"main a[href='{adoption}']").first.click()
    school.page.fill("#word", "看了会议记录，和所报一致。")
    school.press("确认落地")

    assert "已推广" in school.open(f"/cases/{SHIPPED}").inner_text(".byline")
    assert "已推广" in school.open("/mechanisms/pair-up").inner_text(".byline")
    assert numbers(school.open("/loop")) == {"案例": "2", "采用": "1", "待征集问题": "0"}
    school.open("/loop/funnel")
    steps = school.page.locator("table.rows").first.locator("tbody tr").all_inner_texts()
    assert [re.split(r"\s+", one) for one in steps][-1][1:] == ["1", "1"]
    ranked = school.open("/loop/ranking").inner_text("main")
    assert VILLAGE in ranked


def numbers(page: Page) -> dict[str, str]:
    """The large numbers at the head of the heat map that the journey moves."""
    told = [one.split("\n") for one in page.locator(".totals li").all_inner_texts()]
    return {
        label.split("，")[0]: number for number, label in told if label.split("，")[0] in ("案例", "采用", "待征集问题")
    }
