"""taxonomy/problem-types.yaml: a block a type, its keys a line or a short list each; the remedies are left alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kb.domain.taxonomy import ProblemType
from kb.repository.reference_files import parse_problem_types
from kb.repository.reference_text.blocks import Block, YamlLines, check_kept, flow, place_of, scalar

PATH = "taxonomy/problem-types.yaml"


class ProblemTypesText:
    """Problem types as text. Raises BrokenLibrary for a file that cannot be read, Conflict for one that changed."""

    path = PATH

    def entries(self, text: str) -> tuple[ProblemType, ...]:
        return tuple(self._types(text).values())

    def retired(self, text: str) -> Mapping[str, str]:
        return dict(YamlLines(text, PATH).value.get("retired") or {})

    def change(self, text: str, wish: ProblemType) -> str:
        """Label, aliases, definition and signs of the type with that id."""
        known = self._types(text)
        new = {"label": [f"label: {scalar(wish.label)}"], **_keys(wish)}
        old = known.get(wish.id)
        before = {"label": [f"label: {scalar(old.label)}"], **_keys(old)} if old else {}
        changed = text
        for key, lines in new.items():
            if lines != before.get(key):
                changed = self._put_key(changed, wish.id, key, lines)
        return self._checked(changed, {**known, wish.id: wish}, self.retired(text))

    def add(self, text: str, wish: ProblemType) -> str:
        """A new type as the last one of its parent, or of the first level."""
        lines = YamlLines(text, PATH)
        own = [f"- id: {wish.id}", f"  label: {scalar(wish.label)}"]
        own += [f"  {line}" for line_list in _keys(wish).values() for line in line_list]
        siblings = self._siblings(lines, wish.parent)
        if siblings:
            place, indent = lines.block(siblings[-1]), lines.indent(siblings[-1])
            text_after = lines.inserted(place.last, [indent + line for line in own])
        else:
            path = self._path(lines, wish.parent)
            indent = lines.indent(path) + "  "
            block = [f"{indent}children:", *(f"{indent}  {line}" for line in own)]
            text_after = lines.inserted(lines.block(path).last, block)
        return self._checked(text_after, {**self._types(text), wish.id: wish}, self.retired(text))

    def retire(self, text: str, problem_id: str, successor: str) -> str:
        """The type is gone; its id, and every id that led to it, leads to the successor."""
        known, retired = self._types(text), self.retired(text)
        lines = YamlLines(text, PATH)
        path = self._path(lines, problem_id)
        block = lines.block(path)
        if len(self._siblings(lines, known[problem_id].parent)) == 1 and known[problem_id].parent:
            block = Block(lines.block(path.rpartition(".")[0]).first, block.last)  # an empty list of children goes too
        rest = YamlLines(lines.replaced(block, []), PATH)
        led = {old: successor if new == problem_id else new for old, new in retired.items()}
        led[problem_id] = successor
        rows = ["retired:", *(f"  {old}: {new}" for old, new in led.items())]
        if rest.has("retired"):
            changed = rest.replaced(rest.block("retired"), rows)
        else:
            changed = "\n".join(["\n".join(rest.lines).rstrip("\n"), *rows, ""])
        return self._checked(changed, {key: one for key, one in known.items() if key != problem_id}, led)

    def _put_key(self, text: str, problem_id: str, key: str, new: Sequence[str]) -> str:
        lines = YamlLines(text, PATH)
        path = self._path(lines, problem_id)
        if lines.has(f"{path}.{key}"):
            block, indent = lines.block(f"{path}.{key}"), lines.indent(f"{path}.{key}")
            if lines.is_item(f"{path}.{key}"):  # the first key stands behind the dash of its entry
                return lines.replaced(block, [f"{indent}- {new[0]}", *(f"{indent}  {line}" for line in new[1:])])
            return lines.replaced(block, [indent + line for line in new])
        block, indent = lines.block(f"{path}.label"), lines.indent(path) + "  "
        return lines.inserted(block.last, [indent + line for line in new])

    def _types(self, text: str) -> dict[str, ProblemType]:
        return parse_problem_types(YamlLines(text, PATH).value, PATH)

    def _path(self, lines: YamlLines, problem_id: str) -> str:
        paths = dict(_paths(lines.value.get("types") or []))
        place_of(0 if problem_id in paths else None, f"问题类型 {problem_id} ")
        return paths[problem_id]

    def _siblings(self, lines: YamlLines, parent: str) -> list[str]:
        """Paths of the types under a parent, "" for the first level."""
        paths = dict(_paths(lines.value.get("types") or []))
        start = f"{paths[parent]}.children." if parent else "types."
        return [path for path in paths.values() if path.startswith(start) and path[len(start) :].isdecimal()]

    def _checked(self, text: str, expected: Mapping[str, ProblemType], retired: Mapping[str, str]) -> str:
        check_kept((dict(expected), dict(retired)), lambda: (self._types(text), self.retired(text)), PATH)
        return text


def _keys(wish: ProblemType) -> dict[str, list[str]]:
    """Lines of each key but id and label."""
    keys = {"aliases": [f"aliases: {flow(wish.aliases)}"], "definition": [f"definition: {scalar(wish.definition)}"]}
    signs = ["signs:", *(f"  - {scalar(sign)}" for sign in wish.signs)] if wish.signs else ["signs: []"]
    return {**keys, "signs": signs}


def _paths(rows: Sequence[Mapping[str, Any]], start: str = "types") -> Iterator[tuple[str, str]]:
    for index, row in enumerate(rows):
        yield str(row.get("id", "")), f"{start}.{index}"
        yield from _paths(row.get("children") or [], f"{start}.{index}.children")
