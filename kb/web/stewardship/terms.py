"""分词词典: words the segmentation keeps whole, and one of them in a form."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kb.errors import AskedWrongly, NotFound
from kb.services.keep_lexicon import LONGEST, add_term, change_term, remove_term
from kb.services.reference_edits import Change
from kb.web.failures import status_of
from kb.web.reading import library
from kb.web.stewardship.editing import form_text, look, propose, wanted
from kb.web.stewardship.pages import blueprint


@blueprint.get("/terms")
def show_terms() -> str:
    terms, q = library().stewarding.terms, wanted()
    words = terms.entries(look(terms.path).text)
    shown = [word for word in words if q in word]
    return render_template("stewardship/terms.html", words=shown, total=len(words), q=q)


@blueprint.get("/terms/edit")
def edit_term() -> str:
    """The form of `word`; of a new one without it, with `new` filled in."""
    terms, word = library().stewarding.terms, request.args.get("word", "")
    if word and word not in terms.entries(look(terms.path).text):
        raise NotFound("词典里没有这个词。", advice="从列表里选一个。")
    return _render(word, word or request.args.get("new", "")[:LONGEST])


@blueprint.post("/terms/edit")
def change_terms() -> ResponseReturnValue:
    terms, was, word = library().stewarding.terms, request.form.get("was", ""), form_text("word")

    def change(text: str) -> Change:
        if request.form.get("do") == "remove":
            return remove_term(text, was, terms)
        return change_term(text, was, word, terms) if was else add_term(text, word, terms)

    try:
        return propose(terms.path, change)
    except AskedWrongly as error:
        return _render(was, word, fault=error), status_of(error)


def _render(was: str, word: str, fault: AskedWrongly | None = None) -> str:
    seen = look(library().stewarding.terms.path).sha256
    return render_template("stewardship/term.html", was=was, word=word, seen=seen, fault=fault, longest=LONGEST)
