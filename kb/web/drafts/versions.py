"""历次保存: what was saved when and by whom, what changed, and having an older one again."""

from typing import NamedTuple

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.merging import changed_fields
from kb.domain.submission import may_edit
from kb.domain.template import Template
from kb.errors import NotFound
from kb.services.submissions import SavedVersion
from kb.web.acting import actor
from kb.web.drafts.in_words import in_words
from kb.web.drafts.pages import blueprint
from kb.web.reading import reading
from kb.web.wording import moment_in_words
from kb.web.writing import looking, writing


class Change(NamedTuple):
    """A field of a version, and the same field one version earlier, in words."""

    label: str
    before: str
    after: str


class Step(NamedTuple):
    """A version and the labels of what changed with it."""

    saved: SavedVersion
    changed: tuple[str, ...]


@blueprint.get("/<int:number>/versions")
def show_versions(number: int) -> str:
    template = reading().reference.case_template
    with looking() as writer:
        draft = writer.open(actor(), number)
        saved = writer.versions(actor(), number)
    steps = [
        Step(version, tuple(template[key].label for key in _changed(older, version) if key in template.keys))
        for version, older in zip(saved, (*saved[1:], None), strict=True)
    ]
    return render_template(
        "drafts/versions.html", draft=draft, steps=steps, is_mine=may_edit(actor(), draft), at=moment_in_words
    )


@blueprint.get("/<int:number>/versions/<int:version>")
def show_version(number: int, version: int) -> str:
    """What this version changed."""
    template = reading().reference.case_template
    with looking() as writer:
        draft = writer.open(actor(), number)
        saved = writer.versions(actor(), number)
    place = next((place for place, one in enumerate(saved) if one.version == version), None)
    if place is None:
        raise NotFound("没有这一版。", advice="从“历次保存”里选。")
    older = saved[place + 1] if place + 1 < len(saved) else None
    return render_template(
        "drafts/version.html",
        draft=draft,
        saved=saved[place],
        changes=_changes(template, older, saved[place]),
        is_mine=may_edit(actor(), draft) and version != draft.version,
        at=moment_in_words,
    )


@blueprint.post("/<int:number>/versions")
def restore(number: int) -> ResponseReturnValue:
    """Makes the posted version the newest."""
    wanted = request.form.get("version", "")
    with writing() as writer:
        writer.restore(actor(), number, int(wanted) if wanted.isdecimal() and len(wanted) < 9 else 0)
    return redirect(url_for("drafts.show_one", number=number, saved="1"), code=303)


def _changed(older: SavedVersion | None, newer: SavedVersion) -> tuple[str, ...]:
    return changed_fields(older.fields if older else {}, newer.fields)


def _changes(template: Template, older: SavedVersion | None, newer: SavedVersion) -> list[Change]:
    before = older.fields if older else {}
    return [
        Change(
            template[key].label,
            in_words(template[key], before.get(key, "")),
            in_words(template[key], newer.fields.get(key, "")),
        )
        for key in _changed(older, newer)
        if key in template.keys
    ]
