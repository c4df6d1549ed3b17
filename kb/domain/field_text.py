"""A field's plain value as lines a person reads and compares: one line for each paragraph, row or entry."""

from collections.abc import Iterator, Mapping
from typing import Any

from kb.domain.check_case import References
from kb.domain.template import PART_LABELS, Slot


def field_text(slot: Slot, value: Any, references: References) -> str:
    """The lines, "" for an unanswered field; what is kept by an id is told by its name besides."""
    taxonomy, indicators = references.taxonomy, references.taxonomy.indicators
    labels = {**PART_LABELS, **{column.key: column.label for column in slot.columns}}
    lines = _lines(_named(value, references) if slot.kind == "sources" else value, labels)
    if slot.kind in ("problem", "problems"):
        lines = (f"{line} {taxonomy.label_of(line)}" for line in lines)
    if slot.kind == "indicators":
        lines = (f"{line} {indicators[line].label}" if line in indicators else line for line in lines)
    if slot.kind == "choice":
        lines = (slot.label_of(line) for line in lines)
    return "\n".join(lines)


def _named(sources: Any, references: References) -> Any:
    """Sources with the title of each provenance record instead of its id."""
    if not isinstance(sources, list | tuple):
        return sources
    records = references.records
    return [
        {**one, "record": records[one["record"]].title}
        if isinstance(one, Mapping) and one.get("record") in records
        else one
        for one in sources
    ]


def _lines(value: Any, labels: Mapping[str, str]) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            for line in _lines(part, labels):
                yield f"{labels.get(key, key)}：{line}"
    elif isinstance(value, list | tuple):
        for entry in value:
            yield _row(entry, labels) if isinstance(entry, Mapping) else str(entry)
    elif value not in ("", None):
        yield from str(value).split("\n")


def _row(row: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    cells = ((key, "、".join(map(str, value)) if isinstance(value, list) else value) for key, value in row.items())
    return "；".join(f"{labels.get(key, key)}：{value}" for key, value in cells if value not in ("", None))
