"""修订记录: what a case has been, changes made by hand in the folder, restore, archive, merge, and a new revision."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.services.archive_case import archive, bring_back, find_archived, merge
from kb.services.keep_revisions import (
    Standing,
    adopt,
    compare_texts,
    draft_revision,
    find_hand_changes,
    get_revision,
    read_history,
    restore,
)
from kb.services.publish_record import Publisher, Revision
from kb.web.acting import actor, desk, source
from kb.web.reading import library, reading

blueprint = Blueprint("revisions", __name__, url_prefix="/revisions")


@blueprint.get("")
def show() -> str:
    """What was changed by hand, what is archived, and a way to any case."""
    require(actor(), Right.ANSWER_CORRECTIONS)
    with library().reviewing.publisher(reading().reference) as publisher:
        changes, archived = find_hand_changes(publisher), find_archived(publisher)
        titles = {one.record_id: str(publisher.form.parse(one.text).fields.get("title", "")) for one in archived}
    return render_template(
        "revisions/show.html",
        changes=changes,
        archived=archived,
        titles={**reading().catalogue.titles(), **titles},
        redirects=library().reviewing.redirects.all(),
        standing=Standing,
    )


@blueprint.get("/find")
def find() -> ResponseReturnValue:
    return redirect(url_for("revisions.show_case", case_id=request.args.get("id", "").strip()[:40] or "-"), code=303)


@blueprint.get("/<case_id>")
def show_case(case_id: str) -> str:
    with library().reviewing.publisher(reading().reference) as publisher:
        history = read_history(actor(), case_id, publisher)
        is_edited = history.standing is Standing.EDITED
        by_hand = compare_texts(history.revisions[0].text, history.text, publisher) if is_edited else ()
    with library().reviewing.corrections() as corrections:
        wanted = corrections.for_revision(case_id)
    return render_template(
        "revisions/case.html",
        history=history,
        by_hand=by_hand,
        wanted=wanted,
        names=library().reviewing.names(),
        standing=Standing,
        right=Right,
        redirects=library().reviewing.redirects.all(),
    )


@blueprint.get("/<case_id>/<int:number>")
def show_one(case_id: str, number: int) -> str:
    with library().reviewing.publisher(reading().reference) as publisher:
        history = read_history(actor(), case_id, publisher)
        revision = get_revision(case_id, number, publisher)
        earlier = next((one for one in history.revisions if one.number == number - 1), None)
        changes = compare_texts(earlier.text, revision.text, publisher) if earlier else None
    return render_template(
        "revisions/one.html",
        history=history,
        revision=revision,
        changes=changes,
        names=library().reviewing.names(),
        right=Right,
    )


@blueprint.post("/<case_id>/restore/<int:number>")
def go_back(case_id: str, number: int) -> ResponseReturnValue:
    seen = request.form.get("seen", "")
    return _publish(case_id, lambda publisher: restore(actor(), case_id, number, seen, publisher))


@blueprint.post("/<case_id>/adopt")
def take_by_hand(case_id: str) -> ResponseReturnValue:
    seen = request.form.get("seen", "")
    return _publish(case_id, lambda publisher: adopt(actor(), case_id, seen, publisher))


@blueprint.post("/<case_id>/archive")
def put_away(case_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    return _publish(case_id, lambda publisher: archive(actor(), case_id, reason, publisher))


@blueprint.post("/<case_id>/bring-back")
def take_out(case_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    return _publish(case_id, lambda publisher: bring_back(actor(), case_id, reason, publisher))


@blueprint.post("/<case_id>/merge")
def join(case_id: str) -> ResponseReturnValue:
    into, redirects = request.form.get("into", "").strip()[:40], library().reviewing.redirects
    return _publish(case_id, lambda publisher: merge(actor(), case_id, into, publisher, redirects))


@blueprint.post("/<case_id>/start")
def start(case_id: str) -> ResponseReturnValue:
    """A draft of the included case, for its editor to change."""
    with library().reviewing.publisher(reading().reference, source()) as publisher:
        draft = draft_revision(actor(), case_id, publisher)
    with desk().writing() as session:
        kept = desk().submissions(session).create(draft)
        desk().audit(session, source()).note(actor(), "开始修订", case_id, "成功", f"稿件 {kept.number}")
    flash("这是按已纳入的内容起的修订稿，改好后送审；审过了才替换原来的。")
    return redirect(url_for("drafts.show_one", number=kept.number), code=303)


def _publish(case_id: str, deed: Callable[[Publisher], Revision]) -> ResponseReturnValue:
    with library().reviewing.publisher(reading().reference, source()) as publisher:
        revision = deed(publisher)
    library().reviewing.take_in()
    flash(f"办好了，记为第 {revision.number} 次修订：{revision.reason}。")
    return redirect(url_for("revisions.show_case", case_id=case_id), code=303)
