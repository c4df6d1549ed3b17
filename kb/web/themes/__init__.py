"""专题: the published ones, one of them, and, for those who keep them, the form from a search or a list, with preview."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.domain.theme import (
    LONGEST_INTRO,
    LONGEST_TITLE,
    MOST_CASES,
    Theme,
    ThemeState,
    check_theme,
)
from kb.errors import AskedWrongly, Conflict, NotFound
from kb.services.find_cases import FACET_LABELS
from kb.services.keep_themes import ShownTheme, ThemeConflict, check_cases, show_theme
from kb.web.acting import actor, desk, source
from kb.web.failures import status_of
from kb.web.question import question_of
from kb.web.reading import reading
from kb.web.themes.form import read_form, read_start

__all__ = ["blueprint"]

blueprint = Blueprint("themes", __name__, url_prefix="/themes")


@blueprint.get("")
def show() -> str:
    with desk().themes() as themes:
        rows = themes.listed(actor())
    return render_template("themes/show.html", rows=rows, may_keep=actor().may(Right.KEEP_THEMES))


@blueprint.get("/<int:number>")
def show_one(number: int) -> str:
    return _page(number)


@blueprint.get("/new")
def show_form() -> str:
    """Filled in from a search (as 查案例 has it in its address) or from case ids (`id`, any number of times)."""
    require(actor(), Right.KEEP_THEMES)
    return _form(read_start(request.args))


@blueprint.post("/new")
def start() -> ResponseReturnValue:
    require(actor(), Right.KEEP_THEMES)
    wished = read_form(request.form)
    return _preview_or_keep(wished, wanted=ThemeState.DRAFT)


@blueprint.get("/<int:number>/edit")
def edit(number: int) -> str:
    require(actor(), Right.KEEP_THEMES)
    with desk().themes() as themes:
        return _form(themes.open(actor(), number))


@blueprint.post("/<int:number>/edit")
def save(number: int) -> ResponseReturnValue:
    require(actor(), Right.KEEP_THEMES)
    with desk().themes() as themes:
        current = themes.open(actor(), number)
    wished = replace(read_form(request.form, kind=current.kind), number=number, state=current.state)
    return _preview_or_keep(wished, wanted=current.state)


@blueprint.post("/<int:number>/state")
def move(number: int) -> ResponseReturnValue:
    """Published, archived, or a draft again."""
    require(actor(), Right.KEEP_THEMES)
    try:
        wanted = ThemeState(request.form.get("state", ""))
        with desk().themes(source(), writes=True) as themes:
            moved = themes.move(actor(), number, request.form.get("version", 0, int), wanted)
    except ValueError:
        raise AskedWrongly("没有说要改成哪一种。", advice="从专题页的按钮进入。") from None
    except NotFound:
        raise
    except (AskedWrongly, Conflict) as fault:
        return make_response(_page(number, fault), status_of(fault))
    flash(
        {"draft": "收回来了，读者看不到。", "published": "已发布。", "archived": "已归档，读者看不到。"}[
            moved.state.value
        ]
    )
    return redirect(url_for("themes.show_one", number=number), code=303)


def _preview_or_keep(wished: Theme, *, wanted: ThemeState) -> ResponseReturnValue:
    try:
        check_theme(wished, wanted=wanted)
        check_cases(wished.case_ids, reading().finder)
        if request.form.get("deed") == "preview":
            return _form(wished, preview=_shown(wished))
        with desk().themes(source(), writes=True) as themes:
            kept = themes.save(actor(), wished) if wished.number else themes.start(actor(), wished)
    except ThemeConflict as conflict:
        mine = replace(wished, version=conflict.theirs.version)
        return make_response(_form(mine, fault=conflict, theirs=conflict.theirs), status_of(conflict))
    except NotFound:
        raise
    except AskedWrongly as fault:
        return make_response(_form(wished, fault=fault), status_of(fault))
    flash("已保存。")
    return redirect(url_for("themes.show_one", number=kept.number), code=303)


def _shown(theme: Theme) -> ShownTheme:
    return show_theme(theme, question_of(theme.query), reading().finder)


def _page(number: int, fault: AskedWrongly | None = None) -> str:
    with desk().themes() as themes:
        theme = themes.open(actor(), number)
    return render_template(
        "themes/one.html",
        theme=theme,
        shown=_shown(theme),
        may_keep=actor().may(Right.KEEP_THEMES),
        fault=fault,
        **_search_of(theme),
    )


def _form(
    theme: Theme, *, preview: ShownTheme | None = None, fault: AskedWrongly | None = None, theirs: Theme | None = None
) -> str:
    now = reading()
    # What the search finds now, or the titles of the list: to be looked at while one writes.
    shown = preview or _shown(theme)
    cases = now.catalogue.cases([card.id for card in shown.cards]) if preview else ()
    return render_template(
        "themes/edit.html",
        theme=theme,
        shown=shown,
        is_preview=preview is not None,
        not_public=sum(entry.case.seen_by != "public" for entry in cases),
        fault=fault,
        theirs=theirs,
        theirs_search=_search_of(theirs) if theirs else None,
        limits={"title": LONGEST_TITLE, "intro": LONGEST_INTRO, "cases": MOST_CASES},
        **_search_of(theme),
    )


def _search_of(theme: Theme) -> dict[str, Any]:
    """The search of a theme for a page: its question, its conditions in words, its address in 查案例."""
    question = question_of(theme.query)
    conditions = [
        (name, FACET_LABELS[name], value, reading().finder.label_of(name, value))
        for name, values in question.chosen.items()
        for value in values
    ]
    address = url_for("find.show") + (f"?{theme.query}" if theme.query else "")
    return {"question": question, "conditions": conditions, "find_address": address}
