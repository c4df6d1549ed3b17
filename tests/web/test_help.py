"""Help says what is so: its links open for the role it is written for, and the words it quotes stand on the pages."""

import re

import pytest

from kb.bootstrap import Library
from kb.domain.accounts import Role
from tests.made_up import ROOT
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import open_app, signed_in

TEMPLATES = ROOT / "templates"


@pytest.fixture(scope="module")
def desk_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_synced(tmp_path_factory.mktemp("help"))


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_every_link_of_a_role_s_help_opens_for_that_role(desk_library: Library, role: Role) -> None:
    client = signed_in(desk_library, role.value, role, unit="虚构镇党委", app=open_app(desk_library))
    links = dict.fromkeys(link for _, link in Page(client.get(f"/help/{role.value}").text).links if link[0] == "/")
    found = {link: client.get(link).status_code for link in links}
    assert len(found) > 10
    assert found == dict.fromkeys(links, 200)


def test_words_set_off_as_those_of_a_page_stand_on_one() -> None:
    pages = [path for path in TEMPLATES.rglob("*.*") if path.parent.name != "help"]
    words = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    quoted = {
        match
        for path in (TEMPLATES / "help").glob("*.html")
        for match in re.findall(r'key\("([^"]+)"\)', path.read_text(encoding="utf-8"))
    }
    assert len(quoted) > 40
    assert {one for one in quoted if one not in words} == set()


def test_help_stands_in_the_foot_of_every_page_and_above_the_desk(desk_library: Library) -> None:
    guest = Page(open_app(desk_library).test_client().get("/").text)
    editor = Page(signed_in(desk_library, "editor", Role.EDITOR, unit="虚构镇党委").get("/drafts").text)
    assert [page.links.count(("帮助", "/help")) for page in (guest, editor)] == [1, 2]


def test_the_list_marks_one_s_own_roles_and_an_unknown_role_is_told(desk_library: Library) -> None:
    client = signed_in(desk_library, "editor", Role.EDITOR, unit="虚构镇党委")
    page = Page(client.get("/help").text)
    assert [words for _, words in page.headings if "我的角色" in words] == ["编辑 我的角色"]
    assert client.get("/help/nobody").status_code == 404
