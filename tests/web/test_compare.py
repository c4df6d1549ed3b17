"""机制对比: two to four, row by row."""

import re
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


TOO_FEW, TOO_MANY = "至少选两个机制再对比", "一次最多对比四个机制"


@pytest.mark.parametrize(
    ("query", "said", "ticked"),
    [
        ("", TOO_FEW, []),
        ("id=pair-up", TOO_FEW, ["pair-up"]),
        ("id=pair-up&id=pair-up", TOO_FEW, ["pair-up"]),
        ("problem=P5&id=pair-up", TOO_FEW, ["pair-up"]),
        ("id=nobody", TOO_FEW, []),
        ("id=pair-up&" + "&".join(f"id=m{n}" for n in range(4)), TOO_MANY, ["pair-up"]),
        ("&".join(f"id=m{n}" for n in range(500)), TOO_MANY, []),
    ],
)
def test_any_other_number_leads_back_to_the_list_with_what_was_ticked(
    two: FlaskClient, query: str, said: str, ticked: list[str]
) -> None:
    back = two.get(f"/compare?{query}")
    assert (back.status_code, back.location.partition("?")[0]) == (303, "/mechanisms")
    assert ("problem=P5" in back.location) == ("problem=P5" in query)
    text = two.get(back.location).text
    assert [words for words in (TOO_FEW, TOO_MANY) if words in text] == [said]
    assert re.findall(r'value="([^"]+)" checked', text) == ticked


def test_an_unknown_mechanism_is_not_found(two: FlaskClient) -> None:
    assert two.get("/compare?id=pair-up&id=nobody").status_code == 404


def test_a_list_to_which_nobody_was_led_back_says_nothing_of_it(two: FlaskClient) -> None:
    text = two.get("/mechanisms?problem=P5").text
    assert TOO_FEW not in text and '<input type="hidden" name="problem" value="P5">' in text


def test_the_list_lets_one_choose_without_javascript(two: FlaskClient) -> None:
    text = two.get("/mechanisms").text
    assert '<form action="/compare" method="get">' in text
    assert 'name="id" value="pair-up"' in text
