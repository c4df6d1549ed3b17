"""lexicon/synonyms.yaml: one line a group."""

from kb.repository.reference_text.blocks import YamlLines, check_kept, flow, place_of

PATH = "lexicon/synonyms.yaml"
Group = tuple[str, ...]


class SynonymsText:
    """Groups of words as text. Raises BrokenLibrary for a file that cannot be read, Conflict for one that changed."""

    path = PATH

    def entries(self, text: str) -> tuple[Group, ...]:
        return tuple(tuple(group) for group in YamlLines(text, PATH).value.get("groups") or [])

    def add(self, text: str, group: Group) -> str:
        lines, groups = YamlLines(text, PATH), self.entries(text)
        if not groups:
            return self._checked(lines.replaced(lines.block("groups"), ["groups:", f"  - {flow(group)}"]), (group,))
        last = f"groups.{len(groups) - 1}"
        added = lines.inserted(lines.block(last).last, [f"{lines.indent(last)}- {flow(group)}"])
        return self._checked(added, (*groups, group))

    def change(self, text: str, was: Group, group: Group) -> str:
        lines, path = YamlLines(text, PATH), self._path(text, was)
        changed = lines.replaced(lines.block(path), [f"{lines.indent(path)}- {flow(group)}"])
        return self._checked(changed, tuple(group if one == was else one for one in self.entries(text)))

    def remove(self, text: str, was: Group) -> str:
        lines, path, rest = YamlLines(text, PATH), self._path(text, was), self.entries(text)
        if len(rest) == 1:
            return self._checked(lines.replaced(lines.block("groups"), ["groups: []"]), ())
        return self._checked(lines.replaced(lines.block(path), []), tuple(one for one in rest if one != was))

    def _path(self, text: str, was: Group) -> str:
        groups = self.entries(text)
        return f"groups.{place_of(groups.index(was) if was in groups else None, '这一组')}"

    def _checked(self, text: str, expected: tuple[Group, ...]) -> str:
        check_kept(expected, lambda: self.entries(text), PATH)
        return text
