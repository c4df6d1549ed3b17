"""What uses what is told from columns: right for every record, in four questions however many there are. Made up."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from kb.database.catalogue import open_database
from kb.database.models import CaseIndicatorRow, CaseProblemRow, CaseRow, MechanismProblemRow, MechanismRow
from kb.database.reference_uses import read_uses
from kb.services.reference_uses import Use, Uses

VILLAGE, SCHOOL = "虚构村党支部", "虚构学校党支部"


@pytest.fixture
def engine() -> Iterator[Engine]:
    opened = open_database(None)
    yield opened
    opened.dispose()


def put_case(session: Session, name: str, unit: str, problems: str = "", indicators: str = "", seen: str = "") -> None:
    row = CaseRow(
        id=name, path=f"{name}.md", mechanism="", newest="", seen_by=seen or "public", title=f"虚构的{name}", kind="",
        unit=unit, level="", field="", year="", lines="not read", plain="not read", html="not read",
    )  # fmt: skip
    session.add(row)
    session.flush()
    for number, problem in enumerate(problems.split()):
        session.add(CaseProblemRow(case_id=name, problem=problem, is_primary=number == 0))
    for indicator in indicators.split():
        session.add(CaseIndicatorRow(case_id=name, indicator=indicator))


def put_mechanism(session: Session, name: str, title: str, problems: str) -> None:
    session.add(MechanismRow(id=name, path=f"{name}.md", title=title, loop="", plain="not read", html="not read"))
    session.flush()
    session.add_all(MechanismProblemRow(mechanism_id=name, problem=problem) for problem in problems.split())


def case(name: str) -> Use:
    return Use(name, f"虚构的{name}", is_case=True)


def asked(engine: Engine, session: Session) -> tuple[Uses, list[str]]:
    session.flush()
    told: list[str] = []

    def note(*given: object) -> None:
        told.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    found = read_uses(session)
    event.remove(engine, "before_cursor_execute", note)
    return found, told


def test_every_record_is_told_under_all_that_it_names_whoever_may_see_it(engine: Engine) -> None:
    with Session(engine) as session:
        put_case(session, "b", VILLAGE, "P1.1 P5.1", "I01", seen=f"unit:{VILLAGE}")
        first, one_case = asked(engine, session)
        put_case(session, "a", VILLAGE, "P1.1", "I01 I02", seen="internal")
        put_case(session, "c", SCHOOL)
        put_mechanism(session, "m-2", "又一个虚构机制", "P1.1 P2.1")
        put_mechanism(session, "m-1", "虚构机制", "P1.1")
        found, three_cases = asked(engine, session)
    assert first == Uses({VILLAGE: (case("b"),)}, {"P1.1": (case("b"),), "P5.1": (case("b"),)}, {"I01": (case("b"),)})
    again, mechanism = Use("m-2", "又一个虚构机制", is_case=False), Use("m-1", "虚构机制", is_case=False)
    assert found == Uses(
        units={VILLAGE: (case("a"), case("b")), SCHOOL: (case("c"),)},
        problems={"P1.1": (case("a"), case("b"), again, mechanism), "P5.1": (case("b"),), "P2.1": (again,)},
        indicators={"I01": (case("a"), case("b")), "I02": (case("a"),)},
    )
    assert len(one_case) == len(three_cases) == 4
    assert not [statement for statement in three_cases if "plain" in statement or "html" in statement]


def test_an_empty_catalogue_uses_nothing(engine: Engine) -> None:
    with Session(engine) as session:
        assert read_uses(session) == Uses({}, {}, {})
