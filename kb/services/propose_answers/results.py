"""Figures that a sentence sets against each other: “到会率由 31% 提高到 87%”."""

import re

from kb.services.propose_answers.sentences import part_of, sentences

MOST_ROWS = 20
_UNIT = r"(?P<{0}>[%％]|万元|亿元|个百分点|[个件人户名次张家元项处亩岁天]?)"
_ON = r"(?:(?P<{0}>\d{{4}})年(?:底|初|末)?的?)?"
_AGAINST = re.compile(
    r"(?P<measure>[^，。；：、\d由从]{2,24})[由从]" + _ON.format("before_on") + r"(?P<before>\d[\d.,]*)"
    + _UNIT.format("unit") + r"[\u4e00-\u9fff]{0,3}?(?:到|至|为|成)" + _ON.format("now_on") + r"(?P<now>\d[\d.,]*)"
    + _UNIT.format("unit_now")
)  # fmt: skip


def find_results(effect: str) -> list[dict[str, str]]:
    """A row for each pair of figures; the figures are as written, a percentage keeps its sign."""
    part = part_of(effect)
    found = [match for sentence in sentences(effect) for match in _AGAINST.finditer(sentence)]
    return [_row(match, part) for match in found[:MOST_ROWS]]


def _row(match: re.Match[str], part: str) -> dict[str, str]:
    unit = match["unit"] or match["unit_now"]
    sign = unit if unit in ("%", "％") else ""
    row = {
        "measure": match["measure"].strip(),
        "before": match["before"] + sign,
        "before_on": match["before_on"] or "",
        "now": match["now"] + sign,
        "now_on": match["now_on"] or "",
        "counted_in": "" if sign else unit,
        "part": part,
    }
    return {key: cell for key, cell in row.items() if cell}
