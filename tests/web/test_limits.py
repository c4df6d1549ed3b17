"""What guests of one address may ask of the server: PDFs and previews a minute, new baskets an hour; who signed in, any number."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from kb.domain.accounts import Role
from kb.web import files
from tests.web.page import Page
from tests.web.publicity_desk import CASE_ID, EFFECT, Desk
from tests.web.signed_in import signed_in

PRINTED = (f"/cases/{CASE_ID}/official.pdf", "/find/list.pdf?q=结对")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("limits"))


@pytest.fixture(autouse=True)
def no_printing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(files, "write_document", lambda *_: b"made up")
    monkeypatch.setattr(files, "picture_pages", lambda *_: ())
    desk.app.extensions["kb.limiter"].reset()
    yield


def statuses(client: FlaskClient, *paths: str, address: str = "127.0.0.1") -> list[int]:
    return [client.get(path, environ_base={"REMOTE_ADDR": address}).status_code for path in paths]


def test_guests_of_one_address_get_so_many_pdfs_a_minute(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(desk.app.config, "PRINTED_LIMIT", "2 per minute")
    assert statuses(desk.client, *PRINTED, *PRINTED) == [200, 200, 429, 429]
    told = Page(desk.client.get(PRINTED[0]).text)
    assert told.says("生成 PDF 和预览太频繁。") and told.says("登录以后不限次数")
    assert statuses(desk.client, f"/cases/{CASE_ID}/official.docx") == [200]
    assert statuses(desk.client, *PRINTED, address="192.0.2.1") == [200, 200]
    reader = signed_in(desk.library, "reader", Role.READER, app=desk.app)
    assert statuses(reader, *PRINTED, *PRINTED) == [200] * 4


def test_a_preview_counts_as_one_and_shows_the_text_when_there_were_too_many(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(desk.app.config, "PRINTED_LIMIT", "1 per minute")
    desk.pick(EFFECT)
    made = desk.client.post("/pieces", data={"from": "basket", "piece": "bulletin", "title": "虚构的简报"}).location
    assert not Page(desk.client.get(f"{made}/preview").text).says("太频繁")
    again = Page(desk.client.get(f"{made}/preview").text)
    assert again.says("生成 PDF 和预览太频繁。") and again.says(EFFECT)


def test_new_baskets_of_one_address_are_counted_and_those_begun_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(desk.app.config, "BROWSER_LIMIT", "1 per hour")
    first, second = desk.app.test_client(), desk.app.test_client()
    key = desk.keys()[EFFECT]
    assert first.post("/highlights/pick", data={"pick": key}).status_code == 303
    refused = second.post("/highlights/pick", data={"pick": key})
    assert (refused.status_code, Page(refused.text).says("登录以后再选")) == (429, True)
    assert "Set-Cookie" not in refused.headers
    assert first.post("/highlights/basket", data={"do": "empty"}).status_code == 303
