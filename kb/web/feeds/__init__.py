"""订阅: Atom feeds of included public cases, newest first: all, of a problem type, of a unit, of a theme.

A feed reader has no session, so a feed is the same for everybody, whoever is signed in.
"""

import logging
from datetime import UTC

from flask import Blueprint, Response, request

from kb.bootstrap import Reading
from kb.domain.accounts import GUEST
from kb.errors import NotReady
from kb.services import keep_themes
from kb.services.feed_cases import CaseFeed, FeedShelf
from kb.web.acting import desk
from kb.web.feeds.atom import ATOM, write_atom
from kb.web.question import question_of
from kb.web.reading import library, public_reading, today

__all__ = ["blueprint"]

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds")
_log = logging.getLogger("kb.web")


@blueprint.get("/cases.atom")
def show_cases() -> Response:
    return _answer(_shelf(public_reading()).all_cases())


@blueprint.get("/problems/<problem_id>.atom")
def show_problem(problem_id: str) -> Response:
    return _answer(_shelf(public_reading()).of_problem(problem_id))


@blueprint.get("/units/<unit>.atom")
def show_unit(unit: str) -> Response:
    return _answer(_shelf(public_reading()).of_unit(unit))


@blueprint.get("/themes/<int:number>.atom")
def show_theme(number: int) -> Response:
    """Raises NotFound for a theme that is not published, to everybody."""
    now = public_reading()
    with desk().themes() as themes:
        theme = themes.open(GUEST, number)
    shown = keep_themes.show_theme(theme, question_of(theme.query), now.finder)
    return _answer(_shelf(now).of_cases(f"themes/{number}", theme.title, [card.id for card in shown.cards]))


def _shelf(now: Reading) -> FeedShelf:
    try:
        revised_at = library().desk.revised_at()
    except NotReady as error:  # then cases count as made on the day of their inclusion
        _log.error("revisions could not be read: %s", error.message)
        revised_at = {}
    return FeedShelf(now.catalogue, now.reference, revised_at, today)


def _answer(feed: CaseFeed) -> Response:
    """The feed, or word that the reader's own copy is still right."""
    response = Response(write_atom(feed, library().settings.address), mimetype=ATOM)
    response.last_modified = feed.updated.astimezone(UTC)
    response.add_etag()
    response.make_conditional(request)
    return response
