"""What a reader asks the loop: the slice in the address line, the counts for one request."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from flask import request
from werkzeug.datastructures import MultiDict

from kb.bootstrap import Reading
from kb.domain.accounts import Right
from kb.services.measure_loop import Loop, Slice
from kb.web.acting import actor, desk
from kb.web.reading import library, reading, today

LONGEST = 60
"""Characters of a value in the address line; longer ones are no value."""
SHARED = frozenset({"public", "internal"})
"""What everybody signed in sees: units are ranked by these alone, so that no two readers are told different ranks."""


class Choices(NamedTuple):
    """What the form above the charts offers; labels by value."""

    years: tuple[str, ...]
    levels: Mapping[str, str]
    fields: Mapping[str, str]
    problems: Mapping[str, str]
    units: tuple[str, ...]


def read_slice(args: MultiDict[str, str]) -> Slice:
    """Values too long to be one are passed over; a year is four digits."""
    told = {name: args.get(name, "").strip() for name in Slice._fields}
    told = {name: value if len(value) <= LONGEST else "" for name, value in told.items()}
    year = told["year"] if len(told["year"]) == 4 and told["year"].isascii() and told["year"].isdigit() else ""
    return Slice(**{**told, "year": year})


@contextmanager
def looping(*, is_shared: bool = False) -> Iterator[Loop]:
    """The loop for this request; is_shared: as everybody signed in sees it. Raises NotReady."""
    if is_shared:
        with library().reading(SHARED) as now:
            yield from _loop(now)
    else:
        yield from _loop(reading())


def _loop(now: Reading) -> Iterator[Loop]:
    with desk().session() as rows:
        yield Loop(
            now.counts,
            desk().ledger_counts(rows),
            now.reference,
            read_slice(request.args),
            today=today(),
            names_units=actor().may(Right.READ_INTERNAL),
        )


def choices(loop: Loop) -> Choices:
    """What is there to choose from."""
    return Choices(
        years=tuple(sorted({*loop.cases.years(), *loop.ledger.years()}, reverse=True)),
        levels=loop.levels,
        fields=loop.fields,
        problems={one.id: f"{one.id} {one.label}" for one in loop.taxonomy.problems.values()},
        units=tuple(loop.taxonomy.units) if loop.names_units else (),
    )


def page_of(args: MultiDict[str, str], rows: int, size: int) -> tuple[int, int]:
    """The page asked for, within those there are, and how many there are."""
    pages = max(1, -(-rows // size))
    text = args.get("page", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return min(max(asked, 1), pages), pages
