"""用接口取数: a page for people, and /api/v1: what readers see on pages, as JSON to read only.

    operations   what one can ask for: path, parameters, shape of the answer, what answers it: the one description
    asked        the parameters of a request, read by that description
    records      shapes of the answers
    shapes       a shape as JSON Schema, an answer as JSON
    document     the description as OpenAPI 3.1

Whoever is signed in sees what the pages show him; answers are kept nowhere. Errors are told in `kb.web.failures`.
"""

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request

from kb.errors import NotFound
from kb.services.browse_problems import problem_tree
from kb.web.api.asked import read_parameters
from kb.web.api.document import build_document
from kb.web.api.operations import OPERATIONS, Operation
from kb.web.api.shapes import json_text, plain
from kb.web.failures import API
from kb.web.limits import A_MINUTE
from kb.web.reading import library, reading

__all__ = ["blueprint"]

PAGE = "/api"
V1 = API.removeprefix(PAGE)
blueprint = Blueprint("api", __name__, url_prefix=PAGE)


@blueprint.get("")
def show() -> str:
    """For people: what there is to fetch, with examples; the list of operations is the description itself."""
    settings = library().settings
    return render_template(
        "api/show.html",
        operations=OPERATIONS,
        api=API,
        address=settings.address,
        a_minute=A_MINUTE,
        tree=problem_tree(reading().catalogue, reading().reference),
        embed=settings.embed,
    )


def _view(operation: Operation) -> Callable[..., Response]:
    def answer(**path: str) -> Response:
        asked = read_parameters(operation.parameters, request.args, path)
        return Response(json_text(plain(operation.answer(asked))), mimetype="application/json")

    return answer


for _operation in OPERATIONS:
    blueprint.add_url_rule(
        V1 + _operation.path.replace("{", "<").replace("}", ">"), _operation.name, _view(_operation), methods=["GET"]
    )


@blueprint.get(f"{V1}/openapi.json")
def describe() -> Response:
    """The description of all this."""
    document = build_document(OPERATIONS, library().settings.address + API)
    return Response(json_text(document), mimetype="application/json")


@blueprint.get(f"{V1}/<path:rest>")
def refuse(rest: str) -> Response:
    raise NotFound("接口里没有这个地址。", advice=f"全部地址见 {API}/openapi.json，说明见 /api。")
