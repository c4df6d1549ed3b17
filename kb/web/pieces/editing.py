"""One piece: its order, its head, one's own words between the passages, what changed in its sources."""

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.office_document import Head
from kb.domain.piece import (
    LONGEST_HEAD,
    LONGEST_TITLE,
    LONGEST_WORDS,
    Item,
    OwnWords,
    PieceKind,
    TakenPassage,
    WholeCase,
    cut_item,
    insert_item,
    move_item,
    replace_item,
    source_of,
)
from kb.errors import AskedWrongly, Conflict, KbError
from kb.services.compose_piece import ComposedPiece
from kb.services.follow_sources import Standing
from kb.services.write_piece import Wording
from kb.web.failures import status_of
from kb.web.keeping import keeping
from kb.web.pieces.pages import blueprint, composed
from kb.web.reading import today

Change = Callable[[tuple[Item, ...]], tuple[Item, ...]]


@blueprint.get("/<int:number>")
def show_one(number: int) -> str:
    return _render(composed(number))


@blueprint.post("/<int:number>")
def save(number: int) -> ResponseReturnValue:
    """Saves what the form says, then does what its button says to one item or to the order."""
    before = composed(number)
    deed, place = _deed()
    wording = _wording(before)
    try:
        if deed == "undo":
            with keeping() as kept:
                kept.pieces.step_back(number, _version())
            flash("撤销了上一步。")
            return redirect(url_for("pieces.show_one", number=number), code=303)
        change = _change(before, deed, place)
        with keeping() as kept:
            kept.pieces.save(number, _version(), wording, change)
    except Conflict as error:
        return _render(composed(number), fault=error, lost=wording), 409
    except AskedWrongly as error:
        return _render(before, fault=error, lost=wording), status_of(error)
    if deed == "cut":
        flash("删掉了一段。按“撤销上一步”可以恢复。")
    elif not deed:
        flash("已保存。")
    anchor = {"up": place - 1, "down": place + 1, "own": place + 1, "heading": place}.get(deed, place)
    return redirect(url_for("pieces.show_one", number=number, _anchor=f"i{max(anchor, 0)}" if deed else None), code=303)


@blueprint.post("/<int:number>/copy")
def copy(number: int) -> ResponseReturnValue:
    with keeping() as kept:
        made = kept.pieces.copy(number)
    flash("复制好了，这是副本。")
    return redirect(url_for("pieces.show_one", number=made.number), code=303)


@blueprint.post("/<int:number>/delete")
def delete(number: int) -> ResponseReturnValue:
    with keeping() as kept:
        kept.pieces.delete(number)
    flash("删掉了。要恢复，到本页下面“刚删掉的”。")
    return redirect(url_for("pieces.show"), code=303)


@blueprint.post("/<int:number>/restore")
def restore(number: int) -> ResponseReturnValue:
    with keeping() as kept:
        kept.pieces.bring_back(number)
    flash("恢复好了。")
    return redirect(url_for("pieces.show_one", number=number), code=303)


def _change(before: ComposedPiece, deed: str, place: int) -> Change:
    if deed in ("up", "down"):
        return lambda items: move_item(items, place, -1 if deed == "up" else 1)
    if deed == "cut":
        return lambda items: cut_item(items, place)
    if deed == "own":
        return lambda items: insert_item(items, place + 1, OwnWords(""))
    if deed == "heading":
        return lambda items: insert_item(items, place, OwnWords("", is_heading=True))
    if deed in ("keep", "replace"):
        decided = _decided(before, deed, place)
        return lambda items: replace_item(items, place, decided)
    if deed:
        raise AskedWrongly("不知道要办什么。", advice="用页面上的按钮。")
    return lambda items: items


def _decided(before: ComposedPiece, deed: str, place: int) -> Item:
    """The item after its owner has seen what became of its source."""
    item = before.piece.items[place] if place < len(before.piece.items) else None
    source = source_of(item) if item else None
    current = before.sources.revision(source.record_id) if source else None
    if item is None or current is None or current.digest != request.form.get(f"seen:{place}", ""):
        raise AskedWrongly("原文刚刚又改过。", advice="看过新的一版再决定。")
    if isinstance(item, WholeCase):
        return WholeCase(current, taken_on=today().isoformat())
    assert isinstance(item, TakenPassage)
    new = before.sources.follow(item.passage, item.checked).new
    if deed == "keep" or new is None:
        return TakenPassage(item.passage, checked=current.digest)
    return TakenPassage(replace(new, taken_on=today().isoformat()))


def _render(found: ComposedPiece, *, fault: KbError | None = None, lost: Wording | None = None) -> str:
    piece = found.piece
    followed = [
        found.sources.follow(item.passage, item.checked) if isinstance(item, TakenPassage) else None
        for item in piece.items
    ]
    standings = [found.standing(item) for item in piece.items]
    cases = [found.sources.case(case_id) for case_id in piece.case_ids]
    return render_template(
        "pieces/one.html",
        found=found,
        piece=piece,
        has_contents=piece.kind is PieceKind.COMPILATION,
        items=list(zip(piece.items, followed, standings, strict=True)),
        standings=Standing,
        waiting=sum(one.needs_decision for one in standings),
        template=found.reference.case_template,
        is_internal=any(case is not None and case.seen_by != "public" for case in cases),
        fault=fault,
        lost=lost,
        longest_words=LONGEST_WORDS,
        longest_title=LONGEST_TITLE,
        longest_head=LONGEST_HEAD,
    )


def _wording(before: ComposedPiece) -> Wording:
    form = request.form
    head = Head(*(form.get(name, getattr(before.piece.head, name)) for name in ("name", "issue", "unit", "day")))
    words = {place: form[f"words:{place}"] for place in range(len(before.piece.items)) if f"words:{place}" in form}
    return Wording(form.get("title", before.piece.title), head, words)


def _deed() -> tuple[str, int]:
    deed, _, place = request.form.get("do", "").partition(":")
    return deed, int(place) if place.isascii() and place.isdecimal() and len(place) < 5 else 0


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
