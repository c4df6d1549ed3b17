"""Who gets what from every address: a table of routes, roles and states; a route that is not in it fails.

To add a route, add its line to ROUTES. Routes about one case (`<case_id>`) are tried with a case of every state besides.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.database import catalogue as catalogue_rows
from kb.domain.accounts import SEPARATE, Role
from kb.services.limit_search import LimitedSearch
from kb.services.manage_accounts import RIGHT_LABELS, ROLE_LABELS
from tests.made_up import CASE, MECHANISM
from tests.web.conftest import open_synced
from tests.web.signed_in import make_account, open_app, signed_in

GUEST = "guest"
VILLAGE, TOWN = "虚构村党支部", "虚构镇党委"
WHO = (GUEST, *(role.value for role in Role), "villager")
"""Everybody who tries: each role without a unit (an editor of the town), and an editor of the village."""
Codes = Mapping[str, int]


class Door(NamedTuple):
    """An address to try, what is posted there, and the code each gets."""

    address: str
    codes: Codes
    form: Mapping[str, str] = {}


def everyone(code: int) -> Codes:
    return dict.fromkeys(WHO, code)


def signed(code: int, guest: int) -> Codes:
    return {**everyone(code), GUEST: guest}


def only(*roles: Role, code: int = 200, guest: int = 303, others: int = 403) -> Codes:
    """Those of the roles get `code`; guests are led to sign in, or refused where they post."""
    return {**everyone(others), GUEST: guest, **{role.value: code for role in roles}}


def editors(code: int, guest: int = 303) -> Codes:
    return {**only(Role.EDITOR, code=code, guest=guest), "villager": code}


def of_a_unit(code: int, guest: int = 303) -> Codes:
    return {**only(Role.READER, Role.EDITOR, code=code, guest=guest), "villager": code}


def of_units(code: int, guest: int = 303) -> Codes:
    """Who keeps a unit's ledger and sheet, and the steward."""
    return {**only(Role.READER, Role.EDITOR, Role.STEWARD, code=code, guest=guest), "villager": code}


ADMINISTRATOR, AUDITOR, REVIEWER, STEWARD = Role.ADMINISTRATOR, Role.AUDITOR, Role.REVIEWER, Role.STEWARD
PUBLICITY = Role.PUBLICITY
ADOPTERS = {**only(Role.READER, Role.EDITOR), "villager": 200}
"""Whose unit adopts and confirms."""


def refused(codes: Codes, code: int) -> Codes:
    """The same where something is posted that is not there: `code` for those who may, no way to sign in for guests."""
    return {who: {200: code, 303: 403}.get(found, found) for who, found in codes.items()}


READS_HISTORY = {**only(Role.EDITOR, REVIEWER, STEWARD, AUDITOR), "villager": 200}
SPARE = 1
"""Number of the account that others are told to change."""
ROUTES: dict[str, Door] = {
    "GET /": Door("/", everyone(200)),
    "GET /about": Door("/about", everyone(200)),
    "GET /healthz": Door("/healthz", everyone(200)),
    "GET /status": Door("/status", everyone(200)),
    "GET /cases/<case_id>": Door("/cases/000000-2020-01", everyone(200)),
    "GET /cases/<case_id>.docx": Door("/cases/000000-2020-01.docx", everyone(200)),
    "GET /cases/<case_id>/official.<any(docx, pdf, md):kind>": Door(
        "/cases/000000-2020-01/official.docx", everyone(200)
    ),
    "GET /template/case.docx": Door("/template/case.docx", everyone(200)),
    "GET /compare": Door("/compare?id=pair-up&id=pair-again", everyone(200)),
    "GET /describe": Door("/describe", everyone(200)),
    "POST /describe": Door("/describe", everyone(200), {"text": "支部两年没有开会，没有人召集。"}),
    "GET /display": Door("/display", everyone(200)),
    "POST /display": Door("/display", everyone(303), {"size": "large"}),
    "GET /favicon.ico": Door("/favicon.ico", everyone(200)),
    "GET /find": Door("/find?q=支部", everyone(200)),
    "GET /find/list.<any(docx, pdf):kind>": Door("/find/list.docx?q=支部", everyone(200)),
    "GET /find/suggest": Door("/find/suggest?q=支", everyone(200)),
    "GET /mechanisms": Door("/mechanisms", everyone(200)),
    "GET /mechanisms/<mechanism_id>": Door("/mechanisms/pair-up", everyone(200)),
    "GET /mechanisms/<mechanism_id>.<any(docx, pdf, md):kind>": Door("/mechanisms/pair-up.docx", everyone(200)),
    "GET /mechanisms/<mechanism_id>/one-page.<any(docx, pdf):kind>": Door(
        "/mechanisms/pair-up/one-page.docx", everyone(200)
    ),
    "GET /mechanisms/<mechanism_id>/checklist": Door("/mechanisms/pair-up/checklist", everyone(200)),
    "GET /problems": Door("/problems", everyone(200)),
    "GET /problems/<problem_id>": Door("/problems/P5.1", everyone(200)),
    "GET /static/<path:filename>": Door("/static/page.js", everyone(200)),
    "GET /template": Door("/template", everyone(200)),
    "GET /template/<name>.md": Door("/template/case.md", everyone(200)),
    "GET /sign-in": Door("/sign-in", signed(303, guest=200)),
    "POST /sign-in": Door("/sign-in", everyone(403), {"name": "nobody-by-that-name", "password": "x"}),
    "GET /setup/<secret>": Door("/setup/wrong", everyone(404)),
    "POST /setup/<secret>": Door("/setup/wrong", everyone(404)),
    "GET /password": Door("/password", signed(200, guest=303)),
    "POST /password": Door("/password", signed(400, guest=403), {"old": "x", "password": "y", "again": "z"}),
    "GET /accounts": Door("/accounts", only(ADMINISTRATOR)),
    "GET /accounts/rights": Door("/accounts/rights", only(ADMINISTRATOR)),
    "GET /accounts/new": Door("/accounts/new", only(ADMINISTRATOR)),
    "POST /accounts/new": Door("/accounts/new", only(ADMINISTRATOR, code=400, guest=403)),
    "GET /accounts/<int:number>": Door(f"/accounts/{SPARE}", only(ADMINISTRATOR)),
    "POST /accounts/<int:number>": Door(f"/accounts/{SPARE}", only(ADMINISTRATOR, code=400, guest=403)),
    "POST /accounts/<int:number>/link": Door(f"/accounts/{SPARE}/link", only(ADMINISTRATOR, code=400, guest=403)),
    "POST /accounts/<int:number>/unlock": Door(f"/accounts/{SPARE}/unlock", only(ADMINISTRATOR, code=303, guest=403)),
    "POST /accounts/<int:number>/address": Door(
        f"/accounts/{SPARE}/address", only(ADMINISTRATOR, code=400, guest=403), {"address": "x"}
    ),
    "POST /accounts/<int:number>/demand": Door(f"/accounts/{SPARE}/demand", only(ADMINISTRATOR, code=303, guest=403)),
    "GET /handovers": Door("/handovers", only(ADMINISTRATOR, STEWARD)),
    "POST /handovers/<int:account>": Door("/handovers/999", only(ADMINISTRATOR, STEWARD, code=404, guest=403)),
    "GET /audit": Door("/audit", only(AUDITOR)),
    "GET /audit/check": Door("/audit/check", only(AUDITOR)),
    "POST /audit/export": Door("/audit/export", only(AUDITOR, guest=403)),
    "GET /submit": Door("/submit", everyone(200)),
    "POST /submit/blank": Door("/submit/blank", editors(303, guest=403)),
    "POST /submit/upload": Door("/submit/upload", editors(400, guest=403)),
    "POST /submit/paste": Door("/submit/paste", editors(400, guest=403)),
    "GET /batches": Door("/batches", editors(200)),
    "POST /batches": Door("/batches", editors(400, guest=403)),
    "GET /batches/<int:number>": Door("/batches/999", editors(404)),
    "POST /batches/<int:number>/read": Door("/batches/999/read", editors(404, guest=403)),
    "GET /ledger-sheet": Door("/ledger-sheet", signed(200, guest=303)),
    "POST /ledger-sheet": Door("/ledger-sheet", of_units(400, guest=403)),
    "POST /ledger-sheet/export": Door("/ledger-sheet/export", signed(200, guest=403)),
    "GET /ledger-sheet/<token>": Door("/ledger-sheet/wrong", of_units(404)),
    "POST /ledger-sheet/<token>": Door("/ledger-sheet/wrong", of_units(404, guest=403)),
    "GET /units": Door("/units", signed(200, guest=303)),
    "GET /units/<key>": Door("/units/wrong", signed(404, guest=303)),
    "GET /units/<key>/edit": Door("/units/wrong/edit", signed(404, guest=303)),
    "POST /units/<key>/edit": Door("/units/wrong/edit", signed(404, guest=403), {"version": "0"}),
    "POST /units/export": Door("/units/export", signed(200, guest=403)),
    "GET /units/sheet": Door("/units/sheet", signed(200, guest=303)),
    "POST /units/sheet": Door("/units/sheet", of_units(400, guest=403)),
    "GET /units/sheet/<token>": Door("/units/sheet/wrong", of_units(404)),
    "POST /units/sheet/<token>": Door("/units/sheet/wrong", of_units(404, guest=403)),
    "GET /drafts": Door("/drafts", editors(200)),
    **{
        f"GET /drafts/<int:number>{path}": Door(f"/drafts/999{shown}", signed(404, guest=303))
        for path, shown in (
            ("", ""),
            ("/preview", "/preview"),
            ("/submit", "/submit"),
            ("/versions", "/versions"),
            ("/import", "/import"),
            ("/files", "/files"),
            ("/files/<int:file>", "/files/1"),
            ("/versions/<int:version>", "/versions/1"),
        )
    },
    **{
        f"POST /drafts/<int:number>{path}": Door(
            f"/drafts/999{shown}", signed(404, guest=403), {"version": "1", "whole": "yes"}
        )
        for path, shown in (
            ("", ""),
            ("/autosave", "/autosave"),
            ("/import", "/import"),
            ("/submit", "/submit"),
            ("/withdraw", "/withdraw"),
            ("/versions", "/versions"),
            ("/files", "/files"),
            ("/files/<int:file>/remove", "/files/1/remove"),
        )
    },
    "GET /layouts": Door("/layouts", only(ADMINISTRATOR)),
    "GET /layouts/blank.docx": Door("/layouts/blank.docx", only(ADMINISTRATOR)),
    "GET /layouts/<layout>.docx": Door("/layouts/bulletin.docx", only(ADMINISTRATOR, code=404)),
    "GET /layouts/<layout>/trial.docx": Door("/layouts/bulletin/trial.docx", only(ADMINISTRATOR, code=404)),
    "POST /layouts/<layout>": Door("/layouts/bulletin", only(ADMINISTRATOR, code=400, guest=403)),
    "POST /layouts/<layout>/remove": Door("/layouts/bulletin/remove", only(ADMINISTRATOR, code=404, guest=403)),
    "GET /reports": Door("/reports", only(STEWARD)),
    "POST /reports/<int:year>.<any(docx, pdf, md):kind>": Door("/reports/2026.md", only(STEWARD, guest=403)),
    "GET /review": Door("/review", only(REVIEWER)),
    "GET /review/<int:number>": Door("/review/999", only(REVIEWER, code=404)),
    "GET /review/<int:number>/sheet": Door("/review/999/sheet", only(REVIEWER, code=404)),
    "GET /review/<int:number>/sheet.<any(docx, pdf):kind>": Door("/review/999/sheet.docx", only(REVIEWER, code=404)),
    "POST /review/<int:number>/decide": Door("/review/999/decide", only(REVIEWER, code=404, guest=403)),
    "POST /review/<int:number>/include": Door("/review/999/include", only(REVIEWER, code=404, guest=403)),
    "POST /review/<int:number>/rebase": Door("/review/999/rebase", only(REVIEWER, code=404, guest=403)),
    "GET /review/due": Door("/review/due", only(REVIEWER)),
    "POST /review/due/<case_id>": Door("/review/due/000000-1999-01", only(REVIEWER, code=404, guest=403)),
    "GET /revisions": Door("/revisions", only(REVIEWER, STEWARD)),
    "GET /revisions/find": Door("/revisions/find?id=000000-2020-01", everyone(303)),
    "GET /revisions/<record_id>": Door("/revisions/000000-2020-01", READS_HISTORY),
    "GET /revisions/<record_id>/<int:number>": Door(
        "/revisions/000000-2020-01/9", {who: 404 if code == 200 else code for who, code in READS_HISTORY.items()}
    ),
    "POST /revisions/<record_id>/restore/<int:number>": Door(
        "/revisions/000000-2020-01/restore/9", only(REVIEWER, code=404, guest=403)
    ),
    "POST /revisions/<record_id>/adopt": Door("/revisions/000000-2020-01/adopt", only(REVIEWER, code=409, guest=403)),
    "POST /revisions/<record_id>/archive": Door(
        "/revisions/000000-2020-01/archive", only(STEWARD, code=400, guest=403)
    ),
    "POST /revisions/<record_id>/bring-back": Door(
        "/revisions/000000-2020-01/bring-back", only(STEWARD, code=400, guest=403)
    ),
    "POST /revisions/<record_id>/merge": Door("/revisions/000000-2020-01/merge", only(STEWARD, code=400, guest=403)),
    "POST /revisions/<record_id>/start": Door(
        "/revisions/000000-1999-01/start", {**only(Role.EDITOR, code=404, guest=403), "villager": 404}
    ),
    "GET /corrections": Door("/corrections", everyone(200)),
    "GET /corrections/new/<case_id>": Door("/corrections/new/000000-2020-01", everyone(200)),
    "POST /corrections/new/<case_id>": Door("/corrections/new/000000-2020-01", everyone(400)),
    "GET /corrections/<ticket>": Door("/corrections/AAAAAAAAAA", everyone(404)),
    "POST /corrections/<ticket>/answer": Door(
        "/corrections/AAAAAAAAAA/answer",
        only(REVIEWER, STEWARD, code=404, guest=403),
        {"reply": "x", "outcome": "declined"},
    ),
    "GET /promotion": Door("/promotion", everyone(200)),
    "GET /mechanisms/<mechanism_id>/match": Door("/mechanisms/pair-up/match", everyone(200)),
    "GET /adoptions": Door("/adoptions", ADOPTERS),
    "GET /adoptions/new": Door("/adoptions/new?mechanism=pair-up", ADOPTERS),
    "POST /adoptions/new": Door("/adoptions/new", refused(ADOPTERS, 404), {"mechanism": "none"}),
    "GET /adoptions/ledger": Door("/adoptions/ledger", signed(200, guest=303)),
    "GET /adoptions/waiting": Door("/adoptions/waiting", ADOPTERS),
    "GET /adoptions/<int:number>": Door("/adoptions/999", signed(404, guest=303)),
    "POST /adoptions/<int:number>": Door("/adoptions/999", signed(404, guest=403)),
    "POST /adoptions/<int:number>/take-back": Door("/adoptions/999/take-back", signed(404, guest=403)),
    "POST /adoptions/<int:number>/files": Door("/adoptions/999/files", signed(404, guest=403)),
    "GET /adoptions/<int:number>/files/<int:file>": Door("/adoptions/999/files/1", signed(404, guest=303)),
    "POST /adoptions/<int:number>/files/<int:file>/remove": Door(
        "/adoptions/999/files/1/remove", signed(404, guest=403)
    ),
    "POST /adoptions/<int:number>/case": Door(
        "/adoptions/999/case", {**only(Role.EDITOR, code=404, guest=403), "villager": 404}
    ),
    "POST /adoptions/<int:number>/confirm": Door("/adoptions/999/confirm", refused(ADOPTERS, 404)),
    "POST /adoptions/<int:number>/unconfirm": Door("/adoptions/999/unconfirm", refused(ADOPTERS, 404)),
    "GET /plans": Door("/plans", signed(200, guest=303)),
    "GET /plans/new": Door("/plans/new?mechanism=pair-up", only(STEWARD)),
    "POST /plans/new": Door("/plans/new", only(STEWARD, code=400, guest=403), {"mechanism": "pair-up"}),
    "GET /plans/<int:number>": Door("/plans/999", signed(404, guest=303)),
    "GET /plans/<int:number>.<any(docx, pdf):kind>": Door("/plans/999.docx", signed(404, guest=303)),
    "GET /plans/<int:number>/edit": Door("/plans/999/edit", only(STEWARD, code=404)),
    "POST /plans/<int:number>": Door("/plans/999", only(STEWARD, code=404, guest=403)),
    "POST /plans/<int:number>/state": Door("/plans/999/state", only(STEWARD, code=404, guest=403), {"state": "ended"}),
    "GET /supervision": Door("/supervision", only(STEWARD)),
    "GET /supervision/new": Door("/supervision/new", only(STEWARD)),
    "POST /supervision/new": Door("/supervision/new", only(STEWARD, code=400, guest=403)),
    "GET /supervision/<int:number>": Door("/supervision/999", only(STEWARD, code=404)),
    "POST /supervision/<int:number>/step": Door("/supervision/999/step", only(STEWARD, code=404, guest=403)),
    "GET /highlights": Door("/highlights", everyone(200)),
    "GET /highlights/<case_id>": Door("/highlights/000000-2020-01", everyone(200)),
    "POST /highlights/pick": Door("/highlights/pick", everyone(303)),
    "GET /highlights/basket": Door("/highlights/basket", everyone(200)),
    "POST /highlights/basket": Door("/highlights/basket", everyone(400)),
    "POST /highlights/basket/take-over": Door("/highlights/basket/take-over", everyone(400)),
    "GET /highlights/favourites": Door("/highlights/favourites", everyone(200)),
    "POST /highlights/favourites": Door("/highlights/favourites", everyone(404)),
    "GET /pieces": Door("/pieces", everyone(200)),
    "GET /pieces/new": Door("/pieces/new", everyone(200)),
    "POST /pieces": Door("/pieces", everyone(400)),
    "GET /pieces/<int:number>": Door("/pieces/999", everyone(404)),
    "POST /pieces/<int:number>": Door("/pieces/999", everyone(404)),
    "GET /pieces/<int:number>.<form>": Door("/pieces/999.docx", everyone(404)),
    "GET /pieces/<int:number>/preview": Door("/pieces/999/preview", everyone(404)),
    "GET /pieces/<int:number>/rich": Door("/pieces/999/rich", everyone(404)),
    **{
        f"POST /pieces/<int:number>/{deed}": Door(f"/pieces/999/{deed}", everyone(404))
        for deed in ("copy", "delete", "restore")
    },
    "GET /loop": Door("/loop", everyone(200)),
    **{
        f"GET /loop/{page}": Door(f"/loop/{page}", everyone(200))
        for page in ("cell", "turns", "funnel", "progress", "analysis", "indicators")
    },
    "GET /loop/ranking": Door("/loop/ranking", signed(200, guest=303)),
    "GET /loop/indicators/own": Door("/loop/indicators/own", signed(200, guest=303)),
    "GET /loop/indicators/own.xlsx": Door("/loop/indicators/own.xlsx", signed(404, guest=303)),
    "POST /loop/indicators/own": Door("/loop/indicators/own", of_a_unit(400, guest=403)),
    "GET /loop/indicators/own/<token>": Door("/loop/indicators/own/x", of_a_unit(404)),
    "POST /loop/indicators/own/<token>": Door("/loop/indicators/own/x", of_a_unit(404, guest=403)),
    "POST /loop/indicators/own/back": Door("/loop/indicators/own/back", of_a_unit(400, guest=403)),
    "GET /loop/<chart>.xlsx": Door("/loop/ranking.xlsx", signed(200, guest=303)),
    "GET /wanted": Door("/wanted", everyone(200)),
    "GET /wanted/new": Door("/wanted/new?q=支部", everyone(200)),
    "POST /wanted/new": Door("/wanted/new", everyone(400)),
    "GET /wanted/queue": Door("/wanted/queue", only(STEWARD)),
    "GET /wanted/<int:number>": Door("/wanted/999", everyone(404)),
    "GET /wanted/tickets/<ticket>": Door("/wanted/tickets/AAAAAAAAAA", everyone(404)),
    "POST /wanted/<int:number>/join": Door("/wanted/999/join", everyone(404)),
    "POST /wanted/<int:number>/<any(publish, refuse, assign, answer, close, merge):deed>": Door(
        "/wanted/999/close", only(STEWARD, code=404, guest=403), {"reason": "x", "version": "1"}
    ),
    "GET /usefulness": Door("/usefulness", only(STEWARD)),
    "POST /usefulness/case/<case_id>": Door(
        "/usefulness/case/000000-2020-01",
        {**signed(400, guest=403), Role.EDITOR.value: 303, "villager": 303},
        {"verdict": "useful"},
    ),
    "POST /usefulness/wanted/<int:number>": Door("/usefulness/wanted/999", everyone(404), {"verdict": "useful"}),
    "GET /messages": Door("/messages", signed(200, guest=303)),
    "POST /messages/read": Door("/messages/read", signed(303, guest=403)),
    "POST /messages/<int:number>/open": Door("/messages/999/open", signed(404, guest=403)),
    "POST /messages/address": Door("/messages/address", signed(400, guest=403), {"address": "x"}),
    "GET /api": Door("/api", everyone(200)),
    "GET /api/v1/openapi.json": Door("/api/v1/openapi.json", everyone(200)),
    "GET /api/v1/search": Door("/api/v1/search?q=支部", everyone(200)),
    "GET /api/v1/cases": Door("/api/v1/cases", everyone(200)),
    "GET /api/v1/cases/<case_id>": Door("/api/v1/cases/000000-2020-01", everyone(200)),
    "GET /api/v1/cases/<case_id>/highlights": Door("/api/v1/cases/000000-2020-01/highlights", everyone(200)),
    "GET /api/v1/mechanisms": Door("/api/v1/mechanisms", everyone(200)),
    "GET /api/v1/mechanisms/<mechanism_id>": Door("/api/v1/mechanisms/pair-up", everyone(200)),
    "GET /api/v1/types": Door("/api/v1/types", everyone(200)),
    "GET /api/v1/<path:rest>": Door("/api/v1/none", everyone(404)),
    "GET /embed/mechanisms": Door("/embed/mechanisms", everyone(200)),
    "GET /feeds/cases.atom": Door("/feeds/cases.atom", everyone(200)),
    "GET /feeds/problems/<problem_id>.atom": Door("/feeds/problems/P5.1.atom", everyone(200)),
    "GET /feeds/units/<unit>.atom": Door(f"/feeds/units/{TOWN}.atom", everyone(200)),
    "GET /feeds/themes/<int:number>.atom": Door("/feeds/themes/999.atom", everyone(404)),
    "GET /themes": Door("/themes", everyone(200)),
    "GET /themes/<int:number>": Door("/themes/999", everyone(404)),
    "GET /themes/new": Door("/themes/new", only(PUBLICITY, STEWARD)),
    "POST /themes/new": Door("/themes/new", only(PUBLICITY, STEWARD, code=400, guest=403)),
    "GET /themes/<int:number>/edit": Door("/themes/999/edit", only(PUBLICITY, STEWARD, code=404)),
    **{
        f"POST /themes/<int:number>/{deed}": Door(
            f"/themes/999/{deed}", only(PUBLICITY, STEWARD, code=404, guest=403), {"state": "published"}
        )
        for deed in ("edit", "state")
    },
    "GET /help": Door("/help", everyone(200)),
    "GET /help/<role>": Door("/help/editor", everyone(200)),
    "GET /steward": Door("/steward", only(STEWARD)),
    "GET /steward/missed": Door("/steward/missed", only(STEWARD)),
    "GET /steward/edits": Door("/steward/edits", only(STEWARD)),
    "GET /steward/edits/<int:number>": Door("/steward/edits/999", only(STEWARD, code=404)),
    "GET /steward/edits/<int:number>/stage": Door("/steward/edits/999/stage", only(STEWARD, code=404)),
    **{
        f"POST /steward/edits/<int:number>/{deed}": Door(
            f"/steward/edits/999/{deed}", only(STEWARD, code=404, guest=403)
        )
        for deed in ("measure", "confirm", "undo")
    },
    "GET /steward/indicators": Door("/steward/indicators", only(STEWARD)),
    "GET /steward/indicators.xlsx": Door("/steward/indicators.xlsx", only(STEWARD)),
    "POST /steward/indicators": Door("/steward/indicators", only(STEWARD, code=400, guest=403)),
    **{
        f"GET /steward/{kind}{form}": Door(f"/steward/{kind}{form}", only(STEWARD))
        for kind in ("types", "units", "terms", "synonyms", "wording")
        for form in ("", "/edit")
    },
    **{
        f"POST /steward/{kind}/edit": Door(f"/steward/{kind}/edit", only(STEWARD, code=400, guest=403))
        for kind in ("types", "units", "terms", "synonyms", "wording")
    },
    "POST /sign-out": Door("/sign-out", everyone(303)),  # the last: it ends the session
}


def made_up_case(case_id: str, word: str, visibility: str = "公开", unit: str = TOWN, status: str = "纳入") -> str:
    """A case whose title, summary and text hold a word of its own."""
    return (
        CASE.replace("000000-2020-01", case_id)
        .replace("虚构镇用结对办法帮三个软弱涣散支部开起会来", f"虚构镇用{word}办法帮三个软弱涣散支部开起会来")
        .replace("虚构镇有支部长期不开会。", f"虚构镇有支部长期不开会，靠{word}。")
        .replace("群众意见很多。", f"群众说起{word}意见很多。")
        .replace("unit: 虚构镇党委", f"unit: {unit}")
        .replace("visibility: 公开", f"visibility: {visibility}")
        .replace("status: 纳入", f"status: {status}")
    )


class Hidden(NamedTuple):
    """A case in a state: its id, the word it alone has, who sees it."""

    id: str
    word: str
    seen_by: frozenset[str]


EVERYBODY = frozenset(WHO)
STATES = {
    "public": Hidden("000000-2022-01", "琉璃盏", EVERYBODY),
    "internal": Hidden("000000-2022-02", "珊瑚笔", EVERYBODY - {GUEST}),
    "of the village": Hidden("000000-2022-03", "翡翠壶", frozenset({"villager"})),
    "draft": Hidden("000000-2022-04", "玛瑙印", frozenset()),
    "returned": Hidden("000000-2022-05", "琥珀珠", frozenset()),
    "archived": Hidden("000000-2022-06", "象牙尺", frozenset()),
    "removed": Hidden("000000-2022-07", "檀香木", frozenset()),
}
FILES = {
    "public": {},
    "internal": {"visibility": "系统内"},
    "of the village": {"visibility": "本单位", "unit": VILLAGE},
    "draft": {"status": "草稿"},
    "returned": {"status": "退回"},
    "archived": {"status": "归档"},
    "removed": {},
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    files = {f"cases/{case.id}.md": made_up_case(case.id, case.word, **FILES[state]) for state, case in STATES.items()}
    files["mechanisms/pair-again.md"] = MECHANISM.replace("id: pair-up", "id: pair-again").replace(
        "干部与", "再派干部与"
    )
    library = open_synced(tmp_path_factory.mktemp("rights"), files)
    (library.settings.content_folder / f"cases/{STATES['removed'].id}.md").unlink()
    library.sync(lambda *_: None)
    make_account(library, "spare", Role.READER)
    return library


@pytest.fixture(scope="module")
def app(shelf: Library) -> Flask:
    return open_app(shelf)


def client_of(app: Flask, who: str) -> FlaskClient:
    library = app.extensions["library"]
    if who == GUEST:
        return app.test_client()
    if who == "villager":
        return signed_in(library, who, Role.EDITOR, unit=VILLAGE, app=app)
    role = Role(who)
    return signed_in(library, who, role, unit=TOWN if role is Role.EDITOR else "", app=app)


@pytest.fixture(params=WHO)
def who(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param


def routes(app: Flask) -> set[str]:
    rules = app.url_map.iter_rules()
    return {f"{method} {rule.rule}" for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}


def test_every_route_has_its_line(app: Flask) -> None:
    """Routes about one draft have theirs in test_rights_of_submissions.py."""
    of_one_draft = {route for route in routes(app) if route.split()[1].startswith("/drafts/<")}
    assert routes(app) - of_one_draft == set(ROUTES) - of_one_draft


def test_every_route_gives_each_what_the_table_says(app: Flask, who: str) -> None:
    client = client_of(app, who)
    found = {}
    for route, door in ROUTES.items():
        method = route.split()[0]
        with client.open(door.address, method=method, data=door.form or None) as answer:
            found[route] = answer.status_code
    assert found == {route: door.codes[who] for route, door in ROUTES.items()}


def test_every_route_about_a_case_hides_what_one_may_not_see(app: Flask, who: str) -> None:
    client = client_of(app, who)
    about_a_case = [route for route in ROUTES if "<case_id>" in route and ROUTES[route].codes[who] == 200]
    found = {
        (route, state): client.open(
            ROUTES[route].address.replace("000000-2020-01", case.id),
            method=route.split()[0],
            data=ROUTES[route].form or None,
        ).status_code
        for route in about_a_case
        for state, case in STATES.items()
    }
    assert about_a_case
    assert found == {
        (route, state): 200 if who in case.seen_by else 404 for route in about_a_case for state, case in STATES.items()
    }


DOORS: list[tuple[str, dict[str, str] | None]] = [
    ("/", None),
    ("/find", None),
    ("/find?order=id", None),
    ("/find?q=支部", None),
    ("/find?q=支部&visibility=internal&visibility=unit:虚构村党支部", None),
    (f"/find?unit={VILLAGE}", None),
    ("/find/suggest?q=虚构", None),
    ("/problems", None),
    ("/problems/P5.1", None),
    ("/mechanisms", None),
    ("/mechanisms/pair-up", None),
    ("/compare?id=pair-up&id=pair-again", None),
    ("/loop", None),
    ("/loop/cell?problem=P5.1", None),
    ("/loop/analysis?by=unit", None),
    ("/loop/ranking", None),
    ("/loop/indicators", None),
    ("/about", None),
    ("/cases/000000-2020-01", None),
    ("/highlights?q=支部", None),
    ("/highlights/basket", None),
    ("/highlights/favourites", None),
    ("/pieces", None),
    ("/pieces/new?q=支部", None),
    ("/describe", {"text": "虚构镇有支部长期不开会，党员不知道支部在做什么，群众说起来意见很多。"}),
    ("/nowhere", None),
    ("/themes", None),
    ("/feeds/cases.atom", None),
    ("/feeds/problems/P5.atom", None),
    ("/feeds/units/虚构村党支部.atom", None),
    ("/api/v1/search?q=支部", None),
    ("/api/v1/cases?size=100", None),
    ("/api/v1/mechanisms/pair-up", None),
]
"""Everything a word of a case could come out of, without having been put in; besides, pieces of the word are asked for."""
SHOWN_AT = {"/", "/find", "/problems/P5.1", "/mechanisms/pair-up"}


def page_of(client: FlaskClient, address: str, form: dict[str, str] | None = None) -> str:
    answer = client.post(address, data=form) if form else client.get(address)
    return str(answer.json) if answer.is_json else answer.text.replace("<mark>", "").replace("</mark>", "")


def asked_for(case: Hidden) -> list[tuple[str, dict[str, str] | None]]:
    """Doors that are asked for a piece of the case's word."""
    text = f"支部里说的{case.word[:2]}，长期没有人管，党员意见很多。"
    return [
        (f"/find?q={case.word[:2]}", None),
        (f"/find/suggest?q={case.word[:1]}", None),
        ("/describe", {"text": text}),
    ]


def leaks(client: FlaskClient, *cases: Hidden) -> set[tuple[str, str]]:
    """Words of these cases and the doors through which they show."""
    pages = {address: page_of(client, address, form) for address, form in DOORS}
    found = {
        (case.word, address)
        for address, page in pages.items()
        for case in cases
        if case.word in page or case.id in page
    }
    for case in cases:
        for address, form in asked_for(case):
            page = page_of(client, address, form)
            found |= {(case.word, address)} if case.word in page or case.id in page else set()
    return found


def test_no_door_shows_what_one_may_not_see(app: Flask, who: str) -> None:
    client = client_of(app, who)
    found = leaks(client, *STATES.values())
    for case in STATES.values():
        shown = {address for word, address in found if word == case.word}
        if who in case.seen_by:
            assert SHOWN_AT | {address for address, _ in asked_for(case)} <= shown, case
        else:
            assert shown == set(), case


def count_of(client: FlaskClient, address: str) -> set[str]:
    """Numbers on the page that stand before 个案例."""
    text = client.get(address).text
    return {part.rsplit(">", 1)[-1].split()[-1] for part in text.replace("</strong>", "").split(" 个案例")[:-1]}


def test_counts_are_of_what_one_sees(app: Flask) -> None:
    expected = {GUEST: "3", Role.READER.value: "4", "villager": "5"}
    for who, number in expected.items():
        client = client_of(app, who)
        for address in ("/", "/problems", "/mechanisms", "/find"):
            assert number in count_of(client, address), (who, address)
            assert count_of(client, address) & {"4", "5", "6", "7"} <= {number}, (who, address)


def test_one_reader_is_never_given_the_page_of_another(app: Flask) -> None:
    villager, guest = client_of(app, "villager"), client_of(app, GUEST)
    hidden = (STATES["of the village"], STATES["internal"])
    for _ in range(2):
        assert {word for word, _ in leaks(villager, *hidden)} == {case.word for case in hidden}
        assert leaks(guest, *hidden) == set()


GUARDS = {
    "rows": lambda patch: patch.setattr(catalogue_rows.SqlCatalogue, "_seen", lambda _, query: query),
    "searches": lambda patch: patch.setattr(
        LimitedSearch, "search", lambda self, request: self._searcher.search(request)
    ),
    "sees": lambda patch: patch.setattr("kb.domain.accounts.Actor.sees", frozenset({"public", "internal"})),
}


@pytest.mark.parametrize("guard", ["rows", "sees"])
def test_the_doors_leak_when_a_guard_is_taken_out(app: Flask, monkeypatch: pytest.MonkeyPatch, guard: str) -> None:
    GUARDS[guard](monkeypatch)
    broken = open_app(app.extensions["library"])
    assert leaks(client_of(broken, GUEST), STATES["internal"]) != set()


def test_totals_leak_when_the_limit_on_searches_is_taken_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    GUARDS["searches"](monkeypatch)
    assert "5" in count_of(client_of(open_app(app.extensions["library"]), GUEST), "/find?q=支部没有开会")


def test_every_role_and_right_has_its_words() -> None:
    assert set(ROLE_LABELS) == set(Role)
    assert len(set(RIGHT_LABELS.values())) == len(RIGHT_LABELS)
    assert frozenset({Role.ADMINISTRATOR, Role.REVIEWER, Role.AUDITOR}) in SEPARATE
