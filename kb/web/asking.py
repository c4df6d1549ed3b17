"""待征集 as other pages offer it: what has been asked already that seems the same, and one click to ask."""

from typing import NamedTuple

from kb.errors import NotReady
from kb.services.ask_for_case import WantedWish, split_wish
from kb.services.judge_usefulness import Judged, Word, own_word
from kb.services.wanted_records import ListedWanted
from kb.web.acting import actor
from kb.web.reading import library


class Offer(NamedTuple):
    """What would be asked, and what was asked already; to guests of pages kept for all a link is given instead."""

    wish: WantedWish
    near: tuple[ListedWanted, ...]
    is_form: bool


def offer_to_ask(text: str, *, is_kept: bool) -> Offer:
    """`is_kept`: the page may be kept for all guests, so nothing of a database or a session may stand on it for them."""
    wish = split_wish(text)
    if is_kept and actor().is_guest:
        return Offer(wish, (), is_form=False)
    return Offer(wish, find_near(wish.text), is_form=True)


def find_near(text: str, *, but: int = 0) -> tuple[ListedWanted, ...]:
    """Wanted problems that seem to ask the same; none where nothing was kept so far or it cannot be read."""
    if not library().asking.has_kept:
        return ()
    try:
        with library().asking.wanting() as wanting:
            return wanting.find_near(text, but=but)
    except NotReady:
        return ()


class Judging(NamedTuple):
    """Whether the reader's unit can say 有用 or 没用 here, and what it said last."""

    kind: str
    subject: str
    word: Word | None


def offer_to_judge(kind: Judged, subject: str) -> Judging | None:
    """None for whoever speaks for no unit: guests, and accounts without one."""
    if not actor().unit:
        return None
    with library().asking.words() as words:
        return Judging(kind.value, subject, own_word(actor(), kind, subject, words))
