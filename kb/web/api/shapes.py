"""Shapes of answers: a NamedTuple whose fields are `Annotated` with words is a JSON Schema, and its values are JSON."""

import json
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

_SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean"}
Schema = dict[str, Any]


def schema_of(kind: Any, components: dict[str, Schema]) -> Schema:
    """The schema of a type; shapes it uses go into `components`, by the names of their classes. Every field is there."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _SIMPLE:
        return {"type": _SIMPLE[kind]}
    if origin is Annotated:
        return {**schema_of(inner[0], components), "description": inner[1]}
    if origin is tuple:
        return {"type": "array", "items": schema_of(inner[0], components)}
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(inner[1], components)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(one, components) for one in inner]}
    if kind is type(None):
        return {"type": "null"}
    return _refer_to(kind, components)


def _refer_to(shape: Any, components: dict[str, Schema]) -> Schema:
    name = shape.__name__
    if name not in components:
        components[name] = {}  # a shape may hold itself
        hints = get_type_hints(shape, include_extras=True)
        components[name] = {
            "type": "object",
            "properties": {field: schema_of(kind, components) for field, kind in hints.items()},
            "required": list(hints),
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{name}"}


def plain(value: Any) -> Any:
    """A value of such a shape as JSON knows it."""
    if hasattr(value, "_asdict"):
        return {name: plain(one) for name, one in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value


def json_text(value: Any) -> str:
    """For people to read too: Chinese stands as it is."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
