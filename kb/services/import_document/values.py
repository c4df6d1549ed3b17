"""Texts of a cell or a line as the plain value its kind of field has in a case file."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from kb.domain.partial_date import split_period
from kb.domain.template import UNSTATED, Slot
from kb.domain.word_form import END, START, without_name

_IDS = frozenset({"problem", "mechanism", "case_id", "mechanism_id"})
_ID_LISTS = frozenset({"problems", "indicators", "loop"})
_SEPARATORS = ("；", ";", "、", "，", ",")


class PlainValue(NamedTuple):
    """A value ("" when there was none), and the texts that did not fit into it."""

    value: Any
    left: tuple[str, ...] = ()


def plain_value(slot: Slot, texts: Sequence[str]) -> PlainValue:
    """The plain value of a field whose answer is these paragraphs."""
    kept = [text.strip() for text in texts if text.strip()]
    if not kept:
        return PlainValue("")
    if slot.kind == "period" or (slot.kind == "group"):
        return _parts(slot, kept)
    if kept == [UNSTATED]:
        return PlainValue(UNSTATED)
    if slot.kind in _ID_LISTS or slot.kind == "terms":
        return PlainValue([without_name(text) if slot.kind in _ID_LISTS else text for text in _entries(slot, kept)])
    if slot.kind in ("rows", "lists", "sources"):
        return PlainValue("", tuple(kept))
    text = "\n".join(kept)
    if slot.kind == "choice" and text not in (choice.label for choice in slot.choices):
        return _chosen(slot, text)
    return PlainValue(without_name(text) if slot.kind in _IDS else text)


def _entries(slot: Slot, kept: list[str]) -> list[str]:
    """One paragraph may hold several entries, but for quotations: a field that may stay empty is left as it is."""
    may_be_split = slot.kind in _ID_LISTS or (slot.count is not None and slot.count[0] > 0)
    if len(kept) > 1 or not may_be_split:
        return kept if may_be_split else [text.removesuffix("；") if "、" in text else text for text in kept]
    found = next((mark for mark in _SEPARATORS if mark in kept[0]), None)
    return [entry.strip() for entry in kept[0].split(found) if entry.strip()] if found else kept


def _chosen(slot: Slot, text: str) -> PlainValue:
    """Of a ticked list (☑村 □镇) the ticked one; else it does not fit."""
    ticked = [choice.label for choice in slot.choices if re.search(rf"[☑√✓■]\s*{re.escape(choice.label)}", text)]
    return PlainValue(ticked[0], (text,)) if len(ticked) == 1 else PlainValue("", (text,))


def _parts(slot: Slot, kept: list[str]) -> PlainValue:
    keys = {column.label: column.key for column in slot.columns} or {START: "start", END: "end"}
    value: dict[str, str] = {}
    left: list[str] = []
    for text in kept:
        label, _, rest = text.replace(":", "：", 1).partition("：") if "：" in text else text.partition(":")
        key = keys.get(label.strip())
        if key is None or key in value:
            left.append(text)
        elif rest.strip():
            value[key] = rest.strip()
    if not value and left == [UNSTATED]:
        return PlainValue(UNSTATED)
    if slot.kind == "period" and not value and len(left) == 1:
        value = dict(zip(("start", "end"), split_period(left[0]), strict=False))
        left = [] if value else left
    return PlainValue(value or "", tuple(left))
