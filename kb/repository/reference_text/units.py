"""taxonomy/units.yaml: one line a unit."""

from kb.domain.taxonomy import Unit
from kb.repository.reference_text.blocks import YamlLines, check_kept, place_of, scalar

PATH = "taxonomy/units.yaml"


class UnitsText:
    """The register of units as text. Raises BrokenLibrary for a file that cannot be read, Conflict for one that changed."""

    path = PATH

    def entries(self, text: str) -> tuple[Unit, ...]:
        rows = YamlLines(text, PATH).value.get("units") or []
        return tuple(Unit(row.get("label", ""), row.get("region", ""), row.get("level", "")) for row in rows)

    def add(self, text: str, unit: Unit) -> str:
        lines, units = YamlLines(text, PATH), self.entries(text)
        last = f"units.{len(units) - 1}"
        after = lines.block(last if units else "units").last
        return self._checked(
            lines.inserted(after, [_line(lines.indent(last) if units else "  ", unit)]), (*units, unit)
        )

    def change(self, text: str, label: str, unit: Unit) -> str:
        lines, units, path = YamlLines(text, PATH), self.entries(text), self._path(text, label)
        changed = lines.replaced(lines.block(path), [_line(lines.indent(path), unit)])
        return self._checked(changed, tuple(unit if one.label == label else one for one in units))

    def remove(self, text: str, label: str) -> str:
        lines, path = YamlLines(text, PATH), self._path(text, label)
        rest = tuple(one for one in self.entries(text) if one.label != label)
        return self._checked(lines.replaced(lines.block(path), []), rest)

    def _path(self, text: str, label: str) -> str:
        places = [index for index, one in enumerate(self.entries(text)) if one.label == label]
        return f"units.{place_of(places[0] if places else None, f'单位“{label}”')}"

    def _checked(self, text: str, expected: tuple[Unit, ...]) -> str:
        check_kept(expected, lambda: self.entries(text), PATH)
        return text


def _line(indent: str, unit: Unit) -> str:
    return f'{indent}- {{label: {scalar(unit.label)}, region: "{unit.region}", level: {scalar(unit.level)}}}'
