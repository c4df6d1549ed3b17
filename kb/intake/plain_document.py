"""Text and Markdown files as a Document: a line is a paragraph, # marks a heading."""

import re

from kb.domain.document import Document, Paragraph

_HEADING = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t]*#*")


def read_plain(text: str, *, is_markdown: bool) -> Document:
    """`text` has \\n as its line ends."""
    return Document(tuple(_paragraph(line, is_markdown=is_markdown) for line in text.split("\n")))


def _paragraph(line: str, *, is_markdown: bool) -> Paragraph:
    heading = _HEADING.fullmatch(line) if is_markdown else None
    if heading:
        return Paragraph(heading[2], level=len(heading[1]))
    return Paragraph(line)
