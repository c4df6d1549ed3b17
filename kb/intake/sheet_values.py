"""What a cell of a workbook says, as the sheet shows it: days, percentages and texts by the cell's number format."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from lxml import etree

_DAY_FORMATS = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58}
"""Built-in formats of days, those of Chinese programs among them (ECMA-376 part 1, 18.8.30)."""
_TIME_FORMATS = {*range(18, 22), *range(32, 36), 45, 46, 47, 55, 56}
_PERCENT_FORMATS = {9, 10}
_NO_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_FIRST_SOUND_DAY = 61
"""1900-03-01: before it the count has a 29th of February that was none."""
_LAST_DAY = 2_958_465
"""9999-12-31."""


def code_of(format_id: int, custom: str) -> str:
    """d for days, m for months, y for years, t for times of day, % for percentages, "" for all other formats."""
    if format_id in _DAY_FORMATS:
        return "d"
    if format_id in _TIME_FORMATS:
        return "t"
    if format_id in _PERCENT_FORMATS:
        return "%"
    letters = _NO_CODE.sub("", custom.split(";")[0]).lower()
    if letters == "general" or not custom:
        return ""
    if "%" in letters:
        return "%"
    if "y" in letters or "e" in letters.replace("e+", "").replace("e-", ""):
        return "d" if "d" in letters else "m" if "m" in letters else "y"
    if "d" in letters:
        return "d"
    return "t" if re.search("[hs]", letters) else ""


def number_text(value: str, code: str, *, is_1904: bool) -> str:
    """2017-09-22 for 43000 in a format of days, 87.6% for 0.876, 12 for 12.0; other numbers with fifteen digits."""
    try:
        number = float(value)
    except ValueError:
        return value
    if code in ("d", "m", "y", "t"):
        return _day(number, code, is_1904=is_1904) or _plain(number)
    return f"{_plain(number * 100)}%" if code == "%" else _plain(number)


def _plain(number: float) -> str:
    if number.is_integer() and abs(number) < 10**15:
        return str(int(number))
    return f"{number:.15g}"


def _day(number: float, code: str, *, is_1904: bool) -> str:
    first = 0 if is_1904 else _FIRST_SOUND_DAY
    if code == "t" and 0 <= number < 1:
        return (_EPOCH + timedelta(days=number, milliseconds=500)).strftime("%H:%M")
    if not first <= number <= _LAST_DAY:
        return ""
    moment = (_EPOCH_1904 if is_1904 else _EPOCH) + timedelta(days=number, milliseconds=500)
    shape = {"m": "%Y-%m", "y": "%Y"}.get(code, "%Y-%m-%d")
    return moment.strftime(shape if number.is_integer() or code in ("m", "y") else f"{shape} %H:%M")


def words_of(node: etree._Element) -> str:
    """The text of a shared or inline string: its runs, without the readings beside them."""
    pieces = []
    for child in node:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces.extend(run.text or "" for run in child.iterfind("{*}t"))
    return clean("".join(pieces))


def clean(text: str) -> str:
    """Without the escapes of characters XML cannot hold; line ends as one character, no blanks around."""
    if text.isprintable() and "_x" not in text:
        return text.strip()
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def named(places: Sequence[str], most: int = 5) -> str:
    """B2、B3 or, when there are many, B2、B3、B4、B5、B6 等 40 处."""
    return "、".join(places[:most]) + (f" 等 {len(places)} 处" if len(places) > most else "")
