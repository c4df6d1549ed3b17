"""用接口取数: the description is what is answered, nobody is shown more than on pages, errors and haste are told in words."""

import re
from collections.abc import Iterator

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.web import create_app
from kb.web.api.operations import OPERATIONS
from kb.web.api.records import Refusal
from tests.made_up import CASE
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import open_app, signed_in

V1 = "/api/v1"
ADDRESSES = {
    "search": f"{V1}/search?q=支部&field=village",
    "list_cases": f"{V1}/cases?size=1",
    "get_case": f"{V1}/cases/000000-2020-01",
    "list_highlights": f"{V1}/cases/000000-2021-02/highlights",
    "list_mechanisms": f"{V1}/mechanisms?problem=P5.1",
    "get_mechanism": f"{V1}/mechanisms/pair-up",
    "list_types": f"{V1}/types",
}


def document(client: FlaskClient) -> dict[str, object]:
    return client.get(f"{V1}/openapi.json").get_json()


def test_every_route_is_described_and_every_description_is_a_route(library: Library) -> None:
    app = open_app(library)
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(V1)}
    described = {V1 + re.sub(r"\{(\w+)\}", r"<\1>", path) for path in document(app.test_client())["paths"]}
    assert rules - described == {f"{V1}/openapi.json", f"{V1}/<path:rest>"}
    assert described <= rules


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_an_answer_has_the_shape_that_is_described(client: FlaskClient, operation: object) -> None:
    described = document(client)
    answer = client.get(ADDRESSES[operation.name])
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    shape = described["paths"][operation.path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    whole = {"components": described["components"], **shape}
    assert [error.message for error in jsonschema_rs.validator_for(whole).iter_errors(answer.get_json())] == []


def test_a_case_and_a_mechanism_say_what_their_pages_say(client: FlaskClient) -> None:
    case = client.get(ADDRESSES["get_case"]).get_json()
    assert case["title"] == "虚构镇用结对办法帮三个软弱涣散支部开起会来"
    assert case["problems"] == [{"id": "P5.1", "label": "软弱涣散"}]
    assert case["results"][0]["now"] == "0"
    assert case["sources"][0]["title"] == "虚构的报道"
    assert (case["period"], case["evidence"], case["address"]) == (
        "2019年1月—结束时间原文未载",
        "E0",
        "/cases/000000-2020-01",
    )
    told = client.get(ADDRESSES["list_highlights"]).get_json()
    assert told["highlights"][0] == {
        "kind": "成效数据", "text": "不开会的支部：3个 → 0个", "section": "成效数据", "dated": "2019-12",
    }  # fmt: skip
    assert "一年收上来三百张表，没有办成一件事" in [one["text"] for one in told["highlights"] if one["kind"] == "金句"]
    mechanism = client.get(ADDRESSES["get_mechanism"]).get_json()
    assert [one["id"] for one in mechanism["cases"]] == ["000000-2020-01", "000000-2021-02"]
    assert mechanism["loop"] == ["问题上来", "部署下去"]


def test_searching_finds_narrows_and_pages(client: FlaskClient) -> None:
    found = client.get(f"{V1}/search?q=催报表").get_json()
    assert (found["total"], [one["case"]["id"] for one in found["cases"]]) == (1, ["000000-2021-02"])
    assert found["words"] and found["cases"][0]["why"]
    narrowed = client.get(f"{V1}/search?q=支部&kind=lesson&kind=experience&unit=虚构镇党委").get_json()
    assert [one["case"]["id"] for one in narrowed["cases"]] == ["000000-2020-01"]
    pages = [client.get(f"{V1}/cases?size=1&page={page}").get_json() for page in (1, 2, 3)]
    assert [[one["id"] for one in page["cases"]] for page in pages] == [["000000-2020-01"], ["000000-2021-02"], []]
    assert [(page["total"], page["pages"]) for page in pages] == [(2, 2)] * 3


@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        ("/cases/000000-1999-01", 404, "没有找到这个案例。"),
        ("/mechanisms/none", 404, "没有找到这个机制。"),
        ("/nowhere/at/all", 404, "接口里没有这个地址。"),
        ("/cases?page=0", 400, "参数“page”要写 1 到 1000 之间的整数。"),
        ("/cases?size=101&page=x", 400, "参数“page”要写 1 到 1000 之间的整数；参数“size”要写 1 到 100 之间的整数。"),
        ("/cases?page=1&page=2", 400, "参数“page”只能写一次。"),
        ("/cases?problems=P5.1", 400, "没有“problems”这个参数。"),
        ("/search?order=hottest", 400, "参数“order”只能是 relevance、-year、id。"),
        ("/search?q=" + "字" * 2001, 400, "参数“q”超过 2000 字。"),
        ("/cases?unit=", 400, "参数“unit”要写，不超过 60 字。"),
        ("/cases?" + "&".join(f"unit={n}" for n in range(13)), 400, "参数“unit”至多写 12 次。"),
    ],
)
def test_what_cannot_be_answered_is_told_as_a_problem(
    client: FlaskClient, address: str, status: int, detail: str
) -> None:
    answer = client.get(V1 + address)
    told = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert (told["status"], told["detail"]) == (status, detail)
    assert set(told) == set(Refusal._fields)
    assert told["advice"] and re.fullmatch("[A-Z0-9]{6}", told["code"])


def test_nothing_is_changed_and_no_other_site_reads(client: FlaskClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.open(f"{V1}/cases", method=method)
        assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    answer = client.get(f"{V1}/cases", headers={"Origin": "https://other.example"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_one_sees_what_the_pages_show_and_no_answer_is_kept_for_another(tmp_path: object) -> None:
    internal = CASE.replace("000000-2020-01", "000000-2022-01").replace("visibility: 公开", "visibility: 系统内")
    library = open_synced(tmp_path, {"cases/000000-2022-01.md": internal})
    reader, guest = signed_in(library, "reader", Role.READER), open_app(library).test_client()
    for _ in range(2):
        assert reader.get(f"{V1}/cases").get_json()["total"] == 3
        assert guest.get(f"{V1}/cases").get_json()["total"] == 2
    assert [who.get(f"{V1}/cases/000000-2022-01").status_code for who in (reader, guest)] == [200, 404]
    assert guest.get(f"{V1}/search?q=结对&problem=P5.1").get_json()["facets"]["problem"] == [
        {"id": "P5.1", "label": "软弱涣散", "cases": 2}
    ]
    counted = {one["id"]: one["cases"] for one in guest.get(f"{V1}/types").get_json()["types"]}
    assert counted["P5.1"] == 2
    assert guest.get(f"{V1}/mechanisms/pair-up").get_json()["cases"][-1]["id"] != "000000-2022-01"
    assert reader.get(f"{V1}/cases").headers["Cache-Control"] == "no-store"


@pytest.fixture
def hasty(library: Library) -> Iterator[Flask]:
    app = create_app(library)
    app.config["API_LIMIT"] = 3
    yield app


def test_who_asks_too_fast_is_told_when_to_come_again(hasty: Flask) -> None:
    client = hasty.test_client()
    assert [client.get(f"{V1}/types").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = client.get(f"{V1}/cases")
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert answer.get_json()["detail"] == "这个地址一分钟内取得太多了。"
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert {client.get(page).status_code for page in ("/api", "/find", "/feeds/cases.atom")} == {200}
    other = client.get(f"{V1}/types", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert other.status_code == 200


def test_the_page_lists_what_is_described(client: FlaskClient) -> None:
    page = Page(client.get("/api").text)
    assert [words for level, words in page.headings if words.startswith(V1)] == [
        f"{V1}{operation.path} {operation.words}" for operation in OPERATIONS
    ]
    assert ("openapi.json", f"{V1}/openapi.json") in page.links
    assert page.says("一个地址一分钟至多取 120 次")


EXAMPLES = 5
"""Of each operation and kind of data: a few seconds of all."""


def test_whatever_is_asked_the_contract_holds(library: Library) -> None:
    """schemathesis: right and wrong parameters, none gives a fault of ours, nor an answer that is not described."""
    import schemathesis  # a second at least: here, so that only whoever runs this test pays for it
    from hypothesis import HealthCheck, Phase, given, settings

    app = create_app(library)
    app.config["API_LIMIT"] = 100_000
    schema = schemathesis.openapi.from_wsgi(f"{V1}/openapi.json", app)
    tried = []

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    def hold(case: schemathesis.Case) -> None:
        tried.append(case.operation.path)
        case.call_and_validate()

    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in schemathesis.GenerationMode:
            if mode is schemathesis.GenerationMode.NEGATIVE and not operation.query:
                continue
            given(case=operation.as_strategy(generation_mode=mode))(hold)()
    assert set(tried) == {operation.path for operation in OPERATIONS}
