"""Addresses of our own style sheets, script and icon: they change when the file does, so browsers may keep them."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request, url_for

MAX_AGE = 365 * 24 * 3600
"""Seconds a browser may keep a file whose address names its digest."""

blueprint = Blueprint("assets", __name__)


def register(app: Flask) -> None:
    folder = Path(app.static_folder or "")
    digests = {path.name: _digest(path) for path in folder.iterdir() if path.is_file()}

    @lru_cache
    def built(_: str, name: str) -> str:
        return url_for("static", filename=name, v=digests[name])

    app.jinja_env.globals["asset"] = lambda name: built(request.script_root, name)
    app.register_blueprint(blueprint)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """The icon at the address browsers ask for unasked."""
    return current_app.send_static_file("icon.svg")
