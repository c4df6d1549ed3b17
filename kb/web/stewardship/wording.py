"""错敏词: the rules, and one of them in a form."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kb.domain.flagged_wording import Level
from kb.errors import AskedWrongly, NotFound
from kb.services.keep_flagged_wording import RuleWish, add_rule, change_rule, remove_rule, wish_of
from kb.services.oversee_library import has_ended
from kb.services.reference_edits import Change
from kb.web.failures import status_of
from kb.web.reading import library, today
from kb.web.stewardship.editing import form_text, look, propose, wanted
from kb.web.stewardship.pages import blueprint


@blueprint.get("/wording")
def show_wording() -> str:
    rules, q = library().stewarding.flagged_wording, wanted()
    known = rules.entries(look(rules.path).text)
    shown = [rule for rule in known if q in rule.wrong or q in rule.right or q in rule.basis]
    ended = {rule.wrong for rule in shown if has_ended(rule, today())}
    return render_template("stewardship/wording.html", rules=shown, total=len(known), ended=ended, q=q)


@blueprint.get("/wording/edit")
def edit_rule() -> str:
    """The form of the rule on `wrong`, of a new one without."""
    rules, wrong = library().stewarding.flagged_wording, request.args.get("wrong", "")
    found = next((rule for rule in rules.entries(look(rules.path).text) if rule.wrong == wrong), None)
    if wrong and found is None:
        raise NotFound("没有这一条错敏词。", advice="从列表里选一条。")
    return _render(wrong, wish_of(found) if found else RuleWish())


@blueprint.post("/wording/edit")
def change_wording() -> ResponseReturnValue:
    rules, was = library().stewarding.flagged_wording, request.form.get("was", "")
    wish = RuleWish(**{name: form_text(name) for name in RuleWish._fields})

    def change(text: str) -> Change:
        if request.form.get("do") == "remove":
            return remove_rule(text, was, rules)
        return change_rule(text, was, wish, rules) if was else add_rule(text, wish, rules)

    try:
        return propose(rules.path, change)
    except AskedWrongly as error:
        return _render(was, wish, fault=error), status_of(error)


def _render(was: str, wish: RuleWish, fault: AskedWrongly | None = None) -> str:
    seen = look(library().stewarding.flagged_wording.path).sha256
    return render_template(
        "stewardship/rule.html", was=was, wish=wish, seen=seen, fault=fault, levels=[level.value for level in Level]
    )
