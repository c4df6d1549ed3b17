"""A new piece: of what a search found, of the basket, of the favourites."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.office_document import Head
from kb.domain.partial_date import PartialDate
from kb.domain.passage import Passage
from kb.domain.piece import LONGEST_HEAD, LONGEST_TITLE, Item, PieceKind
from kb.errors import AskedWrongly, KbError
from kb.services.find_cases import Question
from kb.services.write_piece import OF_A_CASE, items_of_case, items_of_passages
from kb.web.acting import actor
from kb.web.failures import status_of
from kb.web.keeping import keeping, looking, sources_of
from kb.web.pieces.pages import blueprint
from kb.web.question import read_question
from kb.web.reading import reading, today
from search import QueryError

MOST_CASES = 100
"""Of a search, to choose from."""
TICKED = 5
"""Of them ticked at first."""
FROM = ("search", "basket", "favourites")
SHORT_QUESTION = 20
_PROPOSED = {
    PieceKind.BULLETIN: "做法简报",
    PieceKind.DIGEST: "做法摘编",
    PieceKind.COMPILATION: "典型案例汇编",
    PieceKind.ARTICLE: "典型做法",
}


class Choice(NamedTuple):
    """A case to take or leave."""

    id: str
    title: str
    unit: str
    is_ticked: bool


@blueprint.get("/new")
def show_new() -> str:
    origin = request.args.get("from", "search")
    wanted = request.args.get("piece", "")
    kind = next((one for one in PieceKind if one.value == wanted), PieceKind.BULLETIN)
    question = read_question(request.args)
    form = {
        "title": _title(origin, question, kind),
        "name": "",
        "issue": "",
        "unit": actor().unit,
        "day": _today_in_words(),
    }
    return _render(origin if origin in FROM else "search", kind, form, None)


@blueprint.post("")
def create() -> ResponseReturnValue:
    origin = request.form.get("from", "")
    wanted = request.form.get("piece", "")
    kind = next((one for one in PieceKind if one.value == wanted), PieceKind.BULLETIN)
    form = {name: request.form.get(name, "") for name in ("title", "name", "issue", "unit", "day")}
    head = Head(form["name"], form["issue"], form["unit"], form["day"])
    try:
        items = _items(origin, kind)
        with keeping() as kept:
            made = kept.pieces.create(kind, _title_for(kind, origin, form["title"]), head, items)
    except AskedWrongly as error:
        return _render(origin if origin in FROM else "search", kind, form, error), status_of(error)
    return redirect(url_for("pieces.show_one", number=made.number), code=303)


def _items(origin: str, kind: PieceKind) -> tuple[Item, ...]:
    if origin == "basket":
        passages = _basket()
        if kind is not PieceKind.COMPILATION:
            sources = sources_of(dict.fromkeys(one.case_id for one in passages))
            titles = {one.case_id: case.title for one in passages if (case := sources.case(one.case_id))}
            return items_of_passages(passages, titles)
        ids = list(dict.fromkeys(one.case_id for one in passages))
    else:
        ids = list(dict.fromkeys(request.form.getlist("case")))[:MOST_CASES]
    sources = sources_of(ids)
    day = today().isoformat()
    items: list[Item] = []
    for case_id in ids:
        case, source = sources.case(case_id), sources.revision(case_id)
        if case and source:
            items += items_of_case(kind, case, source, day)
    return tuple(items)


def _render(origin: str, kind: PieceKind, form: Mapping[str, str], fault: KbError | None) -> str:
    question = read_question(request.values)
    choices: tuple[Choice, ...] = ()
    total, words = 0, ""
    if origin == "search":
        try:
            choices, total = _found(question)
        except QueryError as error:
            words = error.message
    elif origin == "favourites":
        choices = _favourites()
    return render_template(
        "pieces/new.html",
        origin=origin,
        kind=kind,
        kinds=PieceKind,
        form=form,
        fault=fault,
        question=question,
        query_fault=words,
        choices=choices,
        total=total,
        passages=_basket() if origin == "basket" else (),
        of_a_case=OF_A_CASE,
        longest_title=LONGEST_TITLE,
        longest_head=LONGEST_HEAD,
    )


def _found(question: Question) -> tuple[tuple[Choice, ...], int]:
    answer = reading().finder.find(replace(question, page=1, size=MOST_CASES))
    ticked = set(request.form.getlist("case")) or {hit.card.id for hit in answer.hits[:TICKED]}
    found = [Choice(hit.card.id, hit.card.title, hit.card.unit, hit.card.id in ticked) for hit in answer.hits]
    return tuple(found), answer.total


def _favourites() -> tuple[Choice, ...]:
    with looking() as kept:
        found = kept.basket.favourites() if kept else ()
    ids = [one.subject for one in found if one.kind == "case"][:MOST_CASES]
    ticked = set(request.form.getlist("case")) or set(ids)
    cases = [entry.case for entry in reading().catalogue.cases(ids)]
    return tuple(Choice(case.id, case.title, case.unit, case.id in ticked) for case in cases)


def _basket() -> tuple[Passage, ...]:
    """What of it may still be seen."""
    with looking() as kept:
        passages = tuple(one.passage for one in kept.basket.passages()) if kept else ()
    sources = sources_of(dict.fromkeys(one.case_id for one in passages))
    return tuple(one for one in passages if sources.case(one.case_id))


def _title_for(kind: PieceKind, origin: str, title: str) -> str:
    """One that was only proposed for another kind is proposed anew: a compilation is not to be called a digest."""
    question = read_question(request.form)
    return _title(origin, question, kind) if title in {_title(origin, question, one) for one in PieceKind} else title


def _title(origin: str, question: Question, kind: PieceKind) -> str:
    if origin == "search" and question.text and len(question.text) <= SHORT_QUESTION:
        return f"“{question.text}”{_PROPOSED[kind]}"
    return _PROPOSED[kind]


def _today_in_words() -> str:
    return PartialDate(today().isoformat()).in_words()
