"""Addresses of the shipped library, found the way a reader finds them: by following links."""

from functools import cache
from urllib.parse import urlsplit
from urllib.request import urlopen

from tests.web.page import Page

MOST = 12
"""Pages of a kind that are looked at one by one; the shelf has hundreds made the same way."""
NO_PAGES = (".md", ".docx", ".atom", ".json")
FEW = {"highlights": 2, "pieces": 2}
"""Of kinds whose pages differ in nothing but their sentences; they are looked at with more in them in test_desk_looks.py."""
START = ("/", "/find", "/describe", "/problems", "/mechanisms", "/template", "/about", "/display", "/themes", "/api")


@cache
def reachable(site: str) -> tuple[str, ...]:
    """Every page one can reach in two steps without combining conditions of a search; of a kind, MOST spread evenly."""
    seen = dict.fromkeys(START)
    for path in (*START, "/find?order=id&page=2"):
        with urlopen(site + path) as answer:
            links = Page(answer.read().decode()).links
        for _, link in links:
            if link.startswith("/") and not link.endswith(NO_PAGES) and urlsplit(link).path != "/find":
                seen[link] = None
    for path in [path for path in seen if path.startswith("/mechanisms/")]:
        seen[f"{path}/checklist"] = None
    kinds: dict[tuple[str, int], list[str]] = {}
    for path in seen:
        kinds.setdefault((path.split("/")[1], path.count("/")), []).append(path)
    return tuple(path for (kind, _), paths in kinds.items() for path in _spread(sorted(paths), FEW.get(kind, MOST)))


def _spread(paths: list[str], most: int) -> list[str]:
    step = max(1, -(-len(paths) // most))
    return paths[::step]


@cache
def one_of_each(site: str) -> tuple[str, ...]:
    """A page of every kind, the longest of its kind where there are many."""
    found = [
        *START,
        "/find?q=%E6%94%AF%E9%83%A8",
        "/find?q=zzzz",
        "/find?kind=experience&order=id",
        "/nowhere",
        "/embed/mechanisms",
        "/help",
        "/help/editor",
        "/highlights?q=%E6%94%AF%E9%83%A8",
        "/pieces/new?q=%E6%94%AF%E9%83%A8",
        "/pieces",
    ]
    for kind, depth in (("cases", 2), ("mechanisms", 2), ("problems", 2), ("mechanisms", 3)):
        of_kind = [path for path in reachable(site) if path.split("/")[1] == kind and path.count("/") == depth]
        found += sorted(of_kind, key=lambda path: -_length(site + path))[:1] + of_kind[:1] * (kind == "problems")
    mechanisms = [path.split("/")[2] for path in reachable(site) if path.startswith("/mechanisms/")]
    found.append("/compare?" + "&".join(f"id={name}" for name in list(dict.fromkeys(mechanisms))[:3]))
    chosen = [path.split("/")[2] for path in reachable(site) if path.startswith("/mechanisms/")]
    some = list(dict.fromkeys(chosen))[:4]
    found += ["/compare?" + "&".join(f"id={mechanism_id}" for mechanism_id in some)] * (len(some) > 1)
    return tuple(dict.fromkeys(found))


def _length(address: str) -> int:
    with urlopen(address) as answer:
        return len(answer.read())
