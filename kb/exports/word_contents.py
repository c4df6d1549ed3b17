"""The contents list of a Word file: real entries that link to their headings, within a field that Word can update.

Entries carry no page numbers until somebody updates the list: only Word knows on which page a heading comes to stand.
"""

from collections.abc import Iterator, Sequence

from docx.oxml.xmlchemy import BaseOxmlElement

from kb.exports.contents import Listed
from kb.exports.word_looks import CONTENTS_LINES, CONTENTS_TITLE, OFFICE_HEADINGS
from kb.exports.word_styles import element
from kb.exports.word_text import paragraph

NAME = "目　录"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def contents_list(entries: Sequence[Listed]) -> Iterator[BaseOxmlElement]:
    """The list under its name; `entries` are at least one."""
    yield paragraph(CONTENTS_TITLE, NAME)
    lines = [_line(entry) for entry in entries]
    levels = max(entry.level for entry in entries)
    styles = ",".join(f"{style.name},{level}" for level, style in enumerate(OFFICE_HEADINGS[:levels], start=1))
    instruction = element("w:instrText")
    instruction.text = f' TOC \\h \\z \\t "{styles}" '
    instruction.set(_SPACE, "preserve")
    for place, part in enumerate((_mark("begin"), _run(instruction), _mark("separate")), start=1):
        lines[0].insert(place, part)
    lines[-1].append(_mark("end"))
    yield from lines


def mark_heading(heading: BaseOxmlElement, entry: Listed) -> None:
    """Makes the heading what its line in the list leads to."""
    number = str(entry.place)
    heading.insert(1, element("w:bookmarkStart", id=number, name=entry.anchor))
    heading.append(element("w:bookmarkEnd", id=number))


def _line(entry: Listed) -> BaseOxmlElement:
    line = paragraph(CONTENTS_LINES[entry.level - 1], entry.text)
    link = element("w:hyperlink", anchor=entry.anchor, history="1")
    for run in list(line)[1:]:
        link.append(run)
    line.append(link)
    return line


def _mark(kind: str) -> BaseOxmlElement:
    return _run(element("w:fldChar", fldCharType=kind))


def _run(content: BaseOxmlElement) -> BaseOxmlElement:
    run = element("w:r")
    run.append(content)
    return run
