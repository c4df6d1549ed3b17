"""Sections as paragraphs and sentences, without the Markdown and the numbers in front of them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kb.domain.figures import CITATION

_HASHES = re.compile(r"#{1,6}\s+")
_NUMBER = re.compile(
    r"(?:[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、]|[-•·]\s|[一二三四五六七八九十]{1,3}(?:是|要)(?=\S))\s*"
)
_TOP = re.compile(r"\s*([一二三四五六七八九十]{1,3})[、.．]")
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


class Paragraph(NamedTuple):
    """`text` without its number; is_numbered: it had one; is_heading: it is a line of its own above others."""

    text: str
    is_numbered: bool
    is_heading: bool


def paragraphs(markdown: str) -> Iterator[Paragraph]:
    """The paragraphs of a section but for the heading that opened it in the file, without citations of a source."""
    for block in re.split(r"\n+", markdown):
        block = CITATION.sub("", block)
        bare = _HASHES.sub("", block.strip(), count=1)
        is_heading = bare != block.strip()
        if not bare or bare.startswith("|") or (is_heading and _TOP.match(bare)):
            continue
        number = _NUMBER.match(bare)
        yield Paragraph(bare[number.end() :] if number else bare, bool(number), is_heading)


def sentences(markdown: str) -> list[str]:
    """Its sentences, in their order, headings left out."""
    texts = (paragraph.text for paragraph in paragraphs(markdown) if not paragraph.is_heading)
    return [_NUMBER.sub("", found.strip(), count=1) for text in texts for found in _SENTENCE.findall(text)]


def part_of(markdown: str) -> str:
    """The number its heading had in the file (四 of “四、取得成效”), "" where none is kept."""
    found = _TOP.match(_HASHES.sub("", markdown.strip(), count=1)) if markdown.lstrip().startswith("#") else None
    return found[1] if found else ""
