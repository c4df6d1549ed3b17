"""A page finds its ten cases by their ids: it does not walk through all that its reader sees."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from kb.database.catalogue import SqlCatalogue, open_database
from kb.database.known_rows import dump_lines
from kb.database.models import CaseRow
from kb.domain.case_lines import CaseLines

IDS = list("abcdefghij")
LOOK_UPS: list[Callable[[SqlCatalogue], object]] = [
    lambda catalogue: catalogue.cases(IDS),
    lambda catalogue: catalogue.lines(IDS),
]


def restore(_: object) -> Any:
    raise AssertionError("there is no case")


def as_it_is(plain: object) -> Any:
    return plain


@pytest.mark.parametrize("look_up", LOOK_UPS, ids=["cases", "lines"])
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


def test_what_was_read_for_one_reader_is_not_shown_to_another_who_may_not_see_it() -> None:
    engine = open_database(None)
    of_no_matter = dict.fromkeys(("mechanism", "newest", "title", "kind", "unit", "level", "field", "year"), "")
    lines = CaseLines("a", "", "", ("1.1", "2.1"), "", "", "", "", "", "", "", "", "", ("record",))
    with Session(engine) as session:
        row = {"id": "a", "path": "a.md", "seen_by": "internal", "plain": '{"fields": {}, "notes": {}}', "html": "{}"}
        session.add(CaseRow(**of_no_matter, **row, lines=dump_lines(lines)))
        session.commit()
        state = object()
        of_insider, of_guest = (
            SqlCatalogue(session, as_it_is, restore, sees, state)
            for sees in (frozenset({"public", "internal"}), frozenset({"public"}))
        )
        assert [entry.path for entry in of_insider.cases(["a"])] == ["a.md"]
        assert of_insider.lines(["a", "b"]) == [lines]
        assert (of_guest.cases(["a"]), of_guest.lines(["a"]), of_guest.find_case("a")) == ([], [], None)
    engine.dispose()
