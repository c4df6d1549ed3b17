"""A page finds its ten cases by their ids: it does not walk through all that its reader sees."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from kb.database.catalogue import SqlCatalogue, open_database

IDS = list("abcdefghij")
LOOK_UPS: list[Callable[[SqlCatalogue], object]] = [
    lambda catalogue: catalogue.cases(IDS),
    lambda catalogue: catalogue.problems_of(IDS),
]


def restore(_: object) -> Any:
    raise AssertionError("there is no case")


@pytest.mark.parametrize("look_up", LOOK_UPS, ids=["cases", "problems_of"])
def test_cases_are_found_by_id(look_up: Callable[[SqlCatalogue], object]) -> None:
    engine = open_database(None)
    asked: list[tuple[str, Any]] = []
    with Session(engine) as session:
        session.connection()
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
        look_up(SqlCatalogue(session, restore, restore))
        (statement, values) = asked[0]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        assert session.execute(text("SELECT count(*) FROM case_record")).scalar() == 0
    steps = [str(row[3]) for row in plan if "case_record" in str(row[3])]
    assert [step.startswith("SEARCH case_record") and "(id=?" in step for step in steps] == [True]
    engine.dispose()
