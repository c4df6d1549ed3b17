"""Values of a draft as lines to read, where two versions are held against each other."""

from collections.abc import Mapping
from typing import Any

from kb.domain.template import Slot
from kb.web.drafts.inputs import SOURCE_COLUMNS, text_of


def in_words(slot: Slot, value: Any) -> str:
    """The value of a slot, its parts by their labels."""
    columns = {column.key: column.label for column in (*slot.columns, *SOURCE_COLUMNS)}
    ends = {"start": "开始", "end": "结束"} if slot.kind == "period" else {}
    return _words(value, {**columns, **ends}) or "（空）"


def _words(value: Any, labels: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        return "；".join(f"{labels.get(key, key)}：{_words(part, {})}" for key, part in value.items())
    if isinstance(value, list):
        is_plain = all(isinstance(entry, str) for entry in value)
        return ("、" if is_plain else "\n").join(_words(entry, labels) for entry in value)
    return text_of(value)
