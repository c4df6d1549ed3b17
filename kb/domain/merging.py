"""Two people changed one draft: what can be joined is joined, where both changed the same field somebody chooses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BLANK: tuple[Any, ...] = ("", [], {}, None)


@dataclass(frozen=True)
class Merged:
    """`fields` hold every change of either side, in a disputed field mine; `theirs` and `disputed` are field keys."""

    fields: Mapping[str, Any]
    theirs: tuple[str, ...]
    disputed: tuple[str, ...]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Joins two descendants of `base` field by field."""
    fields = dict(mine)
    taken, disputed = [], []
    for key in dict.fromkeys((*base, *theirs, *mine)):
        before, my, their = (_value(side, key) for side in (base, mine, theirs))
        if their in (before, my):
            continue
        if my == before:
            fields[key] = their
            taken.append(key)
        else:
            disputed.append(key)
    return Merged(fields, tuple(taken), tuple(disputed))


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of the fields that differ."""
    keys = dict.fromkeys((*before, *after))
    return tuple(key for key in keys if _value(before, key) != _value(after, key))


def _value(side: Mapping[str, Any], key: str) -> Any:
    value = side.get(key, "")
    return "" if value in BLANK else value
