"""Who gets what from every route about a draft, in every stage of it; the routes come from the application itself."""

from collections.abc import Iterator

import pytest
from flask import Flask

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.domain.submission import IN_WORK, Submission
from kb.domain.workflow import Stage
from tests.services.writing_desk import FIELDS, UNIT
from tests.web.conftest import open_synced
from tests.web.signed_in import make_account, open_app, signed_in

WHO = {
    "owner": (Role.EDITOR, UNIT), "colleague": (Role.EDITOR, UNIT), "stranger": (Role.EDITOR, "别的单位"),
    "reviewer": (Role.REVIEWER, UNIT), "reader": (Role.READER, UNIT), "steward": (Role.STEWARD, UNIT),
    "administrator": (Role.ADMINISTRATOR, UNIT), "auditor": (Role.AUDITOR, UNIT), "publicity": (Role.PUBLICITY, UNIT),
}  # fmt: skip
STAGES = (Stage.DRAFT, Stage.RETURNED, Stage.SUBMITTED, Stage.MATURED, Stage.INCLUDED, Stage.ARCHIVED)
WRITERS, CHANGED = frozenset({"owner", "colleague"}), frozenset({Stage.DRAFT, Stage.RETURNED})
READ = {"", "/preview", "/versions", "/versions/<int:version>", "/files", "/files/<int:file>"}
"""Paths of pages that only show; all others change the draft or lead to changing it."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_synced(tmp_path_factory.mktemp("draft-rights"))


@pytest.fixture(scope="module")
def app(shelf: Library) -> Flask:
    return open_app(shelf)


def draft_in(library: Library, stage: Stage) -> int:
    owner = make_account(library, "owner", Role.EDITOR, unit=UNIT)
    with library.desk.writing() as session:
        store = library.desk.submissions(session)
        draft = Submission(0, "", owner.number, UNIT, stage, 1, FIELDS, made_at="2026-11-25", changed_at="2026-11-25")
        return store.create(draft).number


def paths(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/drafts/<int:number>"):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield method, rule.rule.removeprefix("/drafts/<int:number>")


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.value)
@pytest.mark.parametrize("who", WHO)
def test_a_draft_is_shown_and_changed_by_those_who_may(app: Flask, who: str, stage: Stage) -> None:
    library = app.extensions["library"]
    role, unit = WHO[who]
    client = signed_in(library, who, role, unit=unit, app=app)
    sees = who in WRITERS or (who == "reviewer" and stage is not Stage.DRAFT)
    may_change = who in WRITERS and stage in CHANGED
    wrong = {}
    for method, path in paths(app):
        number = draft_in(library, stage)
        address = f"/drafts/{number}{path}".replace("<int:version>", "1").replace("<int:file>", "1")
        code = client.open(
            address, method=method, data={"version": "1", "whole": "yes"} if method == "POST" else None
        ).status_code
        if not sees:
            expected = {404}
        elif method == "GET" and path in READ:
            expected = {404} if path == "/files/<int:file>" else {200, 303} if path == "" else {200}
        elif path == "/withdraw":
            expected = {303} if who in WRITERS and stage is Stage.SUBMITTED else {400} if who in WRITERS else {403}
        elif path == "/hand-over":
            expected = {200, 400} if who in WRITERS and stage in IN_WORK else {403}
        else:
            expected = {200, 303, 400, 404} if may_change else {403}
        if code not in expected:
            wrong[method, path] = code
    assert wrong == {}
