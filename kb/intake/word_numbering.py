"""Numbers Word counts by itself: 一、 and （一） before headings are not in the text, and are part of it for a reader."""

import re
from collections import defaultdict
from typing import NamedTuple

from lxml import etree

from kb.intake.word_text import W

LEVELS = 9
_HAN_DIGITS = "零一二三四五六七八九"
_PLACE = re.compile(r"%([1-9])")
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCountingThousand",
}


class _Level(NamedTuple):
    form: str
    words: str
    start: int


class WordNumbering:
    """Counts as the document is read; ask once a paragraph, in order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * LEVELS)
        if root is None:
            return
        lists = {_get(item, "abstractNumId"): _levels(item) for item in root.findall(f"{W}abstractNum")}
        for number in root.findall(f"{W}num"):
            target = number.find(f"{W}abstractNumId")
            if target is not None:
                self._levels[_get(number, "numId")] = lists.get(_get(target, "val"), {})

    def next(self, place: tuple[str, int]) -> tuple[str, bool]:
        """The number's text before the next paragraph of this list ("" for none), and whether it is a bullet."""
        number, level = place
        found = self._levels.get(number, {}).get(level)
        if found is None or not 0 <= level < LEVELS:
            return "", False
        if found.form in ("bullet", "none"):
            return "", found.form == "bullet"
        counts = self._counts[number]
        counts[level] = counts[level] + 1 if counts[level] else found.start
        counts[level + 1 :] = [0] * (LEVELS - level - 1)
        levels = self._levels[number]
        return _PLACE.sub(lambda match: self._written(levels, counts, int(match[1]) - 1), found.words), False

    @staticmethod
    def _written(levels: dict[int, _Level], counts: list[int], level: int) -> str:
        form = levels[level].form if level in levels else "decimal"
        return write_number(max(counts[level], 1), form)


def _levels(item: etree._Element) -> dict[int, _Level]:
    return {int(_get(node, "ilvl")): _level(node) for node in item.findall(f"{W}lvl") if _get(node, "ilvl").isdigit()}


def _level(node: etree._Element) -> _Level:
    values = {name: node.find(f"{W}{name}") for name in ("numFmt", "lvlText", "start")}
    text = {name: "" if found is None else _get(found, "val") for name, found in values.items()}
    return _Level(text["numFmt"] or "decimal", text["lvlText"], int(text["start"]) if text["start"].isdigit() else 1)


def _get(node: etree._Element, name: str) -> str:
    return node.get(f"{W}{name}") or ""


def write_number(number: int, form: str) -> str:
    """12 as 十二, ⑫, l or 12, by Word's name of the form; forms not known here are written in digits."""
    if form in _CHINESE and number < 100:
        tens, ones = divmod(number, 10)
        head = "" if tens == 0 else "十" if tens == 1 else f"{_HAN_DIGITS[tens]}十"
        return head + (_HAN_DIGITS[ones] if ones or not tens else "")
    if form.startswith("decimalEnclosedCircle") and number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("lowerLetter", "upperLetter") and number <= 26:
        return chr((ord("a") if form == "lowerLetter" else ord("A")) + number - 1)
    return str(number)
