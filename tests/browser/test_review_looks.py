"""Pages of review, revisions, corrections and stewardship in several widths, sizes and contrasts; all made up."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from kb.bootstrap import Library
from kb.bootstrap.effects import EffectMeasuring
from kb.services.measure_effect import Effect, Moved, write_effect
from kb.web import create_app
from tests.browser.conftest import Opener, serving
from tests.browser.test_looks import serious_faults
from tests.web.reviewing import (
    FIELDS,
    SHIPPED,
    STEPS,
    decide,
    editor,
    include,
    mend_and_submit,
    open_library,
    pass_all,
    reviewer,
    steward,
    submit,
)

VIEWS = [(320, "largest", "normal"), (390, "standard", "dark"), (1280, "standard", "high"), (1280, "largest", "normal")]


class DeskSite(NamedTuple):
    """A served library in many states: who is signed in, and pages by who opens them."""

    address: str
    clients: Mapping[str, FlaskClient]
    pages: tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def desk_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    library = open_library(tmp_path_factory.mktemp("desk-looks"))
    again, new, passed = submit(library), submit(library), submit(library)
    decide(library, again, STEPS[0], "returned", **{"reason-causes": "写明为什么没有人过问", "note": "整体可以"})
    mend_and_submit(
        library, again, causes=FIELDS["causes"].replace("没有人过问", "换了几任干部"), keywords=["结对"] * 3
    )
    pass_all(library, passed)
    editor(library).post(f"/revisions/{SHIPPED}/start")
    change = submit(library, {"title": "虚构镇修订以后的一个新标题"}, record_id=SHIPPED, based_on=1)
    pass_all(library, change)
    include(library, change)
    app = create_app(library)
    app.config["WTF_CSRF_ENABLED"] = False
    asked = app.test_client().post(f"/corrections/new/{SHIPPED}", data={"text": "标题不通。", "contact": "虚构科室"})
    ticket = asked.headers["Location"]
    library.missed.note("虚构的检索")
    managing = steward(library)
    with_effect = _propose_with_effect(library, managing)
    pages = (
        ("steward", "/steward"), ("steward", "/steward/types"), ("steward", "/steward/types/edit?id=P5.1"),
        ("steward", "/steward/missed"), ("steward", with_effect),
        ("first", "/review"), ("first", f"/review/{again}"), ("first", f"/review/{new}"), ("final", f"/review/{passed}"),
        ("first", f"/review/{again}/sheet"), ("final", "/review/due"), ("steward", "/revisions"),
        ("steward", f"/revisions/{SHIPPED}"), ("final", f"/revisions/{SHIPPED}/2"), ("steward", "/corrections"),
        ("steward", ticket), ("guest", ticket), ("guest", f"/corrections/new/{SHIPPED}"),
    )  # fmt: skip
    clients = {"first": reviewer(library, STEPS[0]), "final": reviewer(library, STEPS[2]), "steward": managing}
    with serving(library) as address:
        yield DeskSite(address, clients, pages)


def _propose_with_effect(library: Library, client: FlaskClient) -> str:
    """The address of a change that was measured: better here, worse there."""
    with pytest.MonkeyPatch.context() as patch:
        effect = Effect(2, (1, 2), (2, 1), (Moved("支部开不成会怎么办", 1, 0), Moved("没有人管", 3, 1)), 2, ())
        patch.setattr(EffectMeasuring, "start", lambda self, edit: self._keep(edit.number, write_effect(effect)))
        return client.post("/steward/terms/edit", data={"word": "虚构新词"}).headers["Location"]


@pytest.mark.parametrize(("width", "size", "contrast"), VIEWS)
def test_pages_of_the_desk_are_readable_and_nothing_reaches_over_the_edge(
    desk_site: DeskSite, open_context: Opener, width: int, size: str, contrast: str
) -> None:
    faults = {}
    for who, path in desk_site.pages:
        page = _open(desk_site, open_context, who, width=width, size=size, contrast=contrast)
        page.goto(desk_site.address + path)
        for details in page.locator("main details").all():
            details.evaluate("element => { element.open = true }")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = serious_faults(page)
        if over or found:
            faults[path] = (over, found)
        page.context.close()
    assert faults == {}


def _open(site: DeskSite, open_context: Opener, who: str, *, width: int, size: str, contrast: str) -> Page:
    context = open_context(width=width, size=size, contrast=contrast, site=site.address, bypass_csp=True)
    if who in site.clients:
        cookie = site.clients[who].get_cookie("session")
        assert cookie is not None
        context.add_cookies([{"name": "session", "value": cookie.value, "url": site.address}])
    return context.new_page()
