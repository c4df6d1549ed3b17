"""YAML to plain values with the line of each: every scalar is text, and what could surprise or hurt is refused.

YAML itself decides nothing here: `NO`, `0123`, `12:30:00` stay as typed. Refused with a line: duplicate keys, anchors
and aliases, explicit tags, deep nesting, more than MAX_CHARACTERS.
"""

import re
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from kb.errors import UnreadableFile

MAX_CHARACTERS = 16_384
MAX_DEPTH = 12
MAX_INDENT = 40
_STANDARD = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")}
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NULLS = {"", "~", "null", "Null", "NULL"}


class PlainYaml(NamedTuple):
    """`value`: text, lists and mappings; `lines`: 1-based line of each dotted path (results.0.now)."""

    value: Any
    lines: dict[str, int]


def read_yaml(text: str, *, first_line: int = 1, limit: int = MAX_CHARACTERS) -> PlainYaml:
    """Raises UnreadableFile with the line (counted from `first_line`) and the reason."""
    _guard(text, first_line, limit)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise UnreadableFile(
            "这里的写法不合 YAML 规则。",
            line=line,
            advice="检查冒号后的空格、引号是否成对、缩进是否用空格（不能用制表符）。",
        ) from error
    except (YAMLError, RecursionError, ValueError, AttributeError) as error:
        raise UnreadableFile("这段 YAML 无法读取。", line=first_line, advice="对照模板重写这一段。") from error
    reader = _Reader(first_line)
    value = {} if root is None else reader.plain(root, "")
    return PlainYaml(value, reader.lines)


def _guard(text: str, first_line: int, limit: int) -> None:
    if len(text) > limit:
        raise UnreadableFile(f"超过 {limit} 个字符。", line=first_line, advice="长的内容写进正文各节。")
    depth = 0
    for number, line in enumerate(text.split("\n")):
        depth += len(re.findall(r"[\[{]", line)) - len(re.findall(r"[\]}]", line))
        indent = len(line) - len(line.lstrip(" -"))
        if depth > MAX_DEPTH or len(re.findall(r"[\[{]", line)) > 4 * MAX_DEPTH or indent > MAX_INDENT:
            raise UnreadableFile("层次套得太深。", line=first_line + number, advice="按模板的层次改写。")


class _Reader:
    def __init__(self, first_line: int) -> None:
        self._first_line = first_line
        self._seen: set[int] = set()
        self.lines: dict[str, int] = {}

    def plain(self, node: Node, path: str) -> Any:
        line = self._first_line + node.start_mark.line
        self._refuse_odd(node, line)
        if path:
            self.lines[path] = line
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if isinstance(node, SequenceNode):
            return [self.plain(child, _join(path, str(index))) for index, child in enumerate(node.value)]
        assert isinstance(node, MappingNode)
        return self._mapping(node, path)

    def _refuse_odd(self, node: Node, line: int) -> None:
        if node.anchor or id(node) in self._seen:
            raise UnreadableFile(
                "不能使用锚点（&）和别名（*）。", line=line, advice="把内容直接写出来；以 * 或 & 开头的文字加引号。"
            )
        if str(node.tag) not in _STANDARD:
            raise UnreadableFile("不能使用类型标记（!）。", line=line, advice="删去标记；以 ! 开头的文字加引号。")
        self._seen.add(id(node))

    def _scalar(self, node: ScalarNode) -> str:
        value: str = node.value
        odd = _UNSEEN.search(value)
        if odd:  # an escape in quotes can write what the file itself may not hold
            line = self._first_line + node.start_mark.line
            raise UnreadableFile(
                f"文字里有看不见的控制字符 U+{ord(odd[0]):04X}。", line=line, advice="删去这个转义写法。"
            )
        return "" if node.style is None and value in _NULLS else value

    def _mapping(self, node: MappingNode, path: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = self._first_line + key_node.start_mark.line
            if not isinstance(key_node, ScalarNode):
                raise UnreadableFile("项的名称应当是文字。", line=line, advice="改成模板中的名称。")
            self._refuse_odd(key_node, line)
            key = self._scalar(key_node)
            if key in values:
                raise UnreadableFile(f"“{key[:30]}”写了两次。", line=line, field=path, advice="删去其中一处。")
            values[key] = self.plain(value_node, _join(path, key))
            self.lines[_join(path, key)] = line
        return values


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
