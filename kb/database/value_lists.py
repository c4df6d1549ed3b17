"""Lists of a few thousand values, given to a statement as one parameter."""

import json
from collections.abc import Collection
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, select

Query = TypeVar("Query", bound="Select[*tuple[Any, ...]]")
"""A query that keeps its type while conditions are laid on it."""


def members(values: Collection[str]) -> "Select[Any]":
    """For `IN`: SQLite makes a table of them with an index, once."""
    return select(func.json_each(json.dumps(sorted(values))).table_valued("value").c.value)


def year_of(day: Any) -> ColumnElement[str]:
    """The year of a day or time in ISO form."""
    return func.substr(day, 1, 4)
