"""同义词: groups of words that find each other, and one of them in a form."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kb.errors import AskedWrongly, NotFound
from kb.services.keep_lexicon import LONGEST, Group, add_group, change_group, remove_group, split_words
from kb.services.reference_edits import Change
from kb.web.failures import status_of
from kb.web.reading import library
from kb.web.stewardship.editing import look, propose, wanted
from kb.web.stewardship.pages import blueprint


@blueprint.get("/synonyms")
def show_synonyms() -> str:
    synonyms, q = library().stewarding.synonyms, wanted()
    groups = synonyms.entries(look(synonyms.path).text)
    shown = [group for group in groups if any(q in word for word in group)]
    return render_template(
        "stewardship/synonyms.html", groups=shown, total=len(groups), q=q, new=request.args.get("new", "")[:LONGEST]
    )


@blueprint.get("/synonyms/edit")
def edit_group() -> str:
    """The form of the group whose words are `group`; of a new one without it. `new` is a word to put in."""
    was = tuple(filter(None, request.args.get("group", "").split("、")))
    synonyms, new = library().stewarding.synonyms, request.args.get("new", "")[:LONGEST]
    if was and was not in synonyms.entries(look(synonyms.path).text):
        raise NotFound("没有这一组同义词。", advice="从列表里选一组。")
    return _render(was, "、".join(filter(None, (*was, new))))


@blueprint.post("/synonyms/edit")
def change_synonyms() -> ResponseReturnValue:
    synonyms, words = library().stewarding.synonyms, request.form.get("words", "")[:2_000]
    was = tuple(filter(None, request.form.get("was", "").split("、")))

    def change(text: str) -> Change:
        if request.form.get("do") == "remove":
            return remove_group(text, was, synonyms)
        group = split_words(words)
        return change_group(text, was, group, synonyms) if was else add_group(text, group, synonyms)

    try:
        return propose(synonyms.path, change)
    except AskedWrongly as error:
        return _render(was, words, fault=error), status_of(error)


def _render(was: Group, words: str, fault: AskedWrongly | None = None) -> str:
    seen = look(library().stewarding.synonyms.path).sha256
    return render_template("stewardship/group.html", was="、".join(was), words=words, seen=seen, fault=fault)
