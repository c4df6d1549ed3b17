"""亮点篮: the picked sentences in order, each told when its source has changed."""

from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right
from kb.errors import AskedWrongly, NotFound
from kb.services.follow_sources import Followed, Standing
from kb.services.keep_basket import LONGEST_NOTE, MOST_PASSAGES, Basket, BasketPassage
from kb.web.acting import actor
from kb.web.highlights.pages import blueprint
from kb.web.keeping import browser, keeping, looking, looking_before_signing_in, sources_of
from kb.web.local_path import local_path
from kb.web.reading import reading


class Line(NamedTuple):
    """A passage of the basket beside its source as it is now."""

    kept: BasketPassage
    followed: Followed


@blueprint.get("/basket")
def show_basket() -> str:
    with looking() as kept:
        passages = kept.basket.passages() if kept else ()
    sources = sources_of(dict.fromkeys(one.passage.case_id for one in passages))
    lines = [Line(one, sources.follow(one.passage, one.checked)) for one in passages]
    return render_template(
        "highlights/basket.html",
        lines=lines,
        standings=Standing,
        template=reading().reference.case_template,
        waiting=sum(line.followed.standing.needs_decision for line in lines),
        can_undo=request.args.get("removed") == "1",
        guests=_picked_before_signing_in(),
        most=MOST_PASSAGES,
        longest_note=LONGEST_NOTE,
        themes_of=list(dict.fromkeys(one.passage.case_id for one in passages))
        if actor().may(Right.KEEP_THEMES)
        else [],
    )


@blueprint.post("/basket")
def change_basket() -> ResponseReturnValue:
    """One deed on one passage (`number`), or on all of them."""
    deed, number = request.form.get("do", ""), _number()
    if deed in ("keep", "replace"):
        return _decide(deed, number)
    with keeping() as kept:
        _do(kept.basket, deed, number)
    if deed in ("remove", "empty"):
        flash("已经移出亮点篮。")
        return redirect(url_for("highlights.show_basket", removed=1), code=303)
    return redirect(url_for("highlights.show_basket", _anchor=f"p{number}" if number else None), code=303)


@blueprint.post("/basket/take-over")
def take_over() -> ResponseReturnValue:
    """What was kept in this browser before signing in: passages, favourites and pieces."""
    giver = browser()
    if actor().is_guest or not giver:
        raise AskedWrongly("没有可以并进来的。", advice="登录之后，在选过亮点的那个浏览器里办。")
    with keeping() as kept:
        kept.basket.take_over(giver)
    flash("登录前选的、收藏的已经并进来。")
    return redirect(local_path(request.form.get("back") or url_for("highlights.show_basket")), code=303)


def _do(basket: Basket, deed: str, number: int) -> None:
    if deed in ("up", "down"):
        basket.move(number, -1 if deed == "up" else 1)
    elif deed == "remove":
        basket.remove(number)
    elif deed == "note":
        basket.write_note(number, request.form.get("note", ""))
    elif deed == "empty":
        basket.empty()
    elif deed == "undo":
        flash(f"恢复了 {basket.bring_back()} 句。")
    else:
        raise AskedWrongly("不知道要办什么。", advice="用页面上的按钮。")


def _decide(deed: str, number: int) -> ResponseReturnValue:
    """What is decided on are the words shown: a text revised once more meanwhile is shown first."""
    with looking() as kept:
        if kept is None:
            raise NotFound("亮点篮里没有这一句。", advice="刷新后再试。")
        found = kept.basket.get(number)
    followed = sources_of([found.passage.case_id]).follow(found.passage, found.checked)
    if followed.current is None or followed.current.digest != request.form.get("seen", ""):
        flash("原文刚刚又改过，请看过新的一版再决定。")
    else:
        with keeping() as kept:
            if deed == "keep":
                kept.basket.keep(number, followed.current.digest)
            elif followed.new is not None:
                kept.basket.replace(number, followed.new)
    return redirect(url_for("highlights.show_basket", _anchor=f"p{number}"), code=303)


def _picked_before_signing_in() -> int:
    with looking_before_signing_in() as basket:
        return len(basket.passages()) if basket else 0


def _number() -> int:
    text = request.form.get("number", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
