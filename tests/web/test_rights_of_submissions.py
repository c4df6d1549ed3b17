"""Who gets what of a submission: every route about one, every role, every stage; generated from the routes.

What one may not see answers exactly as a number nobody has: neither the page nor its code tells that it is there. To
add a route about a submission, add its line to SHOWN.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.domain.accounts import Actor, Role
from kb.domain.submission import USUAL_STEPS, Submission, may_see
from kb.domain.workflow import Stage
from kb.services.account_records import Account
from tests.web.conftest import open_synced
from tests.web.signed_in import make_account, open_app, sign_in

TOWN, VILLAGE = "虚构镇党委", "虚构村党支部"
STEPS = tuple(step.id for step in USUAL_STEPS)
NOBODYS = 999_999
"""A number no submission has."""
SECRET = "翡翠壶"
"""A word that stands in every submission and nowhere else."""
ACCOUNTS: dict[str, tuple[tuple[Role, ...], str, tuple[str, ...]]] = {
    "writer": ((Role.EDITOR,), TOWN, ()),
    "colleague": ((Role.EDITOR,), TOWN, ()),
    "villager": ((Role.EDITOR,), VILLAGE, ()),
    "holder": ((Role.REVIEWER,), TOWN, STEPS),
    "stepless": ((Role.REVIEWER,), "", ()),
    **{role.value: ((role,), TOWN, ()) for role in Role if role not in (Role.EDITOR, Role.REVIEWER)},
}
GUEST = "guest"
WHO = (GUEST, *ACCOUNTS)
STAGES = tuple(Stage)
FORM = {"version": "1", "whole": "yes", "step": STEPS[0], "decision": "passed"}
"""What is posted everywhere: enough to be judged by right before anything else is found wrong."""


class Shown(NamedTuple):
    """Codes for those who may see a submission, by stage in the order of Stage (draft, submitted, matured, included,
    returned, archived); 0 where it is hidden from them."""

    writers: tuple[int, ...]
    holder: tuple[int, ...]
    stepless: tuple[int, ...]


def hand_in(writers: int, *, else_: int) -> tuple[int, ...]:
    """What writers get: one code while it is theirs to change, another from then on."""
    return (writers, else_, else_, else_, writers, else_)


def reviewers(code: int) -> tuple[int, ...]:
    """From the day it is submitted."""
    return (0, code, code, code, code, code)


REFUSED = (403,) * 6
"""Said to those who write, of the pages of review, whatever number they ask for."""
READ = (200,) * 6
SHOWN: dict[str, Shown] = {
    "GET /drafts/<int:number>": Shown(hand_in(200, else_=303), reviewers(303), reviewers(303)),
    "POST /drafts/<int:number>": Shown(hand_in(303, else_=403), reviewers(403), reviewers(403)),
    "POST /drafts/<int:number>/autosave": Shown(hand_in(200, else_=403), reviewers(403), reviewers(403)),
    "GET /drafts/<int:number>/preview": Shown(READ, reviewers(200), reviewers(200)),
    "GET /drafts/<int:number>/import": Shown(hand_in(400, else_=403), reviewers(403), reviewers(403)),
    "POST /drafts/<int:number>/import": Shown(hand_in(303, else_=403), reviewers(403), reviewers(403)),
    "GET /drafts/<int:number>/files": Shown(READ, reviewers(200), reviewers(200)),
    "POST /drafts/<int:number>/files": Shown(hand_in(400, else_=403), reviewers(403), reviewers(403)),
    "GET /drafts/<int:number>/files/<int:file>": Shown((404,) * 6, reviewers(404), reviewers(404)),
    "POST /drafts/<int:number>/files/<int:file>/remove": Shown(hand_in(404, else_=403), reviewers(403), reviewers(403)),
    "GET /drafts/<int:number>/submit": Shown(hand_in(200, else_=403), reviewers(403), reviewers(403)),
    "POST /drafts/<int:number>/submit": Shown(hand_in(400, else_=403), reviewers(403), reviewers(403)),
    "POST /drafts/<int:number>/withdraw": Shown((400, 303, 400, 400, 400, 400), reviewers(403), reviewers(403)),
    "GET /drafts/<int:number>/versions": Shown(READ, reviewers(200), reviewers(200)),
    "GET /drafts/<int:number>/versions/<int:version>": Shown(READ, reviewers(200), reviewers(200)),
    "POST /drafts/<int:number>/versions": Shown(hand_in(303, else_=403), reviewers(403), reviewers(403)),
    "GET /drafts/<int:number>/hand-over": Shown((200, 200, 200, 403, 200, 403), reviewers(403), reviewers(403)),
    "POST /drafts/<int:number>/hand-over": Shown((400, 400, 400, 403, 400, 403), reviewers(403), reviewers(403)),
    "GET /review/<int:number>": Shown(REFUSED, reviewers(200), reviewers(200)),
    "GET /review/<int:number>/sheet": Shown(REFUSED, reviewers(200), reviewers(200)),
    "GET /review/<int:number>/sheet.<any(docx, pdf):kind>": Shown(REFUSED, reviewers(200), reviewers(200)),
    "POST /review/<int:number>/decide": Shown(REFUSED, (0, 303, 409, 409, 409, 409), (0, 403, 409, 409, 409, 409)),
    "POST /review/<int:number>/include": Shown(REFUSED, reviewers(400), reviewers(400)),
    "POST /review/<int:number>/rebase": Shown(REFUSED, reviewers(400), reviewers(400)),
}


class Office(NamedTuple):
    """A library with an account of every kind."""

    app: Flask
    accounts: dict[str, Account]

    def client(self, who: str) -> FlaskClient:
        client, library = self.app.test_client(), self.app.extensions["library"]
        return client if who == GUEST else sign_in(client, library, self.accounts[who])

    def actor(self, who: str) -> Actor:
        return Actor() if who == GUEST else self.accounts[who].actor

    def submissions(self, stages: Iterable[Stage]) -> list[Submission]:
        """New ones of the writer's, at these stages, each with the round of review that led there.

        Made in one go: a write of its own for each takes longer than asking for it.
        """
        library, writer = self.app.extensions["library"], self.accounts["writer"]
        assert isinstance(library, Library)
        desk = library.desk
        at = desk.now().isoformat(timespec="seconds")
        fields = {"title": f"虚构镇用{SECRET}办法开起会来"}
        made = []
        with desk.writing() as session:
            kept = desk.submissions(session)
            for stage in stages:
                draft = kept.create(Submission(0, "", writer.number, TOWN, Stage.DRAFT, 1, fields, (), 0, at, at))
                if stage is not Stage.DRAFT:
                    kept.open_round(draft, at=at, by=writer.number)
                    draft = kept.move(draft, stage, at=at)
                made.append(draft)
        return made


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    library = open_synced(tmp_path_factory.mktemp("office"))
    accounts = {
        name: make_account(library, name, *roles, unit=unit, steps=steps)
        for name, (roles, unit, steps) in ACCOUNTS.items()
    }
    return Office(open_app(library), accounts)


@pytest.fixture(params=WHO)
def who(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param


def routes(app: Flask) -> set[str]:
    """Every route about a submission: those of drafts and review that name its number."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in ("drafts", "review") and "number" in rule.arguments
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def ask(client: FlaskClient, route: str, number: int) -> tuple[int, str]:
    """The code and all that is said, but for the number itself and the code of a failure."""
    method, pattern = route.split(maxsplit=1)
    address = re.sub("<int:(?:version|file)>", "1", pattern.replace("<int:number>", str(number)))
    address = address.replace("<any(docx, pdf):kind>", "docx")
    answer = client.open(address, method=method, data=FORM if method == "POST" else None)
    said = f"{answer.headers.get('Location', '')} {answer.get_data().decode(errors='replace')}"
    said = re.sub(rf"/(drafts|review)/{number}\b", r"/\1/N", said)
    return answer.status_code, re.sub(r'class="code">\w+<|name="csrf_token" value="[^"]*"', "", said)


def expected(route: str, who: str) -> Mapping[Stage, int]:
    shown = {"writer": SHOWN[route].writers, "colleague": SHOWN[route].writers, "holder": SHOWN[route].holder}
    return dict(zip(STAGES, {**shown, "stepless": SHOWN[route].stepless}.get(who, (0,) * 6), strict=True))


def test_every_route_about_a_submission_has_its_line(office: Office) -> None:
    assert routes(office.app) == set(SHOWN)


def test_who_may_see_a_submission_is_as_the_table_says(office: Office, who: str) -> None:
    for submission in office.submissions(STAGES):
        is_shown = any(expected(route, who)[submission.stage] not in (0, 403) for route in SHOWN)
        assert is_shown == may_see(office.actor(who), submission), submission.stage


def test_what_is_shown_of_a_submission_and_what_is_hidden(office: Office, who: str) -> None:
    client = office.client(who)
    found, wanted = {}, {}
    fresh = iter(office.submissions(STAGES * len(SHOWN)))  # one for each question: an answer may change it
    for route in sorted(SHOWN):
        nobodys = ask(client, route, NOBODYS)
        for stage, code in expected(route, who).items():
            answer = ask(client, route, next(fresh).number)
            found[route, stage] = answer[0] if code else answer
            wanted[route, stage] = code or nobodys
        assert nobodys[0] in (303, 403, 404)
    assert {key: (found[key], wanted[key]) for key in wanted if found[key] != wanted[key]} == {}


def test_no_list_and_no_search_shows_a_submission_to_others(office: Office, who: str) -> None:
    office.submissions(STAGES)
    client = office.client(who)
    doors = ("/", "/find", f"/find?q={SECRET}", f"/find/suggest?q={SECRET[:1]}", "/about", "/problems/P5.1", "/drafts",
             "/review", "/submit", "/corrections", "/revisions", "/audit", "/handovers", "/batches", "/nowhere")  # fmt: skip
    pages = {door: client.get(door).get_data(as_text=True) for door in doors}
    shown = {door for door, page in pages.items() if SECRET in page.replace("<mark>", "") and SECRET not in door}
    assert shown == {
        "writer": {"/drafts"},
        "colleague": {"/drafts"},
        "holder": {"/review"},
        "stepless": {"/review"},
    }.get(who, set())
