"""消息: what one was told, unread ones first, and where they go besides by e-mail."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import AskedWrongly
from kb.services.messages import MOST_SHOWN
from kb.services.send_mail import LONGEST_ADDRESS, set_own_address
from kb.web.acting import actor
from kb.web.failures import status_of
from kb.web.local_path import local_path
from kb.web.promoting import number_in
from kb.web.reading import library

blueprint = Blueprint("messages", __name__, url_prefix="/messages")


@blueprint.get("")
def show() -> str:
    return _render()


@blueprint.post("/<int:number>/open")
def open_one(number: int) -> ResponseReturnValue:
    """Marks it as read and leads to what it is about."""
    with library().asking.inbox(writes=True) as inbox:
        message = inbox.read(actor(), number)
    return redirect(local_path(message.address), code=303)


@blueprint.post("/read")
def read_all() -> ResponseReturnValue:
    with library().asking.inbox(writes=True) as inbox:
        inbox.read_all(actor(), number_in(request.form.get("last", "")))
    return redirect(url_for("messages.show"), code=303)


@blueprint.post("/address")
def set_address() -> ResponseReturnValue:
    typed = request.form.get("address", "")
    try:
        with library().asking.mailbox(writes=True) as mailbox:
            address = set_own_address(actor(), typed, mailbox)
    except AskedWrongly as error:
        return _render(typed=typed, fault=error), status_of(error)
    flash(f"以后的消息也发到 {address}。" if address else "不再发邮件，消息在这里看。")
    return redirect(url_for("messages.show"), code=303)


def _render(*, typed: str | None = None, fault: AskedWrongly | None = None) -> str:
    with library().asking.inbox() as inbox:
        messages = inbox.open(actor())
    with library().asking.mailbox() as mailbox:
        address = mailbox.address_of(actor().number)
    return render_template(
        "messages/show.html",
        unread=[one for one in messages if not one.read_at],
        read=[one for one in messages if one.read_at],
        most=MOST_SHOWN,
        has_mail=bool(library().settings.smtp),
        address=address if typed is None else typed,
        longest=LONGEST_ADDRESS,
        fault=fault,
    )
