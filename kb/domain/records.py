"""Provenance records: where facts come from, and which facts stand in which part of a source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from kb.domain.template import UNSTATED

WHOLE, PART = "全文", "部分"
UNSEEN = "所见部分未载"
"""How 原文未载 reads where only a part of a source was seen: the rest may say it."""


@dataclass(frozen=True)
class Part:
    """A part of a source: its name there (二(四)), what it is about, and its facts in note form."""

    id: str
    heading: str
    facts: tuple[str, ...]


def is_credible(url: str, hosts: Iterable[str]) -> bool:
    """Whether an address may be shown as a link: its host is one of `hosts` or below one of them."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:  # a full-width colon or an open bracket in it
        return False
    return any(host == known or host.endswith(f".{known}") for known in hosts)


@dataclass(frozen=True)
class FurtherPage:
    """Another page on the same thing, and what it adds."""

    title: str
    publisher: str
    published_on: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class SourceRecord:
    """One published source. `url` is "" where no address is known; `seen` says how much of it was read.

    `extent` is WHOLE or PART: only of a page read as a whole can one say what it does not say.

    `missing` lists what was looked for and not found; `further_pages` are more pages on the same thing.
    """

    id: str
    title: str
    publisher: str
    published_on: str
    url: str = ""
    site: str = ""
    kind: str = ""
    seen: str = ""
    extent: str = ""
    note: str = ""
    missing: tuple[str, ...] = ()
    further_pages: tuple[FurtherPage, ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return self.extent == WHOLE

    @property
    def is_reprint(self) -> bool:
        return self.kind == "转载"


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


def word_for_unstated(named: Iterable[str], records: Mapping[str, SourceRecord]) -> str:
    """原文未载 when every record named was read as a whole, else UNSEEN."""
    is_whole = all(records[name].is_whole for name in named if name in records)
    return UNSTATED if is_whole else UNSEEN
