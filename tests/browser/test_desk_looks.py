"""Every page of the desk in several widths, sizes and contrasts: accounts, writing, review, revisions, stewardship. All made up."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from kb.bootstrap import Library
from kb.bootstrap.effects import EffectMeasuring
from kb.domain.accounts import Role
from kb.domain.spreadsheet import Sheet
from kb.domain.unit_sheet import key_of_unit
from kb.domain.unit_table import labels_of
from kb.exports import build_csv
from kb.services.measure_effect import Effect, Moved, write_effect
from kb.web import create_app
from tests.browser.conftest import Opener, serving
from tests.browser.looking import COLOURS, SHAPE, View, open_details, over_the_edge, serious_faults, turn
from tests.browser.word_case import write_word_case
from tests.made_up import UNIT_TEMPLATE
from tests.web.adopting import People
from tests.web.reviewing import (
    FIELDS,
    SHIPPED,
    STEPS,
    UNIT,
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
from tests.web.signed_in import signed_in

EDGES = (View(320, "largest"), View(390), View(768, "large"), View(1280), View(1280, "largest"))
WIDTHS = (View(390), View(1280))
"""Taken in turn by axe, a page each: the pages share their rows, cards and forms, and a look costs a second."""
THEMES = (View(390), View(390, "standard", "dark"), View(1280, "standard", "high"))


class DeskSite(NamedTuple):
    """A served library in many states: who is signed in, and pages by who opens them."""

    address: str
    clients: Mapping[str, FlaskClient]
    pages: tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def desk_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    folder = tmp_path_factory.mktemp("desk-looks")
    library = open_library(folder)
    again, new, passed = submit(library), submit(library), submit(library)
    decide(library, again, STEPS[0], "returned", **{"reason-causes": "写明为什么没有人过问", "note": "整体可以"})
    mend_and_submit(
        library, again, causes=FIELDS["causes"].replace("没有人过问", "换了几任干部"), keywords=["结对"] * 3
    )
    returned = submit(library)
    decide(library, returned, STEPS[0], "returned", **{"reason-causes": "写明为什么没有人过问", "note": "整体可以"})
    pass_all(library, passed)
    writer = editor(library)
    writer.post(f"/revisions/{SHIPPED}/start")
    change = submit(library, {"title": "虚构镇修订以后的一个新标题"}, record_id=SHIPPED, based_on=1)
    pass_all(library, change)
    include(library, change)
    draft = _import(writer, folder / "结对开会.docx")
    app = create_app(library)
    app.config["WTF_CSRF_ENABLED"] = False
    asked = app.test_client().post(f"/corrections/new/{SHIPPED}", data={"text": "标题不通。", "contact": "虚构科室"})
    ticket = asked.headers["Location"]
    library.missed.note("虚构的检索")
    managing = steward(library)
    with_effect = _propose_with_effect(library, managing)
    for text in ("虚构的没有人管的问题", "虚构的有了答复的问题"):
        writer.post("/wanted/new", data={"text": text, "detail": "说了一遍虚构的情况。"})
    managing.post("/wanted/2/answer", data={"version": "1", "case": SHIPPED, "words": "照着做。"})
    writer.post(f"/usefulness/case/{SHIPPED}", data={"verdict": "useful", "note": "好用"})
    administrator = signed_in(library, "administrator", Role.ADMINISTRATOR)
    publicity = signed_in(library, "publicity", Role.PUBLICITY)
    piece = _make_piece(publicity)
    own_unit, sheet = f"/units/{key_of_unit(UNIT)}", _send_sheet(writer)
    theme = _make_theme(publicity)
    people = People(library)
    landed = people.land(people.adopter)
    plan = people.plan()
    matter = {"kind": "supervision", "title": "虚构的事", "responsible": "虚构科室", "due_on": "2026-11-01"}
    people.steward.post("/supervision/new", data={**matter, "plan": str(plan)})
    pages = (
        ("adopter", "/adoptions"), ("adopter", "/adoptions/new?mechanism=pair-up"), ("adopter", f"/adoptions/{landed}"),
        ("adopter", "/adoptions/ledger"), ("adopter", "/mechanisms/pair-up/match"), ("confirmer", "/adoptions/waiting"),
        ("confirmer", f"/adoptions/{landed}"), ("steward", "/plans"), ("steward", f"/plans/{plan}"),
        ("steward", "/plans/new?mechanism=pair-up"), ("steward", "/supervision"), ("steward", "/supervision/1"),
        ("steward", f"/supervision/new?plan={plan}"), ("guest", "/promotion"),
        ("first", "/review"), ("first", f"/review/{again}"), ("first", f"/review/{new}"), ("final", f"/review/{passed}"),
        ("first", f"/review/{again}/sheet"), ("final", "/review/due"), ("steward", "/revisions"),
        ("steward", f"/revisions/{SHIPPED}"), ("final", f"/revisions/{SHIPPED}/2"), ("steward", "/corrections"),
        ("steward", ticket), ("guest", ticket), ("guest", f"/corrections/new/{SHIPPED}"),
        ("steward", "/wanted"), ("steward", "/wanted/queue"), ("steward", "/wanted/1"), ("editor", "/wanted/2"),
        ("editor", "/messages"), ("steward", "/usefulness"), ("editor", "/find?q=虚构的没有人管的问题"),
        ("guest", "/submit"), ("editor", "/submit"), ("editor", "/drafts"), ("editor", f"{draft}/import"),
        ("editor", draft), ("editor", f"{draft}/preview"), ("editor", f"{draft}/submit"), ("editor", f"{draft}/versions"),
        ("editor", f"{draft}/versions/1"), ("editor", f"{draft}/files"), ("editor", f"/drafts/{returned}"),
        ("editor", f"/drafts/{returned}/submit"), ("editor", "/password"), ("guest", "/sign-in"),
        ("steward", "/steward"), ("steward", "/steward/types"), ("steward", "/steward/indicators"), ("steward", "/steward/types/edit?id=P5.1"),
        ("steward", "/steward/missed"), ("steward", with_effect), ("guest", "/help/editor"),
        ("administrator", "/accounts"), ("administrator", "/accounts/new"), ("administrator", "/accounts/1"),
        ("editor", "/units"), ("editor", own_unit), ("editor", f"{own_unit}/edit"), ("editor", "/units/sheet"),
        ("editor", "/ledger-sheet"), ("editor", sheet), ("steward", "/reports"),
        ("publicity", "/highlights"), ("publicity", f"/highlights/{SHIPPED}"), ("publicity", "/highlights/basket"),
        ("publicity", "/highlights/favourites"), ("publicity", "/pieces"),
        ("publicity", "/themes"), ("publicity", theme), ("publicity", f"{theme}/edit"), ("publicity", "/themes/new?q=支部"),
        ("publicity", "/pieces/new?from=basket"), ("publicity", piece), ("publicity", f"{piece}/rich"),
        ("administrator", "/accounts/rights"), ("administrator", "/layouts"), ("auditor", "/audit"), ("auditor", "/audit/check"),
    )  # fmt: skip
    clients = {
        "first": reviewer(library, STEPS[0]),
        "final": reviewer(library, STEPS[2]),
        "steward": managing,
        "editor": writer,
        "adopter": people.adopter,
        "confirmer": people.confirmer,
        "administrator": administrator,
        "publicity": publicity,
        "auditor": signed_in(library, "auditor", Role.AUDITOR, unit=UNIT),
    }
    with serving(library) as address:
        yield DeskSite(address, clients, pages)


def _propose_with_effect(library: Library, client: FlaskClient) -> str:
    """The address of a change that was measured: better here, worse there."""
    with pytest.MonkeyPatch.context() as patch:
        effect = Effect(2, (1, 2), (2, 1), (Moved("支部开不成会怎么办", 1, 0), Moved("没有人管", 3, 1)), 2, ())
        patch.setattr(EffectMeasuring, "start", lambda self, edit: self._keep(edit.number, write_effect(effect)))
        return client.post("/steward/terms/edit", data={"word": "虚构新词"}).headers["Location"]


def _make_theme(client: FlaskClient) -> str:
    form = {"made_of": "list", "title": "虚构的专题", "intro": "为测试编写。", "case_ids": SHIPPED, "deed": "save"}
    return str(client.post("/themes/new", data=form).headers["Location"])


def _make_piece(client: FlaskClient) -> str:
    """The address of a piece of what the basket holds, with a text of one's own in it; one favourite besides."""
    keys = re.findall(r'name="pick" value="([^"]+)"', client.get(f"/highlights/{SHIPPED}").text)
    client.post("/highlights/pick", data={"pick": keys[:4]})
    client.post("/highlights/favourites", data={"kind": "case", "subject": SHIPPED, "do": "add"})
    made = client.post(
        "/pieces", data={"from": "basket", "piece": "bulletin", "title": "虚构的一期简报", "name": "虚构简报"}
    )
    address = str(made.headers["Location"])
    client.post(address, data={"version": "1", "title": "虚构的一期简报", "do": "own:1"})
    return address


def _send_sheet(client: FlaskClient) -> str:
    """The address of a sheet of units that waits for its sender's word, one row to be taken and one that cannot be."""
    texts = {"单位": UNIT, "单位类别": "机关", "数据截至": "2026"}
    rows = [texts.get(label, "") for label in labels_of(UNIT_TEMPLATE)]
    sheet = Sheet("单位表", labels_of(UNIT_TEMPLATE), (tuple(rows), ("虚构的别处", *rows[1:])))
    file = (BytesIO(build_csv(sheet)), "虚构.csv")
    return str(client.post("/units/sheet", data={"file": file}, content_type="multipart/form-data").headers["Location"])


def _import(client: FlaskClient, path: Path) -> str:
    """The address of a draft made from a Word file, with what it did not answer still to fill in."""
    write_word_case(path, path.stem)
    with path.open("rb") as file:
        sent = client.post("/submit/upload", data={"file": (file, path.name)}, content_type="multipart/form-data")
    return str(sent.headers["Location"]).removesuffix("/import")


def test_pages_of_the_desk_are_readable_and_nothing_reaches_over_the_edge(
    desk_site: DeskSite, open_context: Opener
) -> None:
    opened: dict[str, Page] = {}
    faults: dict[tuple[str, str, View], object] = {}
    for place, (who, path) in enumerate(desk_site.pages):
        if who not in opened:
            opened[who] = _open(desk_site, open_context, who)
        page = opened[who]
        assert page.goto(desk_site.address + path).ok, (who, path)  # type: ignore[union-attr]
        open_details(page)
        for view in EDGES:
            turn(page, view)
            faults["edge", path, view] = over_the_edge(page)
        for view, rules in ((WIDTHS[place % 2], SHAPE), (THEMES[place % 3], COLOURS)):
            turn(page, view)
            faults["colours" if rules is COLOURS else "shape", path, view] = serious_faults(page, rules)
    assert {where: found for where, found in faults.items() if found} == {}


def _open(site: DeskSite, open_context: Opener, who: str) -> Page:
    context = open_context(bypass_csp=True)
    if who in site.clients:
        cookie = site.clients[who].get_cookie("session")
        assert cookie is not None
        context.add_cookies([{"name": "session", "value": cookie.value, "url": site.address}])
    return context.new_page()
