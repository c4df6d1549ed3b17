"""/healthz: may a proxy or a watchdog send readers here? Says why not, and nothing that an outsider could use."""

from flask import Blueprint, Response, jsonify

from kb.errors import KbError
from kb.web.reading import library, reading

blueprint = Blueprint("health", __name__, url_prefix="/healthz")


@blueprint.get("")
def show() -> tuple[Response, int]:
    """200 ok, or degraded while the index is mended and search answers by title; 503 when pages cannot be made."""
    try:
        has_cases = bool(reading().catalogue.case_ids_of(limit=1))
        fault = library().index_fault()
    except KbError as error:
        return jsonify(status="unavailable", reason=error.message), 503
    if not has_cases:
        return jsonify(status="unavailable", reason="案例库里还没有案例。"), 503
    return jsonify(status="degraded", reason=fault) if fault else jsonify(status="ok"), 200
