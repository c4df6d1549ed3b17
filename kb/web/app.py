"""The Flask application of one library."""

import logging

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from werkzeug.routing import IntegerConverter

from kb.bootstrap import Library
from kb.bootstrap.secret_key import read_secret_key
from kb.errors import KbError
from kb.paths import shipped
from kb.web import (
    about,
    accounts,
    acting,
    adoptions,
    api,
    assets,
    audit,
    batches,
    cases,
    compare,
    corrections,
    describe,
    display,
    drafts,
    embed,
    failures,
    feeds,
    find,
    forms,
    frame,
    handovers,
    headers,
    health,
    help_pages,
    highlights,
    home,
    keeping,
    layouts,
    ledger_sheet,
    limits,
    loop,
    mechanisms,
    messages,
    page_addresses,
    page_cache,
    password,
    pieces,
    plans,
    problems,
    promoting,
    promotion,
    reports,
    request_log,
    results_thread,
    review,
    revisions,
    signing_in,
    status,
    stewardship,
    submit,
    supervision,
    themes,
    units,
    usefulness,
    wanted,
    wording,
)
from kb.web import template as template_pages
from kb.web.reading import close_reading

log = logging.getLogger("kb.web")

MAX_BODY = 256 * 1024
"""Bytes of a request body; what is posted is a page to go back to, or a description of some pages of print."""

BLUEPRINTS = (
    about,
    accounts,
    adoptions,
    api,
    audit,
    batches,
    cases,
    compare,
    corrections,
    describe,
    display,
    drafts,
    embed,
    feeds,
    find,
    handovers,
    health,
    help_pages,
    highlights,
    home,
    layouts,
    ledger_sheet,
    loop,
    mechanisms,
    messages,
    password,
    pieces,
    plans,
    problems,
    promotion,
    reports,
    review,
    revisions,
    signing_in,
    status,
    stewardship,
    submit,
    supervision,
    template_pages,
    themes,
    units,
    usefulness,
    wanted,
)


class RowNumber(IntegerConverter):
    """A number in an address, of a size the database can be asked for."""

    regex = r"\d{1,15}"


def create_app(library: Library) -> Flask:
    """The pages of `library`; raises NotReady when its secret key cannot be used."""
    app = Flask("kb.web")
    app.debug = False  # whatever the environment says
    # A library folder holds its case template; its pages come with the program, so that they belong to it.
    folders = (library.settings.templates_folder, shipped("templates"))
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, SEND_FILE_MAX_AGE_DEFAULT=assets.MAX_AGE)
    app.config.update(acting.cookie_settings(library.settings))
    app.secret_key = read_secret_key(library.settings.data_folder)
    app.extensions["library"] = library
    app.url_map.converters["int"] = RowNumber
    # Both would answer with a redirect whose address is made from the Host header.
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    headers.register(app, library.settings)
    acting.register(app)
    forms.register(
        app, {name: size for module in BLUEPRINTS for name, size in getattr(module, "BODY_LIMITS", {}).items()}
    )
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    limits.register(app, api.blueprint)
    app.teardown_appcontext(close_reading)
    for part in (failures, frame, page_addresses, keeping, wording, promoting, assets, request_log, status):
        part.register(app)
    results_thread.register(app)
    if library.settings.keeps_results:
        page_cache.register(app, library)
    _reconcile(library)
    return app


def _reconcile(library: Library) -> None:
    """Ends publications that a stop had cut off; what cannot be asked now is asked before the next publication."""
    try:
        library.reviewing.reconcile()
    except KbError as error:
        log.error("publications were not reconciled: %s", error.message)
