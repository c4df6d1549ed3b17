"""Styles of a Word file: their names as an editor sees them, heading levels and lists, along what they are based on."""

import re
from typing import NamedTuple

from lxml import etree

from kb.intake.word_text import W

_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
MAX_CHAIN = 12
"""Styles based on each other that are followed."""


class StyleLook(NamedTuple):
    """`level` from 1, 0 for text; `number` is the list (numId, level) of the style, None without one."""

    name: str = ""
    level: int = 0
    number: tuple[str, int] | None = None
    is_centred: bool = False


class WordStyles:
    """Looks by style id."""

    def __init__(self, root: etree._Element | None) -> None:
        styles = [] if root is None else root.findall(f"{W}style")
        self._elements = {style.get(f"{W}styleId") or "": style for style in styles}
        self._looks: dict[str, StyleLook] = {}

    def look(self, style_id: str) -> StyleLook:
        """The look of a style; the empty one for an id nobody defined."""
        if style_id not in self._looks:
            self._looks[style_id] = self._find(style_id)
        return self._looks[style_id]

    def _find(self, style_id: str) -> StyleLook:
        name, level, number, is_centred = "", 0, None, None
        for _ in range(MAX_CHAIN):
            style = self._elements.get(style_id)
            if style is None:
                break
            own_name = _value(style, "name")
            name = name or own_name
            heading = _HEADING.fullmatch(own_name)
            level = level or outline_level(style) or (int(heading[1]) if heading else 0)
            number = number or list_place(style)
            is_centred = centred(style) if is_centred is None else is_centred
            style_id = _value(style, "basedOn")
        return StyleLook(name, level, number, bool(is_centred))


def _value(node: etree._Element, name: str) -> str:
    found = node.find(f"{W}{name}")
    return "" if found is None else found.get(f"{W}val") or ""


def outline_level(node: etree._Element) -> int:
    """The heading level a w:p or w:style sets itself, 0 for none."""
    found = node.find(f"{W}pPr/{W}outlineLvl")
    value = "9" if found is None else found.get(f"{W}val") or "9"
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0


def list_place(node: etree._Element) -> tuple[str, int] | None:
    """numId and level of the list a w:p or w:style stands in."""
    found = node.find(f"{W}pPr/{W}numPr")
    if found is None:
        return None
    level = _value(found, "ilvl") or "0"
    return _value(found, "numId"), int(level) if level.isdigit() else 0


def centred(node: etree._Element) -> bool | None:
    """Whether it is centred; None when it does not say."""
    found = node.find(f"{W}pPr/{W}jc")
    return None if found is None else found.get(f"{W}val") == "center"
