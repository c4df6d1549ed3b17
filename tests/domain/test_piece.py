"""A piece's items: moved, cut, put in; kept as JSON and read again as they were."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.passage import Passage, PassageKind, SourceRevision, read_key
from kb.domain.piece import (
    OwnWords,
    TakenPassage,
    WholeCase,
    build_items,
    cut_item,
    insert_item,
    move_item,
    plain_items,
    replace_item,
)
from kb.errors import AskedWrongly

PASSAGE = Passage(
    "000000-2020-01", 2, "ab" * 32, "effect", 0, "由3个减到0个。", PassageKind.CHANGE, "2019-12", "2026-11-26"
)
ITEMS = (
    OwnWords("一段话", is_heading=True),
    TakenPassage(PASSAGE, checked="cd" * 32),
    WholeCase(SourceRevision("000000-2020-01", 0, "ab" * 32), taken_on="2026-11-26"),
)


def test_items_are_read_as_they_were_kept() -> None:
    assert build_items(json.loads(json.dumps(plain_items(ITEMS)))) == ITEMS


def test_the_order_changes_by_one_place_and_never_loses_an_item() -> None:
    first, second, third = ITEMS
    assert move_item(ITEMS, 1, -1) == (second, first, third)
    assert move_item(ITEMS, 1, 1) == (first, third, second)
    assert move_item(ITEMS, 0, -1) == ITEMS == move_item(ITEMS, 2, 1)
    assert cut_item(ITEMS, 1) == (first, third)
    assert insert_item(ITEMS, 9, OwnWords("末")) == (*ITEMS, OwnWords("末"))
    assert replace_item(ITEMS, 0, OwnWords("换")) == (OwnWords("换"), second, third)


@pytest.mark.parametrize(
    "change", [lambda: move_item(ITEMS, 3, 1), lambda: cut_item(ITEMS, -1), lambda: cut_item((), 0)]
)
def test_a_place_that_is_not_there_is_refused(change: object) -> None:
    with pytest.raises(AskedWrongly, match="稿子里没有这一段"):
        change()  # type: ignore[operator]


def test_a_key_names_the_place_and_the_words() -> None:
    key = read_key(PASSAGE.key)
    assert key is not None
    assert (key.case_id, key.section, key.position) == ("000000-2020-01", "effect", 0)


@given(st.text(max_size=60))
def test_what_is_no_key_is_none(text: str) -> None:
    found = read_key(text)
    assert found is None or ":" in text
