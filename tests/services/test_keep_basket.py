"""What a guest kept is taken over whole or not at all, within the bounds of one owner. Everything here is made up."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from kb.domain.passage import Passage
from kb.errors import AskedWrongly
from kb.services.keep_basket import MOST_FAVOURITES, MOST_PASSAGES, Basket
from tests.services.writing_desk import WritingDesk

GUEST = "browser:made-up"
PASSAGES = [
    Passage("000000-2020-01", 0, "made-up", "effect", n, f"虚构的第 {n} 句。") for n in range(MOST_PASSAGES + 5)
]
CASES = [f"000000-2020-{n:03}" for n in range(2 * MOST_FAVOURITES)]

Two = tuple[Basket, Basket]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    """The baskets of an account and of a guest's browser."""
    desk = WritingDesk(tmp_path)
    with desk.kept.writing() as session:
        baskets = desk.kept.baskets(session)
        own, guest = (
            Basket(baskets, owner, now=desk.kept.now, today=date(2026, 11, 25)) for owner in ("account:1", GUEST)
        )
        yield own, guest


def fill(basket: Basket, passages: Sequence[Passage], cases: Sequence[str]) -> None:
    basket.pick(passages)
    for case in cases:
        basket.add_favourite("case", case)


def kept(basket: Basket) -> tuple[list[str], list[str]]:
    return [one.passage.text for one in basket.passages()], sorted(one.subject for one in basket.favourites())


@pytest.mark.parametrize(
    ("own_passages", "own_cases", "words", "advice"),
    [
        (
            PASSAGES[5:],
            [],
            "亮点篮会有 105 句，最多放 100 句",
            "先在“亮点篮”里移出至少 5 句，再并。",
        ),
        (
            [],
            CASES[MOST_FAVOURITES:],
            "收藏会有 400 条，最多 200 条",
            "先在“我的收藏”里取消至少 200 条，再并。",
        ),
        (
            PASSAGES[5:],
            CASES[199:399],
            "亮点篮会有 105 句，最多放 100 句；收藏会有 399 条，最多 200 条",
            "先在“亮点篮”里移出至少 5 句，在“我的收藏”里取消至少 199 条，再并。",
        ),
    ],
    ids=["passages", "favourites", "both"],
)
def test_too_much_is_refused_with_the_bound_and_nothing_is_lost(
    two: Two, own_passages: Sequence[Passage], own_cases: Sequence[str], words: str, advice: str
) -> None:
    own, guest = two
    fill(own, own_passages, own_cases)
    fill(guest, PASSAGES[:5], CASES[:MOST_FAVOURITES])
    before = kept(own), kept(guest)
    with pytest.raises(AskedWrongly) as refused:
        own.take_over(GUEST)
    said = f"并到一起，{words}。这次什么都没有并，登录前选的、收藏的都还在。"
    assert (refused.value.message, refused.value.advice) == (said, advice)
    assert (kept(own), kept(guest)) == before


def test_what_both_kept_counts_once_and_the_bounds_are_reached(two: Two) -> None:
    own, guest = two
    fill(own, PASSAGES[:60], CASES[:150])
    fill(guest, PASSAGES[40:MOST_PASSAGES], CASES[50:MOST_FAVOURITES])
    own.take_over(GUEST)
    texts = [one.text for one in PASSAGES[:MOST_PASSAGES]]
    assert (kept(own), kept(guest)) == ((texts, CASES[:MOST_FAVOURITES]), ([], []))
