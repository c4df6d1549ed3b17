"""Why a hit is a hit, read from its stored text: which words stand in which field, or which pieces of words."""

from collections.abc import Iterator, Mapping

from search.analysis import Word
from search.model import Hit, Reason
from search.plan import Plan

MAX_REASONS = 24  # a page of them helps nobody; a pasted paragraph could give hundreds


def build_hit(plan: Plan, document_id: str, score: float, texts: Mapping[str, str], folded: Mapping[str, str]) -> Hit:
    """`texts` and `folded`: those of the document by field, as they were written and folded, fields in one order."""
    reasons = dict.fromkeys([*_literal_reasons(plan, folded), *_word_reasons(plan, folded)])
    only_ngrams = not reasons and bool(plan.words)
    if only_ngrams:
        reasons = dict.fromkeys(_piece_reasons(plan, folded))
    return Hit(document_id, score, tuple(reasons)[:MAX_REASONS], texts, only_ngrams)


def _literal_reasons(plan: Plan, folded: Mapping[str, str]) -> Iterator[Reason]:
    for literal in plan.literals:
        yield from (Reason(literal, name) for name, text in folded.items() if literal in text)


def _word_reasons(plan: Plan, folded: Mapping[str, str]) -> Iterator[Reason]:
    everything = "\n".join(folded.values())
    for word in _telling_first(plan):
        aliases = [alias.text for alias in word.aliases if alias.text in everything]
        if not aliases and word.text not in everything:
            continue
        for name, text in folded.items():
            if word.text in text:
                yield Reason(word.spelling, name)
            else:
                yield from (Reason(alias, name, word.spelling) for alias in aliases if alias in text)


def _telling_first(plan: Plan) -> list[Word]:
    """In a long text the longer words first, as they say more; else the order of the query."""
    return sorted(plan.words, key=lambda word: -len(word.text)) if plan.is_long else list(plan.words)


def _piece_reasons(plan: Plan, folded: Mapping[str, str]) -> Iterator[Reason]:
    """The longest stretches of the query that stand in a field."""
    for name, text in folded.items():
        yield from (Reason(piece, name) for piece in _shared_pieces(plan.ngrams, text))


def _shared_pieces(ngrams: tuple[str, ...], text: str) -> Iterator[str]:
    piece = ""
    for ngram in ngrams:
        longer = piece + ngram[1:] if piece and piece[-1] == ngram[0] else ""
        if longer and longer in text:
            piece = longer
            continue
        if piece:
            yield piece
        piece = ngram if ngram in text else ""
    if piece:
        yield piece
