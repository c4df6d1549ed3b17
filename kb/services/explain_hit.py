"""为什么命中: one Chinese sentence for every hit, and one for how loosely the words were taken."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kb.services.index_document import FIELD_LABELS
from search import Hit, Reason, Relaxation, Results

MOST_WORDS = 8
"""Words of the asker that are named; a pasted page shares dozens with every case."""
FEW_TELLING = 3
"""Words of two characters or more: with so few, most of them must stand in a case that answers. Of the 260 kept questions
two are wrongly told to have no answer by it; with four words it would be seven."""
SAME_TITLE = "标题与所写的字相近"
SAME_NUMBER = "编号就是所写的"
WITHOUT_WORDS = "符合所写的条件"
NEAR = "意思相近："
ONLY_SO_MANY = "与这些词语相符的案例只有 {} 个，其后是意思相近的案例。"
THEN_NEAR = "这样的案例只有 {} 个，其后是意思相近的案例。"
HALF_OF_THE_WORDS = "没有同时包含全部词语的案例，以下案例包含其中至少一半。"
FEW_OF_THE_WORDS = "没有包含多数词语的案例，以下案例只有个别词语或字相符。"
PIECES_ONLY = "没有包含这些词语的案例，以下案例仅有部分字相符。"


class Places(NamedTuple):
    """Fields with a word of the asker, and those with another word for it; both in the order they were found."""

    own: list[str]
    other: dict[str, list[str]]


def explain(reasons: Sequence[Reason], *, only_ngrams: bool = False) -> str:
    """Which words stand in which fields; another word for one is named only where the word itself stands nowhere."""
    places: dict[str, Places] = {}
    for reason in reasons:
        own, other = places.setdefault(reason.alias_of or reason.word, Places([], {}))
        _note(other.setdefault(reason.word, []) if reason.alias_of else own, reason.field)
    told = [_told(word, found) for word, found in places.items()]
    sentence = "；".join(told[:MOST_WORDS]) + ("等" if len(told) > MOST_WORDS else "")
    return f"仅有部分字词相符：{sentence}" if only_ngrams and sentence else sentence


def explain_looseness(results: Results, *, has_near: bool = False) -> str | None:
    """How far the words were taken less strictly; says nothing that one of these hits would belie.

    `has_near`: cases that only share much with the words follow the results.
    """
    relaxed = _relaxation(results)
    if not has_near:
        return relaxed
    return relaxed + THEN_NEAR.format(results.total) if relaxed else ONLY_SO_MANY.format(results.total)


def _relaxation(results: Results) -> str | None:
    if results.relaxed is Relaxation.MOST_WORDS:
        return HALF_OF_THE_WORDS
    if results.relaxed is Relaxation.NGRAMS:
        return PIECES_ONLY if has_only_pieces(results) else FEW_OF_THE_WORDS
    return None


def has_only_pieces(results: Results) -> bool:
    """Whether none of the hits has one of the words, only pieces of them."""
    return results.relaxed is Relaxation.NGRAMS and all(hit.only_ngrams for hit in results.hits)


def fits_loosely(results: Results) -> bool:
    """Whether nothing found answers the question: the words had to be loosened, or of few telling words no hit has most.

    A longer question is told in words of its own, of which even the case it means has hardly half.
    """
    if not results.words:
        return False
    if results.relaxed is not None or not results.hits:
        return True
    telling = {word for word in results.words if len(word) > 1} or set(results.words)
    return len(telling) <= FEW_TELLING and all(
        2 * len(_words_of(hit) & telling) <= len(telling) for hit in results.hits
    )


def _words_of(hit: Hit) -> set[str]:
    return set() if hit.only_ngrams else {reason.alias_of or reason.word for reason in hit.reasons}


def _note(fields: list[str], name: str) -> None:
    label = FIELD_LABELS.get(name, name)
    if label not in fields:
        fields.append(label)


def _told(word: str, found: Places) -> str:
    if found.own:
        return f"“{word}”见于{'、'.join(found.own)}"
    others = "".join(f"“{other}”" for other in found.other)
    return f"“{word}”（库中作{others}）见于{'、'.join(_distinct(found.other.values()))}"


def _distinct(groups: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(label for group in groups for label in group))
