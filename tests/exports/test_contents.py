"""A contents list names both upper levels only where the second tells its entries apart."""

from kb.domain.office_document import Heading, OfficeDocument
from kb.exports.contents import LONGEST, listed_headings


def listed(*headings: Heading) -> list[str]:
    return [entry.text for entry in listed_headings(OfficeDocument("虚构", headings, has_contents=True))]


def test_second_level_headings_are_listed_while_they_differ_and_are_few() -> None:
    first, second = Heading("一、甲案"), Heading("（一）问题", 2)
    assert listed(first, second, Heading("1. 细处", 3)) == ["一、甲案", "（一）问题"]
    assert listed(first, second, Heading("二、乙案"), second) == ["一、甲案", "二、乙案"]
    assert listed(first, *(Heading(f"第 {number} 节", 2) for number in range(LONGEST))) == ["一、甲案"]
