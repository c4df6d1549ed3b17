"""修订记录: what a case has been, changes made by hand in the folder, restore, archive, merge, and a new revision."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right
from kb.domain.audited import Deed, Outcome
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
    with library().reviewing.publisher(reading().reference) as publisher:
        changes, archived = find_hand_changes(actor(), publisher), find_archived(actor(), publisher)
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
    return redirect(url_for("revisions.show_case", record_id=request.args.get("id", "").strip()[:40] or "-"), code=303)


@blueprint.get("/<record_id>")
def show_case(record_id: str) -> str:
    with library().reviewing.publisher(reading().reference) as publisher:
        history = read_history(actor(), record_id, publisher)
        is_edited = history.standing is Standing.EDITED
        by_hand = compare_texts(history.revisions[0].text, history.text, publisher) if is_edited else ()
    with library().reviewing.corrections() as corrections:
        wanted = corrections.for_revision(record_id)
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


@blueprint.get("/<record_id>/<int:number>")
def show_one(record_id: str, number: int) -> str:
    with library().reviewing.publisher(reading().reference) as publisher:
        history = read_history(actor(), record_id, publisher)
        revision = get_revision(record_id, number, publisher)
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


@blueprint.post("/<record_id>/restore/<int:number>")
def go_back(record_id: str, number: int) -> ResponseReturnValue:
    return _publish(record_id, partial(restore, actor(), record_id, number, _posted("seen")))


@blueprint.post("/<record_id>/adopt")
def take_by_hand(record_id: str) -> ResponseReturnValue:
    return _publish(record_id, partial(adopt, actor(), record_id, _posted("seen")))


@blueprint.post("/<record_id>/archive")
def put_away(record_id: str) -> ResponseReturnValue:
    return _publish(record_id, partial(archive, actor(), record_id, _posted("reason")))


@blueprint.post("/<record_id>/bring-back")
def take_out(record_id: str) -> ResponseReturnValue:
    return _publish(record_id, partial(bring_back, actor(), record_id, _posted("reason")))


@blueprint.post("/<record_id>/merge")
def join(record_id: str) -> ResponseReturnValue:
    into, redirects = _posted("into").strip()[:40], library().reviewing.redirects
    return _publish(record_id, partial(merge, actor(), record_id, into, redirects=redirects))


@blueprint.post("/<record_id>/start")
def start(record_id: str) -> ResponseReturnValue:
    """A draft of the included case, for its editor to change."""
    with library().reviewing.publisher(reading().reference, source()) as publisher:
        draft = draft_revision(actor(), record_id, publisher)
    with desk().writing() as session:
        kept = desk().submissions(session).create(draft)
        desk().audit(session, source()).note(
            actor(), Deed.REVISION_STARTED, record_id, Outcome.DONE, f"submission:{kept.number}"
        )
    flash("这是按已纳入的内容起的修订稿，改好后送审；审过了才替换原来的。")
    return redirect(url_for("drafts.show_one", number=kept.number), code=303)


def _posted(name: str) -> str:
    return request.form.get(name, "")


def _publish(record_id: str, deed: Callable[[Publisher], Revision]) -> ResponseReturnValue:
    with library().reviewing.publisher(reading().reference, source()) as publisher:
        revision = deed(publisher)
    library().reviewing.take_in(revision)
    flash(f"办好了，记为第 {revision.number} 次修订：{revision.reason}。")
    return redirect(url_for("revisions.show_case", record_id=record_id), code=303)
