"""What every form of the steward does: propose a change to a file, then look at it before it is written."""

from collections.abc import Callable
from contextlib import suppress

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import NotReady
from kb.services.reference_edits import MEASURED, Change, ReferenceEdit, ReferenceEditing, Seen
from kb.web.acting import actor, source
from kb.web.reading import library


def editing() -> ReferenceEditing:
    """The edits for this request."""
    return library().stewarding.editing(source())


def look(path: str) -> Seen:
    """A file as it stands, for who keeps it."""
    return editing().look(actor(), path)


def propose(path: str, change: Callable[[str], Change]) -> ResponseReturnValue:
    """Leads to the preview; raises AskedWrongly for what cannot be."""
    return lead_to(editing().propose(actor(), path, request.form.get("seen", ""), change))


def lead_to(edit: ReferenceEdit) -> ResponseReturnValue:
    """To the preview of a change, whose effect is being measured meanwhile."""
    if edit.path in MEASURED:
        with suppress(NotReady):  # too many wait: the preview offers to start it again
            library().stewarding.effects.start(edit)
    return redirect(url_for("steward.show_edit", number=edit.number), code=303)


def form_text(name: str) -> str:
    """What was typed in one line, single spaces, without ends."""
    return " ".join(request.form.get(name, "")[:2_000].split())


def wanted() -> str:
    """What is looked for within a list."""
    return request.args.get("q", "").strip()[:60]
