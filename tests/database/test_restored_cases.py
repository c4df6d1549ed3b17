"""Cases that are kept once they were made from their rows."""

import json
from typing import Any

from kb.database.restored_cases import CHARACTER_BYTES, RECORD_BYTES, CaseText, RestoredCases
from kb.services.ports import PlainRecord

PLAIN, HTML = json.dumps({"fields": {}, "notes": {}}), "{}"
ROW = CaseText(PLAIN, HTML, "a.md", "public")
SIZE = RECORD_BYTES + CHARACTER_BYTES * len(PLAIN + HTML)


class Maker:
    """Stands for what makes a case of its plain values; counts how often it does."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, plain: PlainRecord) -> Any:
        self.times += 1
        return plain


def test_the_same_row_is_read_back_once_and_a_changed_one_again() -> None:
    cases, make = RestoredCases(), Maker()
    first = cases.restore(make, "a", ROW)
    assert cases.restore(make, "a", ROW) is first
    changes = {"plain": PLAIN + " "}, {"html": '{"a": "b"}'}, {"path": "b.md"}, {"seen_by": "internal"}
    for text in (ROW._replace(**change) for change in changes):
        found = cases.restore(make, "a", text)
        assert (found.entry.path, found.entry.html, found.seen_by) == (text.path, json.loads(text.html), text.seen_by)
    assert make.times == 5
    other = Maker()  # of another template or other reference data
    cases.restore(other, "a", ROW)
    assert other.times == 1


def test_in_the_state_it_was_restored_in_a_case_is_known_without_its_row() -> None:
    cases, make = RestoredCases(), Maker()
    made = cases.restore(make, "a", ROW, state=1)
    cases.restore(make, "b", ROW._replace(path="b.md"))  # of a row that may change yet
    assert cases.known(1, ["a", "b", "c"]) == {"a": made}
    assert cases.known(2, ["a"]) == {}
    later = cases.restore(make, "a", ROW._replace(seen_by="internal"), state=2)
    assert (cases.known(1, ["a"]), cases.known(2, ["a"])) == ({}, {"a": later})


def test_a_case_that_had_to_go_is_not_known() -> None:
    cases, make = RestoredCases(most_bytes=SIZE), Maker()
    for name in ("a", "b"):
        cases.restore(make, name, ROW._replace(path=name), state=1)
    assert [*cases.known(1, ["a", "b"])] == ["b"]


def test_what_is_kept_stays_within_its_bytes_and_what_was_used_last_stays() -> None:
    cases, make = RestoredCases(most_bytes=2 * SIZE), Maker()
    for name in ("a.md", "b.md", "a.md", "c.md"):
        cases.restore(make, name, ROW._replace(path=name))
    assert (cases.bytes, make.times) == (2 * SIZE, 3)
    cases.restore(make, "a.md", ROW._replace(path="a.md"))
    assert make.times == 3
    cases.restore(make, "b.md", ROW._replace(path="b.md"))
    assert (cases.bytes, make.times) == (2 * SIZE, 4)
