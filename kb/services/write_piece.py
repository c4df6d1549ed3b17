"""我的稿子: pieces made, changed, copied, deleted and brought back; each change asks whether the version is still the newest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor
from kb.domain.audited import Deed, Outcome
from kb.domain.case import Case
from kb.domain.office_document import Head
from kb.domain.passage import Passage, PassageKind, SourceRevision
from kb.domain.piece import (
    LONGEST_HEAD,
    LONGEST_TITLE,
    LONGEST_WORDS,
    MOST_ITEMS,
    MOST_WORDS,
    Item,
    OwnWords,
    Piece,
    PieceKind,
    TakenPassage,
    WholeCase,
)
from kb.errors import AskedWrongly, Conflict, NotFound
from kb.services.propose_highlights import propose_highlights

MOST_PIECES, MOST_OF_A_GUEST = 200, 20
"""Of one owner, deleted ones that can still be brought back included."""
KEPT_DAYS = 30
"""A deleted piece can be brought back."""
OF_A_CASE = 3
"""Highlights that stand for a case nobody has picked sentences of."""


class Pieces(Protocol):
    """Where pieces are kept, in the transaction of whoever calls."""

    def add(self, piece: Piece) -> Piece: ...

    def find(self, owner: str, number: int) -> Piece | None: ...

    def listed(self, owner: str, limit: int) -> Sequence[Piece]:
        """The last changed first, deleted ones among them."""
        ...

    def count(self, owner: str) -> int: ...

    def save(self, piece: Piece) -> Piece | None:
        """The next version; None when `piece.version` is no longer the newest."""
        ...

    def forget_deleted(self, owner: str, before: str) -> None: ...


class Trail(Protocol):
    """The part of the audit trail used here."""

    def note(self, actor: Actor, kind: Deed, subject: str, result: Outcome, detail: str = "") -> None: ...


class Wording(NamedTuple):
    """What a form says of a piece besides its order: title, head, and one's own words by place."""

    title: str
    head: Head
    words: Mapping[int, str]


class PieceWriter:
    """The pieces of one owner. The caller commits."""

    def __init__(self, pieces: Pieces, trail: Trail, actor: Actor, owner: str, *, now: Callable[[], datetime]) -> None:
        self._pieces = pieces
        self._trail = trail
        self._actor = actor
        self._owner = owner
        self._now = now

    def listed(self) -> tuple[Piece, ...]:
        return tuple(self._pieces.listed(self._owner, MOST_PIECES))

    def get(self, number: int) -> Piece:
        """Raises NotFound for what is not this owner's, and for a deleted one."""
        found = self._find(number)
        if found.deleted_at:
            raise NotFound("这份稿子已经删除。", advice="三十天内可以到“我的稿子”恢复。")
        return found

    def create(self, kind: PieceKind, title: str, head: Head, items: Sequence[Item]) -> Piece:
        """Raises AskedWrongly for a piece without title or items, or one too many."""
        self._pieces.forget_deleted(self._owner, self._day_before(KEPT_DAYS))
        if self._pieces.count(self._owner) >= (MOST_OF_A_GUEST if self._actor.is_guest else MOST_PIECES):
            raise AskedWrongly("稿子已经太多，存不下了。", advice="先删掉不用的；没有登录的，登录后可以存得更多。")
        if not items:
            raise AskedWrongly("还没有选材料。", advice="至少勾选一个案例，或先往亮点篮里放几句。")
        at = self._at()
        piece = Piece(0, self._owner, kind, title, head, tuple(items), made_at=at, changed_at=at)
        made = self._pieces.add(_checked(piece))
        self._trail.note(
            self._actor, Deed.PIECE_MADE, f"piece {made.number}", Outcome.DONE, f"{kind.label}：{made.title}"
        )
        return made

    def save(
        self, number: int, version: int, wording: Wording, change: Callable[[tuple[Item, ...]], tuple[Item, ...]]
    ) -> Piece:
        """Words of the form, then `change` of the order; raises Conflict with nothing written when it was changed meanwhile."""
        found = self._newest(number, version)
        worded = tuple(_worded(item, wording.words.get(place)) for place, item in enumerate(found.items))
        changed = change(worded)
        before = worded if changed != worded else found.before
        piece = replace(found, title=wording.title, head=wording.head, items=changed, before=before)
        return self._save(_checked(piece))

    def step_back(self, number: int, version: int) -> Piece:
        """Undoes the last change of order; doing it again brings that change back."""
        found = self._newest(number, version)
        if not found.before:
            raise AskedWrongly("没有可以撤销的一步。", advice="移动或删掉一段之后才能撤销。")
        return self._save(replace(found, items=found.before, before=found.items))

    def copy(self, number: int) -> Piece:
        found = self.get(number)
        return self.create(found.kind, f"{found.title}（副本）"[:LONGEST_TITLE], found.head, found.items)

    def delete(self, number: int) -> None:
        found = self.get(number)
        self._save(replace(found, deleted_at=self._at()))

    def bring_back(self, number: int) -> Piece:
        return self._save(replace(self._find(number), deleted_at=""))

    def _find(self, number: int) -> Piece:
        found = self._pieces.find(self._owner, number) if self._owner else None
        if found is None:
            raise NotFound("没有这份稿子。", advice="从“我的稿子”里打开。")
        return found

    def _save(self, piece: Piece) -> Piece:
        saved = self._pieces.save(replace(piece, changed_at=self._at()))
        if saved is None:
            raise _conflict()
        return saved

    def _newest(self, number: int, version: int) -> Piece:
        """Places in a form are those of the version it was made from."""
        found = self.get(number)
        if found.version != version:
            raise _conflict()
        return found

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def _day_before(self, days: int) -> str:
        return (self._now() - timedelta(days=days)).isoformat(timespec="seconds")


def _conflict() -> Conflict:
    return Conflict("这份稿子刚才在别处改过，这一次没有写进去。", advice="下面是新的一版；把刚才写的照着补进去。")


def items_of_case(kind: PieceKind, case: Case, source: SourceRevision, taken_on: str) -> tuple[Item, ...]:
    """What a piece takes of a case as a whole: the case in a compilation, else its title and its best highlights."""
    if kind is PieceKind.COMPILATION:
        return (WholeCase(source, taken_on=taken_on),)
    taken = (TakenPassage(replace(one, taken_on=taken_on)) for one in best_of(case, source))
    return (OwnWords(case.title, is_heading=True), *taken)


def best_of(case: Case, source: SourceRevision) -> tuple[Passage, ...]:
    """OF_A_CASE highlights: a quote and changes first, then rows, then sentences; never a row a sentence already tells."""
    order = (PassageKind.CHANGE, PassageKind.QUOTE, PassageKind.SENTENCE, PassageKind.RESULT)
    found = sorted(propose_highlights(case, source).passages, key=lambda one: order.index(one.kind))
    return tuple(found[:OF_A_CASE])


def items_of_passages(passages: Sequence[Passage], titles: Mapping[str, str]) -> tuple[Item, ...]:
    """In their order; where another case begins stands its title."""
    items: list[Item] = []
    last = ""
    for passage in passages:
        if passage.case_id != last:
            items.append(OwnWords(titles.get(passage.case_id, passage.case_id), is_heading=True))
            last = passage.case_id
        items.append(TakenPassage(passage))
    return tuple(items)


def _worded(item: Item, words: str | None) -> Item:
    if words is None or not isinstance(item, OwnWords):
        return item
    return replace(item, text=words.replace("\r\n", "\n").strip())


def _checked(piece: Piece) -> Piece:
    title = " ".join(piece.title.split())
    head = Head(
        *(" ".join(text.split()) for text in (piece.head.name, piece.head.issue, piece.head.unit, piece.head.day))
    )
    if not title:
        raise AskedWrongly("还没有写标题。", advice="写一个标题再存。")
    if len(title) > LONGEST_TITLE:
        raise AskedWrongly(f"标题超过 {LONGEST_TITLE} 字。", advice="写短些。")
    if any(len(text) > LONGEST_HEAD for text in (head.name, head.issue, head.unit, head.day)):
        raise AskedWrongly(f"简报头里有一行超过 {LONGEST_HEAD} 字。", advice="写短些。")
    if any(len(item.text) > LONGEST_WORDS for item in piece.items if isinstance(item, OwnWords)):
        raise AskedWrongly(f"自己写的文字有一段超过 {LONGEST_WORDS} 字。", advice="分成两段。")
    if sum(len(item.text) for item in piece.items if isinstance(item, OwnWords)) > MOST_WORDS:
        raise AskedWrongly(f"自己写的文字合起来超过 {MOST_WORDS} 字。", advice="分成两份。")
    if len(piece.items) > MOST_ITEMS:
        raise AskedWrongly(f"一份稿子最多 {MOST_ITEMS} 段。", advice="分成两份。")
    return replace(piece, title=title, head=head)
