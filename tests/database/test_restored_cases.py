"""Cases that are kept once they were made from their rows."""

import json
from typing import Any

from kb.database.restored_cases import CHARACTER_BYTES, RECORD_BYTES, RestoredCases
from kb.services.ports import PlainRecord

PLAIN, HTML = json.dumps({"fields": {}, "notes": {}}), "{}"
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
    first = cases.restore(make, PLAIN, HTML, "a.md")
    assert cases.restore(make, PLAIN, HTML, "a.md") is first
    for plain, html, path in ((PLAIN + " ", HTML, "a.md"), (PLAIN, '{"a": "b"}', "a.md"), (PLAIN, HTML, "b.md")):
        found = cases.restore(make, plain, html, path)
        assert (found.path, found.html) == (path, json.loads(html))
    assert make.times == 4
    other = Maker()  # of another template or other reference data
    cases.restore(other, PLAIN, HTML, "a.md")
    assert other.times == 1


def test_what_is_kept_stays_within_its_bytes_and_what_was_used_last_stays() -> None:
    cases, make = RestoredCases(most_bytes=2 * SIZE), Maker()
    for name in ("a.md", "b.md", "a.md", "c.md"):
        cases.restore(make, PLAIN, HTML, name)
    assert (cases.bytes, make.times) == (2 * SIZE, 3)
    cases.restore(make, PLAIN, HTML, "a.md")
    assert make.times == 3
    cases.restore(make, PLAIN, HTML, "b.md")
    assert (cases.bytes, make.times) == (2 * SIZE, 4)
