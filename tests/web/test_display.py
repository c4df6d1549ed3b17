"""字号与高对比: cookies that mean only what we know, and a way back that stays on this site."""

import pytest
from flask.testing import FlaskClient

from kb.web.local_path import local_path


def test_a_choice_is_kept_in_a_cookie_and_leads_back(client: FlaskClient) -> None:
    answer = client.post("/display", data={"size": "largest", "back": "/find?q=%E5%85%9A"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/find?q=%E5%85%9A")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("size=largest; ")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    client.post("/display", data={"contrast": "high", "back": "/"})
    assert '<html lang="zh-CN" class="size-largest contrast-high">' in client.get("/").text


@pytest.mark.parametrize("value", ["<script>", "huge", "", "large;x", "标准"])
def test_an_unknown_choice_or_cookie_changes_nothing(client: FlaskClient, value: str) -> None:
    answer = client.post("/display", data={"size": value, "contrast": value, "back": "/"})
    assert "Set-Cookie" not in answer.headers
    client.set_cookie("size", value)
    client.set_cookie("contrast", value)
    assert '<html lang="zh-CN" class="size-standard contrast-normal">' in client.get("/").text


@pytest.mark.parametrize(
    "back",
    ["//evil", "/\\evil", "https:evil", "https://evil/", "\\\\evil", "/%0d%0aSet-Cookie: a=b"[:0], "/\r\nSet-Cookie: a=b",
     "/\tevil", "javascript:alert(1)", " //evil", "/a\\b", "evil", "/\u2028x", ""],
)  # fmt: skip
def test_the_way_back_stays_on_this_site(client: FlaskClient, back: str) -> None:
    answer = client.post("/display", data={"size": "large", "back": back})
    assert answer.headers["Location"] == "/"
    assert answer.headers.getlist("Set-Cookie") == [
        h for h in answer.headers.getlist("Set-Cookie") if h.startswith("size=")
    ]


def test_a_path_is_kept_as_it_is() -> None:
    assert local_path("/find?q=a&level=town#count") == "/find?q=a&level=town#count"
    assert local_path("/%0d%0aSet-Cookie:a=b") == "/%0d%0aSet-Cookie:a=b"


def test_each_page_names_itself_as_the_way_back(client: FlaskClient) -> None:
    assert (
        '<input type="hidden" name="back" value="/find?q=%E5%85%9A&amp;page=2">'
        in client.get("/find?q=%E5%85%9A&page=2").text
    )
    assert '<input type="hidden" name="back" value="/">' in client.get("/nowhere").text
