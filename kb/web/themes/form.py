"""The form of a theme, read within bounds; what is wrong with it the domain says."""

import re

from werkzeug.datastructures import MultiDict

from kb.domain.theme import LONGEST_INTRO, LONGEST_TITLE, MOST_CASES, Theme, ThemeKind
from kb.web.question import query_of, read_question

LONGEST_ID = 40
_BETWEEN_IDS = re.compile(r"[\s,，、;；]+")


def read_start(args: MultiDict[str, str]) -> Theme:
    """A theme not kept yet: of the `id`s given, else of the search."""
    ids = _ids(" ".join(args.getlist("id")))
    kind = ThemeKind.LIST if "id" in args else ThemeKind.SEARCH
    return Theme(0, "", "", kind, query_of(read_question(args)) if kind is ThemeKind.SEARCH else "", ids)


def read_form(form: MultiDict[str, str], kind: ThemeKind | None = None) -> Theme:
    """What was posted, one character or case more than allowed at most; `kind` where it is settled."""
    kind = kind or (ThemeKind.LIST if form.get("made_of") == ThemeKind.LIST.value else ThemeKind.SEARCH)
    is_list = kind is ThemeKind.LIST
    return Theme(
        number=0,
        title=" ".join(form.get("title", "").split())[: LONGEST_TITLE + 1],
        intro=form.get("intro", "").replace("\r\n", "\n").strip()[: LONGEST_INTRO + 1],
        kind=kind,
        query="" if is_list else query_of(read_question(form)),
        case_ids=_ids(form.get("case_ids", "")) if is_list else (),
        version=form.get("version", 0, int),
    )


def _ids(text: str) -> tuple[str, ...]:
    found = dict.fromkeys(one[:LONGEST_ID] for one in _BETWEEN_IDS.split(text) if one)
    return tuple(found)[: MOST_CASES + 1]
