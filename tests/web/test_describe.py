"""说说情况 and the suggestions of the search box."""

from flask.testing import FlaskClient

from kb.services.describe_problem import TEXT_LIMIT
from tests.web.page import Page

TEXT = "村里有三个支部，书记都在外面。支部开不成会，也办不成事，党员两年没有见过面。"


def test_a_description_is_answered_with_types_cases_and_mechanisms(client: FlaskClient) -> None:
    page = Page(client.post("/describe", data={"text": TEXT}).text)
    assert [words for level, words in page.headings if level == 2] == [
        "像是这些问题", "可以看这些案例", "可以用的机制", "没有合适的？",
    ]  # fmt: skip
    assert page.says("软弱涣散")
    assert page.says("依据：支部开不成会，也办不成事，党员两年没有见过面。")


def test_the_text_stays_in_the_box_and_is_nowhere_kept(client: FlaskClient) -> None:
    assert TEXT in client.post("/describe", data={"text": TEXT}).text
    assert TEXT not in client.get("/describe").text


def test_an_empty_or_odd_text_is_answered_in_plain_words(client: FlaskClient) -> None:
    assert Page(client.post("/describe", data={"text": "  "}).text).says("还没有写情况")
    assert Page(client.post("/describe", data={"text": "zzzz qqqq"}).text).says("没有找到相近的案例")
    assert client.post("/describe", data={}).status_code == 200


def test_a_long_text_is_cut_and_a_huge_one_refused(client: FlaskClient) -> None:
    page = Page(client.post("/describe", data={"text": "支部不开会。" * 1000}).text)
    assert page.says(f"文字超过 {TEXT_LIMIT} 字")
    assert client.post("/describe", data={"text": "会" * 200_000}).status_code == 413


def test_script_in_a_description_is_text(client: FlaskClient) -> None:
    answer = client.post(
        "/describe", data={"text": "</textarea><script>alert(1)</script>支部不开会，没有人召集大家"}
    ).text
    assert "<script>alert" not in answer
    assert "&lt;/textarea&gt;&lt;script&gt;" in answer


def test_a_long_question_is_typed_above_its_answers(client: FlaskClient) -> None:
    assert Page(client.get("/find", query_string={"q": TEXT}).text).says("像是这类问题 软弱涣散")
    assert not Page(client.get("/find", query_string={"q": "支部"}).text).says("像是这类问题")


def test_suggestions_are_json_and_bounded(client: FlaskClient) -> None:
    lines = client.get("/find/suggest", query_string={"q": "软弱"}).get_json()
    assert lines[0] == {"text": "软弱涣散", "kind": "问题类型"}
    assert len(lines) <= 8
    for odd in ("", "  ", "*", "'; DROP TABLE", "x" * 5000, "\x00", "%"):
        assert client.get("/find/suggest", query_string={"q": odd}).status_code == 200
