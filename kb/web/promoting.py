"""Promotion as one request works on it: its services on a transaction of their own, and the small words of its pages."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, request

from kb.bootstrap.promoting import PromotionWork
from kb.services.case_cards import CaseCard
from kb.services.show_promotion import Promotion
from kb.web.acting import source
from kb.web.reading import library, reading


def register(app: Flask) -> None:
    """Cards stand on pages of many tasks; what they say of promotion is asked here, at no cost of a query."""
    app.jinja_env.globals.update(promotion_of=promotion_of)


def promotion_of(card: CaseCard) -> Promotion:
    """How the case of a card stands."""
    return reading().standing.of_case(card.id, card.mechanism_id, is_lesson=card.kind == "教训")


@contextmanager
def promoting(*, writes: bool = False) -> Iterator[PromotionWork]:
    """To read with; with `writes` to change, committed when the block ends well. Nothing slow belongs inside."""
    reference = reading().reference  # may wait for files; the lock must not
    with library().promoting.work(reference, source(), writes=writes) as work:
        yield work


def posted_version() -> int:
    """The version the form was made from, 0 for one that is none."""
    return number_in(request.form.get("version", ""))


def number_in(text: str) -> int:
    """A number of a row as a query or form gives it, 0 for none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
