"""Addresses of the shipped library, found the way a reader finds them: by following links."""

from functools import cache
from urllib.parse import urlsplit
from urllib.request import urlopen

from tests.web.page import Page

START = ("/", "/find", "/describe", "/problems", "/mechanisms", "/template", "/about", "/display")


@cache
def reachable(site: str) -> tuple[str, ...]:
    """Every page one can reach without combining conditions of a search."""
    seen: dict[str, None] = {}
    waiting = list(START)
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen[path] = None
        with urlopen(site + path) as answer:
            links = Page(answer.read().decode()).links
        for _, link in links:
            if link.startswith("/") and not link.endswith(".md") and urlsplit(link).path != "/find":
                waiting.append(link)
    return tuple(seen)


@cache
def one_of_each(site: str) -> tuple[str, ...]:
    """A page of every kind, the longest of its kind where there are many."""
    found = [*START, "/find?q=%E6%94%AF%E9%83%A8", "/find?q=zzzz", "/find?kind=experience&order=id", "/nowhere"]
    for kind, depth in (("cases", 2), ("mechanisms", 2), ("problems", 2), ("mechanisms", 3)):
        of_kind = [path for path in reachable(site) if path.split("/")[1] == kind and path.count("/") == depth]
        found += sorted(of_kind, key=lambda path: -_length(site + path))[:1] + of_kind[:1] * (kind == "problems")
    mechanisms = [path.split("/")[2] for path in reachable(site) if path.startswith("/mechanisms/")]
    found.append("/compare?" + "&".join(f"id={name}" for name in list(dict.fromkeys(mechanisms))[:3]))
    return tuple(dict.fromkeys(found))


def _length(address: str) -> int:
    with urlopen(address) as answer:
        return len(answer.read())
