"""机制对比: two to four, row by row."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.web import create_app
from tests.made_up import MECHANISM
from tests.web.conftest import open_synced
from tests.web.page import Page

OTHER = MECHANISM.replace("id: pair-up", "id: monthly-visits").replace("title: 干部与支部结对", "title: 每月走访")


@pytest.fixture
def two(tmp_path: Path) -> Iterator[FlaskClient]:
    library = open_synced(tmp_path, {"mechanisms/monthly-visits.md": OTHER.replace("逐月到场]", "每月走访一次]")})
    with create_app(library).test_client() as client:
        yield client


def test_two_mechanisms_stand_side_by_side_and_what_they_share_is_marked(two: FlaskClient) -> None:
    page = Page(two.get("/compare?id=pair-up&id=monthly-visits").text)
    assert page.says("项目 干部与支部结对 每月走访")
    assert page.says("必须照做 逐月到场 每月走访一次")
    assert page.says("可以调整 结对的人数 同 结对的人数 同")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?id=pair-up", 400),
        ("?id=pair-up&id=pair-up", 400),
        ("?id=pair-up&id=nobody", 404),
        ("?" + "&".join(f"id=m{n}" for n in range(5)), 400),
        ("?" + "&".join(f"id=m{n}" for n in range(500)), 400),
    ],
)
def test_any_other_number_or_an_unknown_one_is_said_in_plain_words(two: FlaskClient, query: str, status: int) -> None:
    assert two.get(f"/compare{query}").status_code == status


def test_the_list_lets_one_choose_without_javascript(two: FlaskClient) -> None:
    text = two.get("/mechanisms").text
    assert '<form action="/compare" method="get">' in text
    assert 'name="id" value="pair-up"' in text
