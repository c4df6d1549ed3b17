"""Made-up submissions on a library of its own, and the people who take them through the review."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.domain.submission import USUAL_STEPS, Submission
from kb.domain.workflow import Stage
from kb.repository.record_file import RecordFormat
from tests.made_up import CASE, CASE_TEMPLATE
from tests.web.made_up_folder import write_folder
from tests.web.signed_in import make_account, open_app, signed_in

TODAY = date(2026, 11, 25)
UNIT = "虚构镇党委"
SHIPPED = "000000-2020-01"
FORM = RecordFormat(CASE_TEMPLATE)
FIELDS = {key: value for key, value in FORM.parse(CASE).fields.items() if key not in ("id", "status", "review_by")}
STEPS = tuple(step.id for step in USUAL_STEPS)


def open_library(folder: Path, more: dict[str, str] | None = None) -> Library:
    library = Library(write_folder(folder, more), today=lambda: TODAY)
    library.sync(lambda *_: None)
    return library


def guest(library: Library) -> FlaskClient:
    return open_app(library).test_client()


def editor(library: Library) -> FlaskClient:
    return signed_in(library, "editor", Role.EDITOR, unit=UNIT)


def reviewer(library: Library, step: str) -> FlaskClient:
    return signed_in(library, step, Role.REVIEWER, unit=UNIT, steps=(step,))


def steward(library: Library) -> FlaskClient:
    return signed_in(library, "steward", Role.STEWARD, unit=UNIT)


def submit(library: Library, fields: Mapping[str, Any] | None = None, **known: Any) -> int:
    """A submission of the editor that waits for the first step."""
    owner = make_account(library, "editor", Role.EDITOR, unit=UNIT)
    at = library.desk.now().isoformat(timespec="seconds")
    draft = Submission(
        0, known.get("record_id", ""), owner.number, UNIT, Stage.DRAFT, 1, {**FIELDS, **(fields or {})},
        based_on=known.get("based_on", 0), made_at=at, changed_at=at,
    )  # fmt: skip
    with library.desk.writing() as session:
        store = library.desk.submissions(session)
        kept = store.create(draft)
        store.open_round(store.move(kept, Stage.SUBMITTED, at=at), at=at, by=owner.number)
    return kept.number


def mend_and_submit(library: Library, number: int, **fields: Any) -> None:
    """What the editor does after a return."""
    at = library.desk.now().isoformat(timespec="seconds")
    with library.desk.writing() as session:
        store = library.desk.submissions(session)
        found = store.find(number)
        assert found is not None
        saved = store.save(
            Submission(**{**found.__dict__, "fields": {**found.fields, **fields}, "changed_at": at}), by=found.owner
        )
        store.open_round(store.move(saved, Stage.SUBMITTED, at=at), at=at, by=found.owner)


def find(library: Library, number: int) -> Submission:
    with library.desk.session() as session:
        found = library.desk.submissions(session).find(number)
    assert found is not None
    return found


def decide(library: Library, number: int, step: str, decision: str = "passed", **form: str) -> tuple[int, str]:
    """Status and body of the answer, after redirects."""
    given = {"version": str(find(library, number).version), "step": step, "decision": decision, **form}
    client = reviewer(library, step if step in STEPS else STEPS[-1])
    answer = client.post(f"/review/{number}/decide", data=given, follow_redirects=True)
    return answer.status_code, answer.text


def pass_all(library: Library, number: int) -> None:
    for step in STEPS:
        assert decide(library, number, step)[0] == 200
    assert find(library, number).stage is Stage.MATURED


def include(library: Library, number: int) -> str:
    """The record id it was included under."""
    answer = reviewer(library, STEPS[-1]).post(f"/review/{number}/include", follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return find(library, number).record_id


def notes(library: Library) -> list[tuple[str, str, str]]:
    """Kind, subject and detail of every audit entry."""
    with library.desk.session() as session:
        return [(entry.kind, entry.subject, entry.detail) for entry in library.desk.audit_store(session).all()]
