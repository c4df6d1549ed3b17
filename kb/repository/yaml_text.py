"""YAML to plain values with the line of each: every scalar is text, and what could surprise or hurt is refused.

YAML itself decides nothing here: `NO`, `0123`, `12:30:00` stay as typed. Refused with a line: duplicate keys, anchors
and aliases, tags, a second document, deep nesting, more than MAX_CHARACTERS. Read from the events of libyaml, so that
no value is ever made by YAML's own rules.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from kb.errors import UnreadableFile

MAX_CHARACTERS = 16_384
MAX_DEPTH = 12
MAX_INDENT = 40
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAKS = re.compile("[\x85\u2028\u2029]")
_NULLS = {"", "~", "null", "Null", "NULL"}


class PlainYaml(NamedTuple):
    """`value`: text, lists and mappings; `lines`: 1-based line of each dotted path (results.0.now)."""

    value: Any
    lines: dict[str, int]


def read_yaml(text: str, *, first_line: int = 1, limit: int = MAX_CHARACTERS) -> PlainYaml:
    """Raises UnreadableFile with the line (counted from `first_line`) and the reason."""
    _guard(text, first_line, limit)
    reader = _Reader(yaml.parse(text, Loader=yaml.CSafeLoader), first_line)
    try:
        value = reader.document()
    except yaml.MarkedYAMLError as error:
        raise UnreadableFile(
            "这里的写法不合 YAML 规则。",
            line=first_line + _line_of(error, last=text.rstrip().count("\n")),
            advice="检查冒号后的空格、引号是否成对、缩进是否用空格（不能用制表符）。",
        ) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise UnreadableFile("这段 YAML 无法读取。", line=first_line, advice="对照模板重写这一段。") from error
    return PlainYaml(value, reader.lines)


def _line_of(error: yaml.MarkedYAMLError, *, last: int) -> int:
    """0-based; what is never closed is missed only after the last line, and told there."""
    mark = error.problem_mark or error.context_mark
    return min(mark.line, last) if mark else 0


def write_yaml(value: Any) -> str:
    """Block text of plain values, keys as given; `read_yaml` gives the same values back."""
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=4096)
    return text


class _Dumper(yaml.CSafeDumper):
    """Writes line breaks that are none of ours as escapes in quotes: libyaml by itself would break the line there."""


def _represent(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if _BREAKS.search(text) else None)


_Dumper.add_representer(str, _represent)


def _guard(text: str, first_line: int, limit: int) -> None:
    if len(text) > limit:
        raise UnreadableFile(f"超过 {limit} 个字符。", line=first_line, advice="长的内容写进正文各节。")
    depth = 0
    for number, line in enumerate(text.split("\n")):
        depth += len(re.findall(r"[\[{]", line)) - len(re.findall(r"[\]}]", line))
        indent = len(line) - len(line.lstrip(" -"))
        if depth > MAX_DEPTH or len(re.findall(r"[\[{]", line)) > 4 * MAX_DEPTH or indent > MAX_INDENT:
            raise UnreadableFile("层次套得太深。", line=first_line + number, advice="按模板的层次改写。")
        if _BREAKS.search(line):
            raise UnreadableFile("这一行里有特殊的换行符。", line=first_line + number, advice="删去它，用回车换行。")


class _Reader:
    def __init__(self, events: Iterator[yaml.Event], first_line: int) -> None:
        self._events = events
        self._first_line = first_line
        self.lines: dict[str, int] = {}

    def document(self) -> Any:
        """The one document; an empty text is an empty mapping."""
        next(self._events)  # the stream's start
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return {}
        value = self._node(next(self._events), "")
        next(self._events)  # the document's end
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise UnreadableFile("这里又开始了一份 YAML。", line=self._line(after), advice="删去中间的“---”。")
        return value

    def _line(self, event: yaml.Event) -> int:
        return self._first_line + (event.start_mark.line if event.start_mark else 0)

    def _node(self, event: yaml.Event, path: str) -> Any:
        start = self._plain_start(event)
        if path:
            self.lines.setdefault(path, self._line(start))
        if isinstance(start, yaml.ScalarEvent):
            return self._scalar(start)
        if isinstance(start, yaml.SequenceStartEvent):
            return [self._node(child, _join(path, str(index))) for index, child in enumerate(self._children())]
        return self._mapping(path)

    def _children(self) -> Iterator[yaml.Event]:
        """The starts of what is in the sequence or mapping just opened; each must be read whole before the next."""
        while not isinstance(event := next(self._events), (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            yield event

    def _plain_start(self, event: yaml.Event) -> yaml.ScalarEvent | yaml.CollectionStartEvent:
        if not isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) or event.anchor:
            raise UnreadableFile(
                "不能使用锚点（&）和别名（*）。",
                line=self._line(event),
                advice="把内容直接写出来；以 * 或 & 开头的文字加引号。",
            )
        if event.tag:
            raise UnreadableFile(
                "不能使用类型标记（!）。", line=self._line(event), advice="删去标记；以 ! 开头的文字加引号。"
            )
        return event

    def _scalar(self, event: yaml.ScalarEvent) -> str:
        value: str = event.value
        odd = _UNSEEN.search(value)
        if odd:  # an escape in quotes can write what the file itself may not hold
            raise UnreadableFile(
                f"文字里有看不见的控制字符 U+{ord(odd[0]):04X}。", line=self._line(event), advice="删去这个转义写法。"
            )
        return "" if not event.style and value in _NULLS else value

    def _mapping(self, path: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in self._children():
            name = self._plain_start(event)
            if not isinstance(name, yaml.ScalarEvent):
                raise UnreadableFile("项的名称应当是文字。", line=self._line(event), advice="改成模板中的名称。")
            key = self._scalar(name)
            if key in values:
                raise UnreadableFile(
                    f"“{key[:30]}”写了两次。", line=self._line(event), field=path, advice="删去其中一处。"
                )
            self.lines[_join(path, key)] = self._line(event)
            values[key] = self._node(next(self._events), _join(path, key))
        return values


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
