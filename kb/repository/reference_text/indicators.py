"""taxonomy/indicators.yaml: one line an indicator; aspects, areas and the note stay as they are."""

from collections.abc import Sequence

from kb.domain.taxonomy import Indicator
from kb.repository.reference_text.blocks import YamlLines, check_kept, scalar

PATH = "taxonomy/indicators.yaml"


class IndicatorsText:
    """The list of indicators as text. Raises BrokenLibrary for a file that cannot be read, Conflict for one that changed."""

    path = PATH

    def entries(self, text: str) -> tuple[Indicator, ...]:
        rows = YamlLines(text, PATH).value.get("indicators") or []
        return tuple(Indicator(*(row.get(key, "") for key in ("id", "label", "aspect", "area"))) for row in rows)

    def become(self, text: str, wanted: Sequence[Indicator]) -> str:
        """The text with this list in the place of the one there was; the lines of what stays the same stay too."""
        by_id = {one.id: one for one in wanted}
        known = self.entries(text)
        changed = text
        for place in reversed(range(len(known))):
            new = by_id.get(known[place].id)
            if new != known[place]:
                lines, path = YamlLines(changed, PATH), f"indicators.{place}"
                changed = lines.replaced(lines.block(path), [_line(lines.indent(path), new)] if new else [])
        fresh = [one for one in wanted if one.id not in {old.id for old in known}]
        if fresh:
            lines, kept = YamlLines(changed, PATH), self.entries(changed)
            last = f"indicators.{len(kept) - 1}" if kept else "indicators"
            indent = lines.indent(last) if kept else "  "
            changed = lines.inserted(lines.block(last).last, [_line(indent, one) for one in fresh])
        expected = (*(by_id[one.id] for one in known if one.id in by_id), *fresh)
        check_kept(expected, lambda: self.entries(changed), PATH)
        return changed


def _line(indent: str, one: Indicator) -> str:
    named = (("id", one.id), ("label", one.label), ("aspect", one.aspect), ("area", one.area))
    return f"{indent}- {{{', '.join(f'{key}: {scalar(value)}' for key, value in named if value)}}}"
