"""A piece (稿件成品): what publicity staff hand on: passages word for word in an order, and their own words between them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from kb.domain.office_document import Head
from kb.domain.passage import Passage, SourceRevision, build_passage, plain_passage
from kb.errors import AskedWrongly

MOST_ITEMS, MOST_WORDS = 200, 30_000
"""Of a piece: items, and characters of one's own in all of them, some forty pages of print."""
LONGEST_WORDS, LONGEST_TITLE, LONGEST_HEAD = 2000, 60, 40
"""Characters of one text of one's own, of a title, of a line of the head."""


class PieceKind(Enum):
    """What it is to become."""

    BULLETIN = "bulletin"
    DIGEST = "digest"
    COMPILATION = "compilation"
    ARTICLE = "article"

    @property
    def label(self) -> str:
        return PIECE_LABELS[self]


PIECE_LABELS = {
    PieceKind.BULLETIN: "简报", PieceKind.DIGEST: "摘编", PieceKind.COMPILATION: "典型案例汇编", PieceKind.ARTICLE: "公众号文章",
}  # fmt: skip


@dataclass(frozen=True)
class OwnWords:
    """Words of whoever makes the piece."""

    text: str
    is_heading: bool = False


@dataclass(frozen=True)
class TakenPassage:
    """A passage; `checked` is the digest of a later text its owner has seen and keeps it against."""

    passage: Passage
    checked: str = ""


@dataclass(frozen=True)
class WholeCase:
    """A case with all its sections, as it stands whenever the piece is written out."""

    source: SourceRevision
    checked: str = ""
    taken_on: str = ""


Item = OwnWords | TakenPassage | WholeCase


@dataclass(frozen=True)
class Piece:
    """`before` are the items one step back; times UTC in ISO form, `deleted_at` "" while it is there."""

    number: int
    owner: str
    kind: PieceKind
    title: str
    head: Head
    items: tuple[Item, ...]
    before: tuple[Item, ...] = ()
    version: int = 1
    made_at: str = ""
    changed_at: str = ""
    deleted_at: str = ""

    @property
    def case_ids(self) -> tuple[str, ...]:
        """Of every source, in the order of first use."""
        found = [source_of(item) for item in self.items]
        return tuple(dict.fromkeys(one.record_id for one in found if one))


def source_of(item: Item) -> SourceRevision | None:
    if isinstance(item, TakenPassage):
        return item.passage.source
    return item.source if isinstance(item, WholeCase) else None


def move_item(items: tuple[Item, ...], place: int, by: int) -> tuple[Item, ...]:
    """The item exchanged with its neighbour, unchanged at the ends. Raises AskedWrongly for no item."""
    _get(items, place)
    other = place + by
    if not 0 <= other < len(items):
        return items
    moved = list(items)
    moved[place], moved[other] = moved[other], moved[place]
    return tuple(moved)


def cut_item(items: tuple[Item, ...], place: int) -> tuple[Item, ...]:
    _get(items, place)
    return (*items[:place], *items[place + 1 :])


def insert_item(items: tuple[Item, ...], place: int, item: Item) -> tuple[Item, ...]:
    """Before the item at `place`; at the end when there is none."""
    place = min(max(place, 0), len(items))
    return (*items[:place], item, *items[place:])


def replace_item(items: tuple[Item, ...], place: int, item: Item) -> tuple[Item, ...]:
    _get(items, place)
    return (*items[:place], item, *items[place + 1 :])


def _get(items: Sequence[Item], place: int) -> Item:
    if not 0 <= place < len(items):
        raise AskedWrongly("稿子里没有这一段。", advice="刷新后再试。")
    return items[place]


def plain_items(items: Sequence[Item]) -> list[dict[str, Any]]:
    """As they are kept."""
    return [_plain(item) for item in items]


def build_items(plain: Sequence[dict[str, Any]]) -> tuple[Item, ...]:
    return tuple(_build(one) for one in plain)


def _plain(item: Item) -> dict[str, Any]:
    if isinstance(item, OwnWords):
        return asdict(item)
    if isinstance(item, TakenPassage):
        return {"passage": plain_passage(item.passage), "checked": item.checked}
    return {"case": list(item.source), "checked": item.checked, "taken_on": item.taken_on}


def _build(plain: dict[str, Any]) -> Item:
    if "passage" in plain:
        return TakenPassage(build_passage(plain["passage"]), plain["checked"])
    if "case" in plain:
        return WholeCase(SourceRevision(*plain["case"]), plain["checked"], plain["taken_on"])
    return OwnWords(**plain)
