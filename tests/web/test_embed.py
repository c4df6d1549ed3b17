"""推广中的机制, to embed: no script, nothing from elsewhere, framed by named sites alone."""

import re
from dataclasses import replace

import pytest

from kb.bootstrap import Library
from kb.config import load_settings
from kb.database.promotion_plans import SqlPlans
from kb.domain.promotion_plan import PlanState, PromotionPlan
from kb.errors import AskedWrongly
from kb.web import create_app
from tests.web.conftest import TODAY, open_synced
from tests.web.page import Page

ADDRESS = "/embed/mechanisms"
PLAN = PromotionPlan(
    number=0, mechanism="pair-up", case_id="", title="推广“干部与支部结对”", units=("虚构村党支部",), levels=(), fields=(),
    must_follow=(), may_adapt=(), start_kit=(), starts_on="2026-11-01", target_on="2027-03-01", answerable="虚构镇党委",
    state=PlanState.IN_FORCE,
)  # fmt: skip


def test_it_lists_the_mechanisms_with_a_plan_in_force_as_soon_as_there_is_one(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    library = open_synced(tmp_path_factory.mktemp("embed"))
    client = create_app(library).test_client()
    assert Page(client.get(ADDRESS).text).says("现在没有推广计划在执行。")
    with library.desk.writing() as session:
        SqlPlans(session).add(PLAN)
    page = client.get(ADDRESS)
    assert ("干部与支部结对", "/mechanisms/pair-up") in Page(page.text).links
    assert "虚构村党支部" not in page.text


def test_it_holds_no_script_and_nothing_from_elsewhere(library: Library) -> None:
    text = create_app(library).test_client().get(ADDRESS).text
    assert re.findall(r"<script|<style|\sstyle=|\son[a-z]+=|<form", text) == []
    assert re.findall(r"""(?:src|href)="(?!/)[^"]*""", text) == []


def test_nobody_may_frame_it_until_the_setting_says_who_and_then_those_alone(library: Library) -> None:
    headers = {}
    for origins in ((), ("https://www.example.gov.cn", "https://*.example.cn:8443")):
        settings = replace(library.settings, embed=origins)
        client = create_app(Library(settings, today=lambda: TODAY)).test_client()
        for _ in range(2):  # the page that was kept has the same headers
            page = client.get(ADDRESS)
            headers[origins] = (
                page.headers["Content-Security-Policy"].split("; ")[-1],
                page.headers.get("X-Frame-Options"),
            )
        assert "library.toml" not in page.text  # that is for the administrator, on the help page
        assert client.get("/").headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in client.get("/").headers["Content-Security-Policy"]
    assert list(headers.values()) == [
        ("frame-ancestors 'none'", "DENY"),
        ("frame-ancestors https://www.example.gov.cn https://*.example.cn:8443", None),
    ]


def test_sites_are_named_in_the_file_as_a_list_and_checked(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("settings")
    file = folder / "library.toml"
    file.write_text('embed = ["https://www.example.gov.cn", "http://10.0.0.8:8080"]\n', encoding="utf-8")
    assert load_settings({"KB_LIBRARY": str(folder)}).embed == ("https://www.example.gov.cn", "http://10.0.0.8:8080")
    assert load_settings({"KB_LIBRARY": str(folder), "KB_EMBED": ""}).embed == ()
    for wrong in ("https://a.example; script-src *", "*", "'self'", "https://a.example/path", "ftp://a.example"):
        file.write_text(f'embed = ["{wrong}"]\n', encoding="utf-8")
        with pytest.raises(AskedWrongly, match="可以嵌入的网站"):
            load_settings({"KB_LIBRARY": str(folder)})
    file.write_text('git = ["true"]\n', encoding="utf-8")
    with pytest.raises(AskedWrongly, match="“git”不能用"):
        load_settings({"KB_LIBRARY": str(folder)})
