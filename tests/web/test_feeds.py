"""订阅: each feed is Atom by its rules, holds public included cases alone, newest first, and says when nothing changed."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree

from kb.bootstrap import Library
from kb.database.kept_tables import RevisionRow
from kb.domain.accounts import Role
from kb.services.feed_cases import CaseFeed, included_at
from kb.web import create_app
from kb.web.feeds.atom import write_atom
from tests.made_up import CASE
from tests.web.conftest import TODAY, open_synced
from tests.web.page import Page
from tests.web.signed_in import open_app, signed_in

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["/feeds/cases.atom", "/feeds/problems/P5.atom", "/feeds/problems/P5.1.atom", "/feeds/units/虚构镇党委.atom"]
PAIR, LESSON = "虚构镇用结对办法帮三个软弱涣散支部开起会来", "虚构村催报表催出一堆空台账的教训"


def read_feed(text: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(text, parser)


def atom_faults(feed: etree._Element) -> list[str]:
    """What RFC 4287 asks of a feed and of each entry, as far as it can be told from the file."""
    faults = [] if feed.tag == f"{ATOM}feed" else ["the root is no feed"]
    faults += [f"feed has {n} {name}" for name, n in _counts(feed, ("id", "title", "updated")).items() if n != 1]
    entries = feed.findall(f"{ATOM}entry")
    if not feed.findall(f"{ATOM}author") and not all(entry.findall(f"{ATOM}author") for entry in entries):
        faults.append("nobody is its author")
    if [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") != 1:
        faults.append("no link to itself")
    for entry in entries:
        faults += [f"entry has {n} {name}" for name, n in _counts(entry, ("id", "title", "updated")).items() if n != 1]
        if not any(link.get("rel") in (None, "alternate") for link in entry.findall(f"{ATOM}link")):
            faults.append("an entry leads nowhere")
        times = [entry.findtext(f"{ATOM}{name}") for name in ("published", "updated")]
        if all(times) and datetime.fromisoformat(times[0]) > datetime.fromisoformat(times[1]):
            faults.append("an entry was changed before it was made")
    ids = [one.text for one in feed.iter(f"{ATOM}id")]
    faults += [f"{one} is no absolute IRI" for one in ids if not re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one)]
    faults += ["an id stands twice"] if len(ids) != len(set(ids)) else []
    for tag in ("updated", "published"):
        faults += [f"{one.text} is no moment" for one in feed.iter(f"{ATOM}{tag}") if not _is_moment(one.text)]
    return faults


def _counts(element: etree._Element, names: tuple[str, ...]) -> dict[str, int]:
    return {name: len(element.findall(f"{ATOM}{name}")) for name in names}


def _is_moment(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)", text) is not None


def titles(feed: etree._Element) -> list[str]:
    return [entry.find(f"{ATOM}title").text for entry in feed.findall(f"{ATOM}entry")]


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_keeps_the_rules_of_atom(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert atom_faults(read_feed(answer.data)) == []


def test_the_rules_find_what_is_wrong(client: FlaskClient) -> None:
    feed = read_feed(client.get("/feeds/cases.atom").data)
    first = feed.find(f"{ATOM}entry")
    first.remove(first.find(f"{ATOM}updated"))
    first.find(f"{ATOM}id").text = "000000-2020-01"
    feed.remove(feed.find(f"{ATOM}author"))
    assert atom_faults(feed) == ["nobody is its author", "entry has 0 updated", "000000-2020-01 is no absolute IRI"]


def test_an_entry_tells_the_case_and_leads_to_it(client: FlaskClient) -> None:
    feed = read_feed(client.get("/feeds/cases.atom").data)
    assert titles(feed) == [PAIR, LESSON]
    entry = feed.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href") == "/cases/000000-2020-01"
    assert entry.find(f"{ATOM}summary").text.startswith("虚构镇有支部长期不开会。")
    assert entry.find(f"{ATOM}updated").text == "2026-01-01T00:00:00+08:00"
    assert [dict(one.attrib) for one in entry.findall(f"{ATOM}category")] == [{"term": "P5.1", "label": "软弱涣散"}]


def test_each_feed_holds_its_own_cases(client: FlaskClient) -> None:
    expected = {
        "/feeds/problems/P5.atom": [PAIR, LESSON],
        "/feeds/problems/P1.atom": [],
        "/feeds/problems/P9.9.atom": [PAIR, LESSON],  # retired: those of its successor
        "/feeds/units/虚构镇党委.atom": [PAIR],
        "/feeds/units/虚构村党支部.atom": [LESSON],
    }
    assert {address: titles(read_feed(client.get(address).data)) for address in expected} == expected
    for address in ("/feeds/problems/P7.atom", "/feeds/units/没有这个单位.atom"):
        assert client.get(address).status_code == 404


def test_ids_stay_when_the_case_changes_its_title(tmp_path: Path) -> None:
    changed = CASE.replace("开起会来", "把会开起来")
    ids = []
    for name, files in (("before", {}), ("after", {"cases/000000-2020-01.md": changed})):
        found = read_feed(open_app(open_synced(tmp_path / name, files)).test_client().get(FEEDS[3]).data)
        ids.append([one.text for one in found.iter(f"{ATOM}id")])
    assert ids[0] == ids[1]


def test_a_revised_case_comes_first_with_the_moment_of_its_revision(tmp_path: Path) -> None:
    library = open_synced(tmp_path)
    client = open_app(library).test_client()
    for _ in range(2):  # made, then as it was kept
        assert titles(read_feed(client.get("/feeds/cases.atom").data)) == [PAIR, LESSON]
    with library.desk.writing() as session:
        row = {"published_by": 1, "submission": 0, "sha256": "0" * 64, "text": "", "reason": "为测试"}
        for number, at in ((1, "2026-11-22T08:00:00+00:00"), (2, "2026-11-23T08:00:00.5+00:00")):
            session.add(RevisionRow(record_id="000000-2021-02", number=number, published_at=at, **row))
    feed = read_feed(client.get("/feeds/cases.atom").data)
    assert titles(feed) == [LESSON, PAIR]
    first = feed.find(f"{ATOM}entry")
    found = [first.find(f"{ATOM}{name}").text for name in ("published", "updated")]
    assert found == ["2021-01-01T00:00:00+08:00", "2026-11-23T08:00:00+00:00"]
    assert feed.find(f"{ATOM}updated").text == "2026-11-23T08:00:00+00:00"


@pytest.mark.parametrize("keeps", [True, False], ids=["pages kept", "pages not kept"])
def test_a_reader_s_own_copy_is_not_sent_again(library: Library, keeps: bool) -> None:
    settings = replace(library.settings, keeps_results=keeps)
    client = create_app(Library(settings, today=lambda: TODAY)).test_client()
    first = client.get("/feeds/cases.atom")
    assert first.headers["Last-Modified"] == "Wed, 31 Dec 2025 16:00:00 GMT"
    for known in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        for _ in range(2):
            again = client.get("/feeds/cases.atom", headers=known)
            assert (again.status_code, again.data) == (304, b"")
    for old in ({"If-None-Match": '"other"'}, {"If-Modified-Since": "Tue, 30 Dec 2025 16:00:00 GMT"}):
        assert client.get("/feeds/cases.atom", headers=old).data == first.data


def test_addresses_are_absolute_only_where_the_library_was_told_its_own(library: Library) -> None:
    settings = replace(library.settings, host="0.0.0.0")
    told = replace(settings, address="https://anli.example.cn")
    found = []
    for one in (settings, told):
        client = create_app(Library(one, today=lambda: TODAY)).test_client()
        host = "anli.example.cn" if one.address else "evil.example"
        answer = client.get("/feeds/cases.atom", headers={"Host": host, "X-Forwarded-Host": "evil.example"})
        assert b"evil.example" not in answer.data
        found.append([link.get("href") for link in read_feed(answer.data).iter(f"{ATOM}link")])
    assert found[0] == ["/feeds/cases.atom", "/", "/cases/000000-2020-01", "/cases/000000-2021-02"]
    assert found[1] == [f"https://anli.example.cn{path}" for path in found[0]]


def test_a_feed_is_a_guest_s_whoever_is_signed_in(tmp_path: Path) -> None:
    internal = CASE.replace("000000-2020-01", "000000-2022-01").replace("visibility: 公开", "visibility: 系统内")
    library = open_synced(tmp_path, {"cases/000000-2022-01.md": internal})
    reader = signed_in(library, "reader", Role.READER)
    guest = open_app(library).test_client()
    assert b"000000-2022-01" in reader.get("/cases/000000-2022-01").data
    for address in FEEDS:
        assert reader.get(address).data == guest.get(address).data
        assert b"000000-2022-01" not in guest.get(address).data


def test_odd_characters_never_break_a_feed(library: Library) -> None:
    app = open_app(library)
    with app.test_request_context():
        moment = datetime.fromisoformat("2026-11-23T00:00:00+08:00")
        feed = CaseFeed("cases", "虚构\x0b的\ud800<新>&案例\ufffe𠮷\u2028", moment, ())
        found = read_feed(write_atom(feed, ""))
    assert atom_faults(found) == []
    assert found.findtext(f"{ATOM}title") == "虚构的<新>&案例𠮷\u2028 · 党建创新案例库"


def test_pages_name_the_feed_of_what_they_show(client: FlaskClient) -> None:
    def named(address: str) -> list[str]:
        text = client.get(address).text
        return re.findall(r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)">', text)

    assert named("/problems/P5.1") == ["/feeds/problems/P5.1.atom"]
    assert named("/find") == ["/feeds/cases.atom"]
    assert named("/find?problem=P5.1") == ["/feeds/problems/P5.1.atom"]
    assert named("/find?unit=虚构镇党委") == ["/feeds/units/%E8%99%9A%E6%9E%84%E9%95%87%E5%85%9A%E5%A7%94.atom"]
    assert named("/find?q=支部&unit=虚构镇党委") == ["/feeds/cases.atom"]
    assert ("订阅这类问题的新案例", "/feeds/problems/P5.1.atom") in Page(client.get("/problems/P5.1").text).links


def test_the_first_moment_of_a_day_is_that_of_china() -> None:
    found = {text: included_at(text) for text in ("2027-11-23", "2028-02-29", "2027-11", "原文未载", "")}
    assert found == {
        "2027-11-23": datetime.fromisoformat("2026-11-23T00:00:00+08:00"),
        "2028-02-29": datetime.fromisoformat("2027-02-28T00:00:00+08:00"),
        "2027-11": None,
        "原文未载": None,
        "": None,
    }
