"""问题类型: the tree, and one type in a form."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kb.domain.taxonomy import ProblemType
from kb.errors import AskedWrongly
from kb.services.keep_lexicon import LONGEST
from kb.services.keep_problem_types import TypeWish, add_type, change_type, get_type, retire_type, wish_of
from kb.services.reference_edits import Change
from kb.services.reference_uses import Use
from kb.web.failures import status_of
from kb.web.reading import library
from kb.web.stewardship.editing import look, propose, wanted
from kb.web.stewardship.pages import blueprint


@blueprint.get("/types")
def show_types() -> str:
    """`new` is a word one wants to make an alias of one of them."""
    types, q = library().stewarding.problem_types, wanted()
    text = look(types.path).text
    known = types.entries(text)
    return render_template(
        "stewardship/types.html",
        types=[one for one in known if _has(one, q)],
        total=len(known),
        retired=types.retired(text),
        uses=library().stewarding.find_uses().problems,
        q=q,
        new=request.args.get("new", "")[:LONGEST],
    )


@blueprint.get("/types/edit")
def edit_type() -> str:
    """The form of `id`; of a new one under `parent` without it. `new` is an alias to put in."""
    types, problem_id = library().stewarding.problem_types, request.args.get("id", "")
    text, new = look(types.path).text, request.args.get("new", "")[:LONGEST]
    if not problem_id:
        return _render("", request.args.get("parent", ""), TypeWish(aliases=new))
    found = get_type(text, problem_id, types)
    return _render(found.id, found.parent, _with_alias(wish_of(found), new))


@blueprint.post("/types/edit")
def change_types() -> ResponseReturnValue:
    types, form = library().stewarding.problem_types, request.form
    was, parent = form.get("was", ""), form.get("parent", "")
    wish = TypeWish(**{name: form.get(name, "")[:2_000] for name in TypeWish._fields})

    def change(text: str) -> Change:
        if form.get("do") == "retire":
            return retire_type(text, was, form.get("successor", ""), _uses(was), types)
        return change_type(text, was, wish, types) if was else add_type(text, parent, wish, types)

    try:
        return propose(types.path, change)
    except AskedWrongly as error:
        return _render(was, parent, wish, fault=error), status_of(error)


def _render(was: str, parent: str, wish: TypeWish, fault: AskedWrongly | None = None) -> str:
    types = library().stewarding.problem_types
    seen = look(types.path)
    known = types.entries(seen.text)
    return render_template(
        "stewardship/type.html",
        was=was,
        parent=next((one for one in known if one.id == parent), None),
        wish=wish,
        seen=seen.sha256,
        fault=fault,
        uses=_uses(was),
        children=[one for one in known if was and one.parent == was],
        others=[one for one in known if one.id != was],
    )


def _uses(problem_id: str) -> tuple[Use, ...]:
    return library().stewarding.find_uses().problems.get(problem_id, ()) if problem_id else ()


def _has(problem: ProblemType, q: str) -> bool:
    return not q or any(q in words for words in (problem.id, problem.label, problem.definition, *problem.aliases))


def _with_alias(wish: TypeWish, new: str) -> TypeWish:
    return wish._replace(aliases="、".join(filter(None, (wish.aliases, new))))
