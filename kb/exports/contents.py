"""Which headings a contents list names: both upper levels while the list stays short and tells them apart, else the first alone."""

from typing import NamedTuple

from kb.domain.office_document import Heading, OfficeDocument

LONGEST = 60
"""Entries up to which second-level headings are listed too: two pages."""


class Listed(NamedTuple):
    """A heading in the contents list, by the place of its block; `anchor` is what a link leads to."""

    place: int
    text: str
    level: int

    @property
    def anchor(self) -> str:
        return f"_Toc{self.place:06d}"


def listed_headings(document: OfficeDocument) -> tuple[Listed, ...]:
    """The entries in order; none unless the document has a contents list."""
    if not document.has_contents:
        return ()
    found = [
        Listed(place, block.text, block.level)
        for place, block in enumerate(document.blocks)
        if isinstance(block, Heading) and block.level <= 2
    ]
    second = [entry.text for entry in found if entry.level == 2]
    is_telling = len(found) <= LONGEST and len(set(second)) == len(
        second
    )  # cases bound together all have the same parts
    return tuple(found if is_telling else [entry for entry in found if entry.level == 1])
