"""转交 as a browser without scripts meets it: from a draft, and of what a disabled account left. All made up."""

import re

import pytest
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.domain.accounts import Role
from tests.services.writing_desk import UNIT
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import make_account, signed_in


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_synced(tmp_path_factory.mktemp("handovers"))


def editor(shelf: Library, name: str, unit: str = UNIT) -> FlaskClient:
    return signed_in(shelf, name, Role.EDITOR, unit=unit)


def begin(client: FlaskClient) -> str:
    return str(client.post("/submit/blank").headers["Location"])


def test_a_draft_goes_to_a_colleague_who_sees_from_whom(shelf: Library) -> None:
    giver, receiver = editor(shelf, "giver"), editor(shelf, "receiver")
    address = begin(giver)
    assert ("转交给同事", f"{address}/hand-over") in Page(giver.get(address).text).links
    html = giver.get(f"{address}/hand-over").text
    page = Page(html)
    number = make_account(shelf, "receiver").number
    offered = [int(value) for value in re.findall(r'name="receiver" value="(\d+)"', html)]
    assert (offered, page.says("虚构的receiver"), page.unclosed) == ([number], True, [])
    refused = giver.post(f"{address}/hand-over", data={"note": "请补成效"})
    assert (refused.status_code, Page(refused.text).says("没有选能接手的人")) == (400, True)
    assert 'value="请补成效"' in refused.text  # what was typed stands there again
    done = giver.post(f"{address}/hand-over", data={"receiver": str(number), "note": "请补成效"}, follow_redirects=True)
    assert Page(done.text).says("已转交") and Page(done.text).says("虚构的receiver 写")
    listed = Page(receiver.get("/drafts").text)
    assert listed.says("虚构的giver 的稿件") and listed.says("转来：请补成效")
    assert receiver.get(address).status_code == 200
    assert not Page(giver.get("/drafts").text).says("转来：请补成效")


def test_a_colleague_takes_a_submitted_one_over(shelf: Library) -> None:
    giver, taker = editor(shelf, "giver"), editor(shelf, "taker")
    address = begin(giver)
    page = Page(taker.get(f"{address}/hand-over").text)
    assert page.says("虚构的taker（我自己接手）")
    taken = taker.post(f"{address}/hand-over", data={"receiver": str(make_account(shelf, "taker").number)})
    assert taken.status_code == 303
    assert Page(taker.get("/drafts").text).says("由你接手")


def test_where_nobody_else_writes_the_page_says_what_to_do(shelf: Library) -> None:
    alone = editor(shelf, "alone", "虚构村党支部")
    address = begin(alone)
    assert Page(alone.get(f"{address}/hand-over").text).says("没有别的编辑账号在用")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.STEWARD])
def test_what_a_disabled_account_left_is_given_on_unread(shelf: Library, role: Role) -> None:
    leaver, heir = editor(shelf, f"leaver-{role.value}"), editor(shelf, "heir")
    address = begin(leaver)
    number = address.rpartition("/")[2]
    account = make_account(shelf, f"leaver-{role.value}")
    with shelf.desk.writing() as session:
        shelf.desk.accounts(session).change(account._replace(is_active=False, epoch=account.epoch + 1))
    assert leaver.get(address).status_code == 303  # signed out
    assert heir.get(address).status_code == 200  # of the unit: nothing is locked away
    keeper = signed_in(shelf, role.value, role)
    page = Page(keeper.get("/handovers").text)
    assert page.says(f"虚构的leaver-{role.value}（1 份）") and page.says(f"第 {number} 号")
    assert page.unclosed == [] and keeper.get(address).status_code == 404
    posted = f"/handovers/{account.number}"
    refused = keeper.post(posted, data={"unit": UNIT, "receiver": ""})
    assert (refused.status_code, Page(refused.text).says("没有选能接手的人")) == (400, True)
    form = {"unit": UNIT, "receiver": str(make_account(shelf, "heir").number), "note": "接着办"}
    done = keeper.post(posted, data=form, follow_redirects=True)
    assert Page(done.text).says("1 份稿件已转交") and not Page(done.text).says(f"虚构的leaver-{role.value}（")
    assert Page(heir.get("/drafts").text).says(f"由虚构的{role.value}转来：接着办")
