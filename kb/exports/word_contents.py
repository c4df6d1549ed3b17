"""The contents list of a Word file: real entries that link to their headings, within a field that Word can update.

Page numbers are fields whose results were reckoned (page_numbers.py). No field is marked dirty: Word would ask its user
whether to update fields that "may refer to other files", which nobody in an office should have to answer.
"""

from collections.abc import Iterator, Mapping, Sequence

from docx.oxml.xmlchemy import BaseOxmlElement

from kb.exports.contents import Listed
from kb.exports.word_looks import CONTENTS_LINES, CONTENTS_TITLE, OFFICE_HEADINGS
from kb.exports.word_styles import element
from kb.exports.word_tables import WIDTH
from kb.exports.word_text import paragraph, with_properties

NAME = "目　录"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def contents_list(entries: Sequence[Listed], pages: Mapping[int, int]) -> Iterator[BaseOxmlElement]:
    """The list under its name; `entries` are at least one, `pages` their pages by their places."""
    yield paragraph(CONTENTS_TITLE, NAME)
    lines = [_line(entry, pages[entry.place]) for entry in entries]
    levels = max(entry.level for entry in entries)
    styles = ",".join(f"{style.name},{level}" for level, style in enumerate(OFFICE_HEADINGS[:levels], start=1))
    instruction = _instruction(f' TOC \\h \\z \\t "{styles}" ')
    for place, part in enumerate((_mark("begin"), instruction, _mark("separate")), start=1):
        lines[0].insert(place, part)
    lines[-1].append(_mark("end"))
    yield from lines


def mark_heading(heading: BaseOxmlElement, entry: Listed) -> None:
    """Makes the heading what its line in the list leads to."""
    number = str(entry.place)
    heading.insert(1, element("w:bookmarkStart", id=number, name=entry.anchor))
    heading.append(element("w:bookmarkEnd", id=number))


def _line(entry: Listed, page: int) -> BaseOxmlElement:
    tabs = element("w:tabs")
    tabs.append(element("w:tab", val="right", leader="dot", pos=str(WIDTH)))
    line = with_properties(paragraph(CONTENTS_LINES[entry.level - 1], f"{entry.text}\t"), tabs)
    link = element("w:hyperlink", anchor=entry.anchor, history="1")
    for run in list(line)[1:]:
        link.append(run)
    number = element("w:t")
    number.text = str(page)
    reference = _instruction(f" PAGEREF {entry.anchor} \\h ")
    link.extend((_mark("begin"), reference, _mark("separate"), _run(number), _mark("end")))
    line.append(link)
    return line


def _instruction(text: str) -> BaseOxmlElement:
    instruction = element("w:instrText")
    instruction.text = text
    instruction.set(_SPACE, "preserve")
    return _run(instruction)


def _mark(kind: str) -> BaseOxmlElement:
    return _run(element("w:fldChar", fldCharType=kind))


def _run(content: BaseOxmlElement) -> BaseOxmlElement:
    run = element("w:r")
    run.append(content)
    return run
