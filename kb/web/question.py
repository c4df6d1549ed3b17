"""From the address line to a Question: whatever stands there, the question is within bounds."""

import re
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from kb.services.find_cases import FACET_LABELS, MOST_PAGES, ORDERS, Question

TEXT_LIMIT = 2_000
"""Characters of the text that are used: some fifty links of a page repeat it."""
MOST_VALUES = 12
LONGEST_VALUE = 60
_PAGE = re.compile(r"[0-9]{1,18}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def read_question(args: MultiDict[str, str]) -> Question:
    """Unknown names are passed over, numbers clamped; without words the newest case comes first."""
    text = _text(args)[:TEXT_LIMIT]
    order = args.get("order", "")
    if order not in ORDERS or (order == "relevance" and not text):
        order = "relevance" if text else "-year"
    return Question(text=text, chosen=_chosen(args), order=order, page=_page(args.get("page", "")))


def is_cut(args: MultiDict[str, str]) -> bool:
    return len(_text(args)) > TEXT_LIMIT


def _text(args: MultiDict[str, str]) -> str:
    return _CONTROL.sub(" ", args.get("q", "")).strip()


def _chosen(args: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    chosen = {}
    for name in FACET_LABELS:
        values = [value for value in args.getlist(name) if value and len(value) <= LONGEST_VALUE]
        if values:
            chosen[name] = tuple(dict.fromkeys(values))[:MOST_VALUES]
    return chosen


def _page(text: str) -> int:
    return min(max(int(text), 1), MOST_PAGES) if _PAGE.fullmatch(text) else 1


def query_of(question: Question) -> str:
    """The question as an address line has it, its page left out; "" for one that asks for nothing."""
    pairs = [("q", question.text)] if question.text else []
    pairs += [(name, value) for name, values in question.chosen.items() for value in values]
    if pairs and question.order != ("relevance" if question.text else "-year"):
        pairs.append(("order", question.order))
    return urlencode(pairs)


def question_of(query: str) -> Question:
    """What `query_of` wrote down."""
    return read_question(MultiDict(parse_qsl(query)))
