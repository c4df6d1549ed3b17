"""A section's Markdown as blocks: what number an item of a list has in the text, it has on paper."""

import pytest

from kb.domain.markdown_blocks import markdown_blocks
from kb.domain.office_document import Block, ItemList, OfficeDocument, Text
from kb.exports import build_html, build_markdown
from kb.exports.rich_text import build_rich_text


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("1. 甲\n2. 乙", (ItemList(("甲", "乙"), is_numbered=True),)),
        ("1. 甲\n\n2. 乙\n\n3. 丙", (ItemList(("甲", "乙", "丙"), is_numbered=True),)),
        ("- 甲\n\n- 乙", (ItemList(("甲", "乙")),)),
        (
            "1. 甲\n\n中间一段。\n\n2. 乙\n3. 丙",
            (
                ItemList(("甲",), is_numbered=True),
                Text("中间一段。"),
                ItemList(("乙", "丙"), is_numbered=True, first=2),
            ),
        ),
        ("1. 甲\n   续行\n- 乙", (ItemList(("甲\n续行",), is_numbered=True), ItemList(("乙",)))),
        ("", ()),
    ],
)
def test_lists_keep_their_numbers(markdown: str, blocks: tuple[Block, ...]) -> None:
    assert markdown_blocks(markdown) == blocks


def test_a_list_that_goes_on_is_numbered_so_in_every_form() -> None:
    document = OfficeDocument("题", (ItemList(("乙", "丙"), is_numbered=True, first=2),))
    assert "\n2. 乙\n3. 丙\n" in build_markdown(document)
    assert "2. 乙" in build_html(document) and "3. 丙" in build_html(document)
    assert "2. 乙\n\n3. 丙" in build_rich_text(document).plain
