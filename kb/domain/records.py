"""Provenance records: where facts come from, and which facts stand in which part of a source."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Part:
    """A part of a source: its name there (二(四)), what it is about, and its facts in note form."""

    id: str
    heading: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class SourceRecord:
    """One published source. `url` is "" where no address is known; `seen` says how much of it was read."""

    id: str
    title: str
    publisher: str
    published_on: str
    url: str = ""
    site: str = ""
    kind: str = ""
    seen: str = ""
    note: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceReference:
    """How a case names a source: a provenance record and its parts, or the source's own data."""

    record: str = ""
    parts: tuple[str, ...] = ()
    title: str = ""
    publisher: str = ""
    published_on: str = ""
    url: str = ""
    file: str = ""
