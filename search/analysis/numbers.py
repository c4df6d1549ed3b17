"""The other way to write a number: 61 and 六十一, 2017 and 二〇一七, 34% and 百分之三十四. All on folded text.

Only whole numbers from eleven up: 十 and the single figures are characters that stand everywhere.
"""

import re

LEAST, MOST = 11, 99_999_999
DIGITS = "零一二三四五六七八九"
PLACES = ("", "十", "百", "千")
PERCENT = "百分之"
_TO_ARABIC = {ord(digit): str(value) for value, digit in enumerate(DIGITS)}
_ARABIC = re.compile(r"[1-9][0-9]{1,7}")
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万]{2,}")
_YEAR = re.compile(r"(?:一九|二零|二〇)[零〇一二三四五六七八九]{2}")
# jieba cuts 六十一个 into 六十 and 一个. What is counted keeps names such as 二十大 out of it.
_COUNTED = re.compile(
    r"(百分之[零〇一二两三四五六七八九十百千万]+|[零〇一二两三四五六七八九十百千万]{2,}(?=[个名人户家项条件次支所座亩元年月日岁期批处公里]))"
)


def other_forms(word: str) -> tuple[str, ...]:
    """How else the number is written that a word is; nothing for any other word."""
    if word.startswith(PERCENT):
        return tuple(f"{form}%" for form in other_forms(word.removeprefix(PERCENT)) if form.isascii())
    if _ARABIC.fullmatch(word):
        is_year = len(word) == 4 and word[:2] in ("19", "20")
        return _digits(word) if is_year else (_chinese(int(word)),) if int(word) >= LEAST else ()
    if _YEAR.fullmatch(word):
        return (word.replace("〇", "零").translate(_TO_ARABIC),)
    if _CHINESE.fullmatch(word):
        value = _value(word)
        return _arabic(value) if LEAST <= value <= MOST and _chinese(value) == _plain(word) else ()
    return ()


def numbers_apart(run: str) -> list[str]:
    """The run in parts, each number written in characters by itself."""
    return [part for part in _COUNTED.split(run) if part]


def _digits(year: str) -> tuple[str, ...]:
    written = "".join(DIGITS[int(digit)] for digit in year)
    return tuple(dict.fromkeys((written.replace("零", "〇"), written)))


def _arabic(value: int) -> tuple[str, ...]:
    """34万 is more often written than 340000."""
    return (str(value),) if value % 10_000 else (f"{value // 10_000}万", str(value))


def _plain(word: str) -> str:
    return word.replace("两", "二").replace("〇", "零")


def _value(word: str) -> int:
    """Read loosely: what is no number comes out as something that is not written like it."""
    total = part = digit = 0
    for character in _plain(word):
        if character == "万":
            total, part, digit = (total + part + digit) * 10_000, 0, 0
        elif character in PLACES:
            part, digit = part + (digit or 1) * 10 ** PLACES.index(character), 0
        else:
            digit = DIGITS.index(character)
    return total + part + digit


def _chinese(value: int) -> str:
    high, low = divmod(value, 10_000)
    if high:
        rest = ("零" if low < 1_000 else "") + _below_ten_thousand(low) if low else ""
        return _below_ten_thousand(high, leads=True) + "万" + rest
    return _below_ten_thousand(low, leads=True)


def _below_ten_thousand(value: int, *, leads: bool = False) -> str:
    written = ""
    for place, digit in zip(range(3, -1, -1), f"{value:04}", strict=True):
        if digit != "0":
            written += DIGITS[int(digit)] + PLACES[place]
        elif written and not written.endswith("零"):
            written += "零"
    written = written.rstrip("零")
    return written.removeprefix("一") if leads and written.startswith("一十") else written
