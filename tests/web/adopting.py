"""People of made-up units who adopt, confirm and promote, and the deeds they do on a library's pages."""

from collections.abc import Mapping

from flask import Flask
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.database.adoptions import SqlAdoptions
from kb.domain.accounts import Role
from tests.web.reviewing import SHIPPED
from tests.web.signed_in import open_app, signed_in

SOURCE, VILLAGE, SCHOOL = "虚构镇党委", "虚构村党支部", "虚构学校党支部"
RESULTS = {
    "results.0.measure": "不开会的支部",
    "results.0.before": "2",
    "results.0.now": "0",
    "results.0.now_on": "2026-09",
    "results.0.counted_in": "个",
}
LANDED = {"changes": "结对的人改为两名。", "proof": "虚构的结对台账", **RESULTS}
PLAN = {
    "mechanism": "pair-up",
    "title": "虚构的推广计划",
    "levels": "village",
    "target_on": "2027-06-30",
    "answerable": "虚构科室",
    "must_follow": "逐月到场",
}


class People:
    """Everybody on one application; `unit` is the adopter's."""

    def __init__(self, library: Library, unit: str = VILLAGE) -> None:
        self.library = library
        self.unit = unit
        self.app: Flask = open_app(library)

    def of(self, name: str, role: Role, unit: str = "") -> FlaskClient:
        return signed_in(self.library, name, role, unit=unit, app=self.app)

    @property
    def adopter(self) -> FlaskClient:
        return self.of(f"adopter of {self.unit}", Role.EDITOR, self.unit)

    @property
    def confirmer(self) -> FlaskClient:
        return self.of("confirmer", Role.READER, SCHOOL)

    @property
    def source(self) -> FlaskClient:
        return self.of("source", Role.EDITOR, SOURCE)

    @property
    def steward(self) -> FlaskClient:
        return self.of("steward", Role.STEWARD)

    @property
    def guest(self) -> FlaskClient:
        return self.app.test_client()

    def version_of(self, number: int) -> str:
        with self.library.desk.session() as session:
            found = SqlAdoptions(session).find(number)
        assert found is not None
        return str(found.version)

    def start(self, client: FlaskClient, **given: str) -> int:
        """The number of a new adoption of the made-up mechanism."""
        form = {"mechanism": "pair-up", "case": SHIPPED, "stage": "intended", "on": "2026-03-01", **given}
        answer = client.post("/adoptions/new", data=form)
        assert answer.status_code == 303, answer.text
        return int(answer.headers["Location"].rpartition("/")[2])

    def report(self, client: FlaskClient, number: int, stage: str, on: str = "", **given: str) -> int:
        """The status of the answer."""
        form = {"version": self.version_of(number), "stage": stage, "on": on, **given}
        return client.post(f"/adoptions/{number}", data=form).status_code

    def land(self, client: FlaskClient, **given: str) -> int:
        """A new one that was brought to 落地."""
        number = self.start(client, **given)
        assert self.report(client, number, "trial", "2026-04-01") == 303
        assert self.report(client, number, "landed", "2026-09-01", **LANDED) == 303
        return number

    def confirm(self, client: FlaskClient, number: int, word: str = "看了会议记录") -> int:
        form = {"version": self.version_of(number), "word": word}
        return client.post(f"/adoptions/{number}/confirm", data=form).status_code

    def plan(self, *, in_force: bool = True, **given: str) -> int:
        """The number of a new plan."""
        form: Mapping[str, str] = {**PLAN, **given}
        answer = self.steward.post("/plans/new", data=form)
        assert answer.status_code == 303, answer.text
        number = int(answer.headers["Location"].rpartition("/")[2])
        if in_force:
            moved = self.steward.post(f"/plans/{number}/state", data={"version": "1", "state": "in_force"})
            assert moved.status_code == 303, moved.text
        return number
