"""收藏: cases and mechanisms to find again."""

from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import NotFound
from kb.services.keep_basket import FAVOURITE_KINDS, Favourite
from kb.web.forms import tokenless_for_guests
from kb.web.highlights.pages import blueprint
from kb.web.keeping import keeping, looking, looking_before_signing_in
from kb.web.local_path import local_path
from kb.web.reading import reading


class Row(NamedTuple):
    """A favourite and its title, "" when it is no longer to be seen."""

    favourite: Favourite
    title: str


@blueprint.get("/favourites")
def show_favourites() -> str:
    with looking() as kept:
        found = kept.basket.favourites() if kept else ()
    cases = {lines.id: lines.title for lines in reading().catalogue.lines(_of(found, "case"))}
    titles = {"case": cases, "mechanism": reading().catalogue.mechanism_titles(_of(found, "mechanism"))}
    rows = [Row(one, titles[one.kind].get(one.subject, "")) for one in found]
    with looking_before_signing_in() as basket:
        guests = len(basket.favourites()) if basket else 0
    return render_template("highlights/favourites.html", rows=rows, removed=_removed(), guests=guests)


@blueprint.post("/favourites")
@tokenless_for_guests
def change_favourites() -> ResponseReturnValue:
    """Adds or removes one, then back to the page its button stood on, which shows how it stands.

    The button of a list says itself which case is to be added or removed, and stands in the line of that case.
    """
    form = request.form
    listed = form.get("add") or form.get("remove") or ""
    kind, subject = form.get("kind", ""), listed or form.get("subject", "")
    back = form.get("back", "")
    back += f"#of-{listed}" if back and listed else ""
    if "remove" in form or form.get("do") == "remove":
        with keeping() as kept:
            kept.basket.remove_favourite(kind, subject)
        if back:
            return redirect(local_path(back), code=303)
        return redirect(url_for("highlights.show_favourites", removed=f"{kind}:{subject}"[:100]), code=303)
    title = _title(kind, subject)
    with keeping() as kept:
        kept.basket.add_favourite(kind, subject)
    if back:
        return redirect(local_path(back), code=303)
    flash(f"收藏了：{title}。")
    return redirect(url_for("highlights.show_favourites"), code=303)


def _of(found: tuple[Favourite, ...], kind: str) -> list[str]:
    return [one.subject for one in found if one.kind == kind]


def _title(kind: str, subject: str) -> str:
    """Raises NotFound for what this reader does not see."""
    if kind == "case" and (case := reading().catalogue.find_case(subject)):
        return case.case.title
    if kind == "mechanism" and (mechanism := reading().catalogue.find_mechanism(subject)):
        return mechanism.mechanism.title
    raise NotFound("没有可以收藏的案例或机制。", advice="从案例页或机制页按“收藏”。")


def _removed() -> tuple[str, str] | None:
    kind, _, subject = request.args.get("removed", "").partition(":")
    return (kind, subject) if kind in FAVOURITE_KINDS and subject else None
