"""说说情况: a pasted description gets proposed problem types, cases and mechanisms, each with the sentence that speaks for it."""

from typing import NamedTuple

from kb.domain.mechanism import Mechanism
from kb.services.find_cases import CaseFinder, FoundCase, Question
from kb.services.ports import Catalogue
from kb.services.propose_types import Proposal, TypeProposer, find_telling_sentence

TEXT_LIMIT = 5_000
"""Characters used, about a page and a half of print."""
MOST_CASES = 6
"""One for each of up to five types that were proposed, and one more."""
MOST_MECHANISMS = 4


class MatchedCase(NamedTuple):
    """A case that fits, and the sentence of the description nearest to it."""

    found: FoundCase
    sentence: str


class MatchedMechanism(NamedTuple):
    """A mechanism to look at: it solves a proposed type or was formed by a case that fits."""

    mechanism: Mechanism
    reason: str
    sentence: str


class Description(NamedTuple):
    """What was made of a description; `notice` is a sentence when the index could not be used."""

    text: str
    proposals: tuple[Proposal, ...]
    cases: tuple[MatchedCase, ...]
    mechanisms: tuple[MatchedMechanism, ...]
    notice: str = ""


def describe_problem(text: str, finder: CaseFinder, proposer: TypeProposer, catalogue: Catalogue) -> Description:
    """Everything the library can say to a description of up to TEXT_LIMIT characters."""
    text = text.strip()[:TEXT_LIMIT]
    if not text:
        return Description("", (), (), ())
    answer = finder.find(Question(text, size=MOST_CASES))
    proposals = proposer.propose(text)
    hits = _for_every_type(answer.hits, proposals, finder)
    cases = tuple(MatchedCase(hit, find_telling_sentence(text, _words_of(hit))) for hit in hits)
    return Description(text, proposals, cases, _mechanisms(text, proposals, cases, catalogue), answer.relaxed or "")


def _for_every_type(
    hits: tuple[FoundCase, ...], proposals: tuple[Proposal, ...], finder: CaseFinder
) -> tuple[FoundCase, ...]:
    """The cases of the whole text, the last of them giving way to one for each proposed type that has none among them."""
    shown = {hit.card.id: hit for hit in hits}
    covered = {hit.card.problem_id for hit in hits}
    added = {}
    for proposal in proposals:
        if proposal.sentence and proposal.problem.id not in covered:
            found = finder.find(Question(proposal.sentence, {"problem": (proposal.problem.id,)}, size=1)).hits
            added.update({hit.card.id: hit for hit in found if hit.card.id not in shown})
    return (*hits[: MOST_CASES - len(added)], *added.values())


def _words_of(hit: FoundCase) -> tuple[str, ...]:
    return hit.card.title, hit.card.summary, hit.card.situation


def _mechanisms(
    text: str, proposals: tuple[Proposal, ...], cases: tuple[MatchedCase, ...], catalogue: Catalogue
) -> tuple[MatchedMechanism, ...]:
    reasons: dict[str, str] = {}
    for case in cases:
        if case.found.card.mechanism_id:
            reasons.setdefault(case.found.card.mechanism_id, f"由“{case.found.card.title}”形成")
    for proposal in proposals:
        for entry in catalogue.mechanisms(problem=proposal.problem.id):
            reasons.setdefault(entry.mechanism.id, f"解决“{proposal.problem.label}”")
    found = [(catalogue.find_mechanism(name), reason) for name, reason in list(reasons.items())[:MOST_MECHANISMS]]
    return tuple(
        MatchedMechanism(
            entry.mechanism, reason, find_telling_sentence(text, (entry.mechanism.title, entry.mechanism.summary))
        )
        for entry, reason in found
        if entry
    )
