"""亮点篮 and 收藏: passages in an order, and cases and mechanisms to find again, of an account or of a guest's browser.

An owner is `account:` and a number, or `browser:` and the hash of a random token that browser carries.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from kb.domain.passage import Passage
from kb.errors import AskedWrongly, NotFound

MOST_PASSAGES, MOST_FAVOURITES = 100, 200
"""Of one owner."""
MOST_BROWSERS = 5000
UNUSED_DAYS = 90
"""After which what a guest's browser kept is forgotten."""
LONGEST_NOTE = 200
FAVOURITE_KINDS = ("case", "mechanism")


class BasketPassage(NamedTuple):
    """A passage in a basket; `checked` is the digest of a later text its owner has seen and keeps it against."""

    number: int
    passage: Passage
    checked: str = ""
    note: str = ""


class Favourite(NamedTuple):
    """`kind` is case or mechanism, `subject` its id."""

    kind: str
    subject: str
    added_at: str


class Baskets(Protocol):
    """Where baskets and favourites are kept, in the transaction of whoever calls."""

    def listed(self, owner: str) -> Sequence[BasketPassage]:
        """In the owner's order."""
        ...

    def add(self, owner: str, passage: Passage) -> None:
        """At the end."""
        ...

    def put_in_order(self, owner: str, numbers: Sequence[int]) -> None: ...

    def take_out(self, owner: str, numbers: Sequence[int], at: str) -> None: ...

    def put_back(self, owner: str) -> int:
        """What was taken out last, to its old place; how many passages."""
        ...

    def change(self, owner: str, kept: BasketPassage) -> bool:
        """Keeps passage, checked and note of that number; false when it is not there."""
        ...

    def hand_on(self, giver: str, receiver: str) -> None:
        """All passages and favourites, behind those the receiver has."""
        ...

    def favourites(self, owner: str) -> Sequence[Favourite]:
        """The newest first."""
        ...

    def add_favourite(self, owner: str, favourite: Favourite) -> None: ...

    def remove_favourite(self, owner: str, kind: str, subject: str) -> None: ...


class Browsers(Protocol):
    """Browsers of guests that keep something."""

    def used_on(self, token_hash: str) -> str:
        """The day of its last use (YYYY-MM-DD), "" for a browser that keeps nothing here."""
        ...

    def add(self, token_hash: str, day: str) -> None: ...

    def note_use(self, token_hash: str, day: str) -> None: ...

    def count(self) -> int: ...

    def forget_unused(self, before: str) -> None:
        """Browsers not used since that day (YYYY-MM-DD), and all that was theirs."""
        ...


class Basket:
    """The basket and the favourites of one owner. The caller commits."""

    def __init__(self, baskets: Baskets, owner: str, *, now: Callable[[], datetime], today: date) -> None:
        self._baskets = baskets
        self._owner = owner
        self._now = now
        self._today = today

    def passages(self) -> tuple[BasketPassage, ...]:
        return tuple(self._baskets.listed(self._owner))

    def pick(self, passages: Sequence[Passage]) -> int:
        """How many were new; raises AskedWrongly when the basket would be too full, and then takes none."""
        there = {(one.passage.case_id, one.passage.text) for one in self.passages()}
        fresh = {(one.case_id, one.text): one for one in passages}
        new = [one for key, one in fresh.items() if key not in there]
        if len(there) + len(new) > MOST_PASSAGES:
            raise AskedWrongly(f"亮点篮最多放 {MOST_PASSAGES} 句。", advice="先把用不上的移出去，或先编成一份稿子。")
        for passage in new:
            self._baskets.add(self._owner, self._taken(passage))
        return len(new)

    def move(self, number: int, by: int) -> None:
        """One place up (-1) or down (1); raises NotFound."""
        numbers = [one.number for one in self.passages()]
        place = self._place(number, numbers)
        other = place + by
        if 0 <= other < len(numbers):
            numbers[place], numbers[other] = numbers[other], numbers[place]
            self._baskets.put_in_order(self._owner, numbers)

    def remove(self, number: int) -> None:
        self._place(number, [one.number for one in self.passages()])
        self._baskets.take_out(self._owner, [number], self._now().isoformat())

    def empty(self) -> None:
        self._baskets.take_out(self._owner, [one.number for one in self.passages()], self._now().isoformat())

    def bring_back(self) -> int:
        """What was removed last; raises AskedWrongly when nothing was."""
        found = self._baskets.put_back(self._owner)
        if not found:
            raise AskedWrongly("没有可以恢复的。", advice="到亮点里重新选。")
        return found

    def write_note(self, number: int, note: str) -> None:
        note = " ".join(note.split())
        if len(note) > LONGEST_NOTE:
            raise AskedWrongly(f"备注超过 {LONGEST_NOTE} 字。", advice="写短些。")
        self._change(self.get(number)._replace(note=note))

    def keep(self, number: int, digest: str) -> None:
        """Leaves the passage as it was taken though the text with this digest says it otherwise."""
        self._change(self.get(number)._replace(checked=digest))

    def replace(self, number: int, passage: Passage) -> None:
        self._change(self.get(number)._replace(passage=self._taken(passage), checked=""))

    def get(self, number: int) -> BasketPassage:
        found = self.passages()
        return found[self._place(number, [one.number for one in found])]

    def take_over(self, giver: str) -> None:
        """What a guest kept in this browser before signing in, what both have once; all of it or, with AskedWrongly, nothing."""
        both = (self._owner, giver)
        passages = {(one.passage.case_id, one.passage.text) for owner in both for one in self._baskets.listed(owner)}
        favourites = {(one.kind, one.subject) for owner in both for one in self._baskets.favourites(owner)}
        found, advice = [], []
        if (over := len(passages) - MOST_PASSAGES) > 0:
            found.append(f"亮点篮会有 {len(passages)} 句，最多放 {MOST_PASSAGES} 句")
            advice.append(f"在“亮点篮”里移出至少 {over} 句")
        if (over := len(favourites) - MOST_FAVOURITES) > 0:
            found.append(f"收藏会有 {len(favourites)} 条，最多 {MOST_FAVOURITES} 条")
            advice.append(f"在“我的收藏”里取消至少 {over} 条")
        if found:
            raise AskedWrongly(
                f"并到一起，{'；'.join(found)}。这次什么都没有并，登录前选的、收藏的都还在。",
                advice=f"先{'，'.join(advice)}，再并。",
            )
        self._baskets.hand_on(giver, self._owner)

    def favourites(self) -> tuple[Favourite, ...]:
        return tuple(self._baskets.favourites(self._owner))

    def add_favourite(self, kind: str, subject: str) -> None:
        if kind not in FAVOURITE_KINDS:
            raise NotFound("只能收藏案例和机制。", advice="从案例页或机制页收藏。")
        if len(self.favourites()) >= MOST_FAVOURITES:
            raise AskedWrongly(f"收藏最多 {MOST_FAVOURITES} 条。", advice="先取消一些用不上的。")
        self._baskets.add_favourite(self._owner, Favourite(kind, subject, self._now().isoformat()))

    def remove_favourite(self, kind: str, subject: str) -> None:
        self._baskets.remove_favourite(self._owner, kind, subject)

    def _change(self, kept: BasketPassage) -> None:
        if not self._baskets.change(self._owner, kept):
            raise NotFound("亮点篮里没有这一句。", advice="刷新后再试。")

    def _place(self, number: int, numbers: Sequence[int]) -> int:
        if number not in numbers:
            raise NotFound("亮点篮里没有这一句。", advice="刷新后再试。")
        return numbers.index(number)

    def _taken(self, passage: Passage) -> Passage:
        return replace(passage, taken_on=self._today.isoformat())


def admit_browser(browsers: Browsers, token_hash: str, today: date) -> None:
    """A guest's browser that begins to keep something; forgets those unused. Raises AskedWrongly when there are too many."""
    browsers.forget_unused((today - timedelta(days=UNUSED_DAYS)).isoformat())
    if browsers.count() >= MOST_BROWSERS:
        raise AskedWrongly("没有登录的人在用的亮点篮已经太多。", advice="登录后再选，或过几天再试。")
    browsers.add(token_hash, today.isoformat())
