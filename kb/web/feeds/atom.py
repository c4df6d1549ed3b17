"""A feed as Atom (RFC 4287). Ids are urn:uuid, made from what a case or feed is called, so they never change.

Addresses stand absolute where the library was told its own, else as paths, which readers take from where they got the feed.
"""

import re
from typing import Any
from uuid import UUID, uuid5

from feedgen.feed import FeedGenerator
from flask import url_for

from kb.services.feed_cases import CaseFeed, FeedEntry
from kb.web.frame import SITE

ATOM = "application/atom+xml"
NAMESPACE = UUID("6f1c7f1e-2b1d-5c53-9d0c-6a1f0d9a7c42")
"""Of all ids below; another one would make every entry new to every reader."""
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_atom(feed: CaseFeed, address: str) -> bytes:
    """The feed in UTF-8; `address` is the library's own ("https://host"), "" where it was not told one."""
    atom = FeedGenerator()
    atom.id(name_of(f"{address} feeds/{feed.name}"))
    atom.title(_xml(f"{feed.title} · {SITE}"))
    atom.author({"name": SITE})
    atom.language("zh-CN")
    atom.generator(SITE)
    atom.updated(feed.updated)
    atom.link(href=address + path_of(feed.name), rel="self", type=ATOM)
    atom.link(href=address + url_for("home.show"), rel="alternate", type="text/html")
    for entry in feed.entries:
        _add(atom, entry, address)
    written = atom.atom_str(pretty=True)
    assert isinstance(written, bytes)
    return written


def name_of(what: str) -> str:
    return uuid5(NAMESPACE, what).urn


def path_of(name: str) -> str:
    """The local address of a feed by its name."""
    kind, _, which = name.partition("/")
    where: dict[str, dict[str, Any]] = {
        "cases": {"endpoint": "feeds.show_cases"},
        "problems": {"endpoint": "feeds.show_problem", "problem_id": which},
        "units": {"endpoint": "feeds.show_unit", "unit": which},
        "themes": {"endpoint": "feeds.show_theme", "number": which},
    }
    return url_for(**where[kind])


def _add(atom: FeedGenerator, entry: FeedEntry, address: str) -> None:
    card = entry.card
    made = atom.add_entry(order="append")
    made.id(name_of(f"cases/{card.id}"))
    made.title(_xml(card.title))
    made.link(href=address + url_for("cases.show", case_id=card.id), rel="alternate", type="text/html")
    made.summary(_xml(card.summary))
    made.category([{"term": problem, "label": label} for problem, label in entry.problems])
    made.published(entry.published)
    made.updated(entry.updated)


def _xml(text: str) -> str:
    """Without the characters that no XML file may hold."""
    return _NOT_IN_XML.sub("", text)
