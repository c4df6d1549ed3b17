"""The operations as an OpenAPI 3.1 document."""

from collections.abc import Sequence
from typing import Any

from kb.web.api.asked import Parameter
from kb.web.api.operations import Operation
from kb.web.api.records import Refusal
from kb.web.api.shapes import Schema, schema_of
from kb.web.frame import SITE

REFUSALS = {"400": "参数写得不对", "404": "没有这一个，或者你看不到", "429": "取得太快"}
VERSION = "1.0"


def build_document(operations: Sequence[Operation], server: str) -> Schema:
    """`server`: where the paths begin, an address or a path."""
    components: dict[str, Schema] = {}
    refused = {"schema": schema_of(Refusal, components)}
    paths = {
        operation.path: {
            "get": {
                "operationId": operation.name,
                "summary": operation.words,
                "parameters": [_parameter(one) for one in operation.parameters],
                "responses": {
                    "200": {
                        "description": "有",
                        "content": {"application/json": {"schema": schema_of(operation.shape, components)}},
                    },
                    **{status: _refusal(words, refused) for status, words in _refusals(operation).items()},
                    "default": _refusal("程序出错或暂时不能用", refused),
                },
            }
        }
        for operation in operations
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{SITE}：只读接口", "version": VERSION, "description": "登录以后看到的与页面上相同，没有登录的只有公开的。"},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": components},
    }  # fmt: skip


def _parameter(one: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": one.name,
        "in": "path" if one.is_in_path else "query",
        "required": one.is_in_path,
        "description": one.words,
        "schema": dict(one.schema),
    }
    if one.example:
        described["example"] = one.example
    return described


def _refusals(operation: Operation) -> dict[str, str]:
    has_path = any(one.is_in_path for one in operation.parameters)
    return {status: words for status, words in REFUSALS.items() if status != "404" or has_path}


def _refusal(words: str, content: Schema) -> dict[str, Any]:
    return {"description": words, "content": {"application/problem+json": content}}
