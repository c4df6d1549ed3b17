"""编者判断 is said once for a list, wherever two lines of it or more are so marked. Lines made up."""

from kb.domain.inferred import ONCE, Parted, boxes, listed, marked_as, part_inferred, plain_lines
from kb.domain.office_document import CheckBoxes, ItemList, Text

MIXED = ("编者判断：先算清地", "班子先配齐", "编者判断：分账")


def test_marked_lines_stand_last_without_their_marks_and_numbers_go_on() -> None:
    assert part_inferred(MIXED) == Parted(("班子先配齐",), ("先算清地", "分账"))
    assert listed(MIXED) == (
        ItemList(("班子先配齐",), is_numbered=True),
        Text(ONCE),
        ItemList(("先算清地", "分账"), is_numbered=True, first=2),
    )
    assert boxes(MIXED) == (CheckBoxes(("班子先配齐",)), Text(ONCE), CheckBoxes(("先算清地", "分账")))


def test_a_single_marked_line_keeps_its_mark_and_its_place() -> None:
    assert listed(MIXED[:2]) == (ItemList(MIXED[:2], is_numbered=True),)
    assert (listed(MIXED[:1]), listed(())) == ((Text(MIXED[0]),), ())
    assert boxes(MIXED[:2]) == (CheckBoxes(MIXED[:2]),)


def test_where_all_are_marked_it_is_said_before_the_first() -> None:
    assert listed(MIXED[::2]) == (Text(ONCE), ItemList(("先算清地", "分账"), is_numbered=True))


def test_lines_taken_over_without_their_marks_are_known_again() -> None:
    assert plain_lines(MIXED) == ("先算清地", "班子先配齐", "分账")
    assert marked_as(["分账", "自己加的一条"], MIXED) == ["编者判断：分账", "自己加的一条"]
