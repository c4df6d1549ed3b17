"""Lists and tables of a few thousand values, given to a statement as one parameter."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import CTE, ColumnElement, Select, func, select

Query = TypeVar("Query", bound="Select[*tuple[Any, ...]]")
"""A query that keeps its type while conditions are laid on it."""


def members(values: Collection[str]) -> "Select[Any]":
    """For `IN`: SQLite makes a table of them with an index, once."""
    return select(func.json_each(json.dumps(sorted(values))).table_valued("value").c.value)


def pairs(values: Mapping[str, str], name: str) -> CTE:
    """A table of `key` and `value`. Materialized, so that SQLite gives it an index: joined as it is, it is read for every row."""
    table = func.json_each(json.dumps(values)).table_valued("key", "value", name=f"{name}_values")
    return select(table.c.key, table.c.value).cte(name).prefix_with("MATERIALIZED")


def triples(values: Iterable[tuple[str, str, bool]], name: str) -> CTE:
    """A table of `key`, `value` and `flag` (0 or 1), in which a key may stand more than once."""
    table = func.json_each(json.dumps(list(values))).table_valued("value", name=f"{name}_values")
    told = [func.json_extract(table.c.value, f"$[{place}]") for place in range(3)]
    columns = [column.label(label) for column, label in zip(told, ("key", "value", "flag"), strict=True)]
    return select(*columns).cte(name).prefix_with("MATERIALIZED")


def year_of(day: Any) -> ColumnElement[str]:
    """The year of a day or time in ISO form."""
    return func.substr(day, 1, 4)
