"""A page as a reader takes it in: text without tags, links, headings."""

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img"}
INLINE = {"a", "code", "i", "mark", "span", "strong"}


class Page(HTMLParser):
    """`links`: (words, address); `headings`: (level, words); both with single spaces where the HTML has any."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.headings: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self._words: list[str] = []
        self._open: list[tuple[str, dict[str, str], int]] = []
        self.feed(html)
        self.unclosed = [tag for tag, _, _ in self._open]

    def says(self, words: str) -> bool:
        """Whether these words stand together on the page, whatever white space and tags stand between them."""
        return "".join(words.split()) in "".join("".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if "id" in named:
            self.ids.append(named["id"])
        if tag not in INLINE:
            self._words.append(" ")
        if tag not in VOID:
            self._open.append((tag, named, len(self._words)))

    def handle_endtag(self, tag: str) -> None:
        opened, attrs, start = self._open.pop()
        assert opened == tag, f"<{opened}> closed by </{tag}>"
        words = _squeeze("".join(self._words[start:]))
        if tag == "a":
            self.links.append((words, attrs.get("href", "")))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append((int(tag[1]), words))
        if tag not in INLINE:
            self._words.append(" ")

    def handle_data(self, data: str) -> None:
        self._words.append(data)


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
