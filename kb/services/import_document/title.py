"""The title of a document: a paragraph in a title style near the top, else a first line that looks like one."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kb.domain.document import Paragraph, Table
from kb.services.import_document.filled import Confidence, Recognised
from kb.services.import_document.headings import is_title

MAX_TITLE = 50
"""Characters of a first line that may be a title."""
TITLE_WITHIN = 6
"""Blocks with words among which a paragraph in a title style is looked for."""
Blocks = Sequence[Paragraph | Table]


class FoundTitle(NamedTuple):
    """The title, the blocks with words before it, and the place of the first block after it."""

    text: str
    recognised: Recognised
    before: Blocks
    end: int


def find_title(blocks: Blocks, may_be_title: Callable[[Paragraph], bool]) -> FoundTitle | None:
    """`may_be_title` refuses first lines that are labels or headings."""
    spoken = [(place, block) for place, block in enumerate(blocks) if isinstance(block, Table) or block.text.strip()]
    for count, (place, block) in enumerate(spoken[:TITLE_WITHIN]):
        if isinstance(block, Paragraph) and is_title(block):
            before = [block for _, block in spoken[:count]]
            return FoundTitle(_on_one_line(block.text), Recognised(Confidence.SURE, "用了标题样式"), before, place + 1)
    place, first = spoken[0] if spoken else (0, None)
    if not isinstance(first, Paragraph) or not _looks_like_one(first.text.strip()) or not may_be_title(first):
        return None
    text, end = first.text.strip(), place + 1
    following = blocks[end] if end < len(blocks) else None
    if isinstance(following, Paragraph) and following.text.strip().startswith("—"):
        text, end = text + following.text.strip(), end + 1
    if first.is_centred or first.level == 1:
        recognised = Recognised(Confidence.LIKELY, "第一行，居中或用了标题样式")
    else:
        recognised = Recognised(Confidence.GUESSED, "第一行")
    return FoundTitle(_on_one_line(text), recognised, [], end)


def _looks_like_one(text: str) -> bool:
    return len(text) <= MAX_TITLE and text[-1] not in "。；：:"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
