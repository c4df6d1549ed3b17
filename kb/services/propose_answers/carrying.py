"""The sentences of 推广, each under what it says: a risk, a must, a choice, for whom, on what condition."""

import re
from collections.abc import Mapping

from kb.services.propose_answers.sentences import sentences

TOLD_BY: Mapping[str, re.Pattern[str]] = {
    "risks": re.compile("防止|避免|风险|警惕|切忌"),
    "must_follow": re.compile("必须|不能|不得|务必|不可"),
    "may_adapt": re.compile("可以|自己定|自定|因地制宜|结合实际|酌情"),
    "preconditions": re.compile("前提|条件是|需要有|先要有"),
    "scope": re.compile("适合|适用|适宜"),
}
"""Columns of 推广条件 by words, the more telling first."""
_CLAUSE = re.compile(r"[，；](?=前提|可以|必须|但必须)|；")


def find_promotion(carrying: str) -> dict[str, list[str]]:
    """Only the columns something was found for, in the words of the text."""
    found: dict[str, list[str]] = {}
    for sentence in sentences(carrying):
        for clause in _CLAUSE.split(sentence):
            key = next((key for key, words in TOLD_BY.items() if words.search(clause)), "")
            if key:
                found.setdefault(key, []).append(clause.strip("，。；"))
    return found
