"""Highlights case by case, and one case with all its sentences to tick."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.passage import PassageKind, read_key
from kb.errors import NotFound
from kb.services.case_cards import build_card
from kb.services.find_cases import Answer, Question
from kb.services.pick_highlights import STAGES, find_promoted, list_highlights, read_picks
from kb.services.propose_highlights import list_sentences
from kb.web.highlights.pages import blueprint, picked
from kb.web.keeping import keeping, looking, sources_of
from kb.web.local_path import local_path
from kb.web.question import read_question
from kb.web.reading import reading
from search import QueryError

MOST_TICKED = 100


@blueprint.get("")
def show() -> str:
    question = read_question(request.args)
    kind = next((one for one in PassageKind if one.value == request.args.get("mark")), None)
    now = reading()
    stage = request.args.get("stage", "")
    if stage in STAGES:
        return _render(find_promoted(question, now.finder, now.catalogue, now.standing, stage), kind, stage)
    answer = now.finder.find(question)
    if answer.question.page > answer.pages:
        answer = now.finder.find(replace(answer.question, page=answer.pages))
    return _render(answer, kind)


@blueprint.errorhandler(QueryError)
def refuse(error: QueryError) -> tuple[str, int]:
    return render_template(
        "highlights/show.html", answer=None, question=read_question(request.args), kind=None, fault=error.message,
        kinds=_KINDS, stage="", stages=STAGES, rows=(), picked=frozenset(), args={},
    ), 400  # fmt: skip


@blueprint.get("/<case_id>")
def show_case(case_id: str) -> str:
    """All sentences of a case; those proposed are marked."""
    now = reading()
    entry = now.catalogue.find_case(case_id)
    source = sources_of([case_id]).revision(case_id) if entry else None
    if entry is None or source is None:
        raise NotFound("没有找到这个案例。", advice="核对编号，或到“查案例”里检索。")
    with looking() as kept:
        favourites = {(one.kind, one.subject) for one in kept.basket.favourites()} if kept else set()
    return render_template(
        "highlights/case.html",
        case=entry.case,
        card=build_card(entry.case, now.reference),
        template=now.reference.case_template,
        sections=list_sentences(entry.case, now.reference.case_template, source),
        kinds=PassageKind,
        picked=picked(),
        is_favourite=("case", case_id) in favourites,
    )


@blueprint.post("/pick")
def pick() -> ResponseReturnValue:
    """The ticked sentences into the basket; which of them were there already, or are gone, is said."""
    back = local_path(request.form.get("back", "")) if request.form.get("back") else url_for("highlights.show")
    keys = request.form.getlist("pick")[:MOST_TICKED]
    if not keys:
        flash("还没有勾选。先勾选要用的句子，再按“加入亮点篮”。")
        return redirect(back, code=303)
    picks = read_picks(keys, sources_of(told.case_id for told in map(read_key, keys) if told))
    added = 0
    if picks.passages:
        with keeping() as kept:
            added = kept.basket.pick(picks.passages)
    words = [f"{added} 句放进了亮点篮。" if added else "没有新的句子放进亮点篮。"]
    words += [f"{len(picks.passages) - added} 句原来就在里面。"] if len(picks.passages) > added else []
    words += [f"{picks.lost} 句的原文刚刚改过或已撤下，没有放进去，请重新勾选。"] if picks.lost else []
    flash("".join(words))
    return redirect(back if picks.lost else url_for("highlights.show_basket"), code=303)


def _render(answer: Answer, kind: PassageKind | None, stage: str = "") -> str:
    now = reading()
    ids = [hit.card.id for hit in answer.hits]
    rows = list_highlights(ids, now.catalogue, now.reference, sources_of(ids), kind)
    return render_template(
        "highlights/show.html",
        answer=answer,
        question=answer.question,
        kind=kind,
        kinds=_KINDS,
        stage=stage,
        stages=STAGES,
        rows=rows,
        picked=picked(),
        args=_args(answer.question, kind, stage),
        fault="",
    )


def _args(question: Question, kind: PassageKind | None, stage: str) -> dict[str, object]:
    """Of the address, but for the page."""
    args: dict[str, object] = {name: list(values) for name, values in question.chosen.items()}
    others = {"q": question.text, "mark": kind.value if kind else "", "stage": stage}
    return {**args, **{name: value for name, value in others.items() if value}}


_KINDS = tuple(kind for kind in PassageKind if kind is not PassageKind.PICKED)
