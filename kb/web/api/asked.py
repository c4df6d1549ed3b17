"""Parameters of a request, read as an operation describes them: what does not fit is refused, all faults at once."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from kb.errors import AskedWrongly

MOST_VALUES = 12
LONGEST_VALUE = 60
_NUMBER = re.compile(r"-?[0-9]{1,18}")


class Parameter(NamedTuple):
    """A parameter in the path, which must be there, or in the query; `schema` is a JSON Schema of what this file reads.

    Read are integers with minimum and maximum, strings with maxLength or enum, and arrays of strings.
    """

    name: str
    words: str
    schema: Mapping[str, Any]
    default: Any = ""
    is_in_path: bool = False
    example: str = ""


def number(name: str, words: str, *, least: int, most: int, default: int) -> Parameter:
    schema = {"type": "integer", "minimum": least, "maximum": most, "default": default}
    return Parameter(name, words, schema, default)


def text(name: str, words: str, *, most: int, example: str = "") -> Parameter:
    return Parameter(name, words, {"type": "string", "maxLength": most}, example=example)


def one_of(name: str, words: str, choices: Sequence[str]) -> Parameter:
    return Parameter(name, words, {"type": "string", "enum": list(choices)})


def several(name: str, words: str) -> Parameter:
    """Written several times for several values."""
    item = {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE}
    return Parameter(name, words, {"type": "array", "maxItems": MOST_VALUES, "items": item}, ())


def in_path(name: str, words: str, example: str) -> Parameter:
    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE}
    return Parameter(name, words, schema, is_in_path=True, example=example)


def read_parameters(
    parameters: Sequence[Parameter], args: MultiDict[str, str], path: Mapping[str, str]
) -> dict[str, Any]:
    """A value for every parameter, its default where the request gives none; raises AskedWrongly."""
    known = {one.name: one for one in parameters if not one.is_in_path}
    faults = [f"没有“{name[:LONGEST_VALUE]}”这个参数" for name in args if name not in known]
    values: dict[str, Any] = {one.name: path[one.name] for one in parameters if one.is_in_path}
    for name, one in known.items():
        given = args.getlist(name)
        values[name] = one.default
        if given:
            fault = _fault(one.schema, given)
            faults += [f"参数“{name}”{fault}"] if fault else []
            values[name] = None if fault else _value(one.schema, given)
    if faults:
        raise AskedWrongly("；".join(faults) + "。", advice="照 /api 页里的说明改。")
    return values


def _fault(schema: Mapping[str, Any], given: list[str]) -> str:
    if schema["type"] == "array":
        if len(given) > schema["maxItems"]:
            return f"至多写 {schema['maxItems']} 次"
        return next(filter(None, (_fault(schema["items"], [one]) for one in given)), "")
    if len(given) > 1:
        return "只能写一次"
    if schema["type"] == "integer":
        least, most = schema["minimum"], schema["maximum"]
        is_fit = _NUMBER.fullmatch(given[0]) and least <= int(given[0]) <= most
        return "" if is_fit else f"要写 {least} 到 {most} 之间的整数"
    if "enum" in schema:
        return "" if given[0] in schema["enum"] else f"只能是 {'、'.join(schema['enum'])}"
    if not schema.get("minLength", 0) <= len(given[0]) <= schema["maxLength"]:
        return f"要写，不超过 {schema['maxLength']} 字" if schema.get("minLength") else f"超过 {schema['maxLength']} 字"
    return ""


def _value(schema: Mapping[str, Any], given: list[str]) -> Any:
    if schema["type"] == "array":
        return tuple(dict.fromkeys(given))
    return int(given[0]) if schema["type"] == "integer" else given[0]
