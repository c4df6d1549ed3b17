"""Suggestions while typing: problem types, mechanisms, titles and terms that contain what is typed."""

from typing import NamedTuple

from kb.services.ports import Catalogue, ReferenceData

MOST = 8
MOST_OF_A_KIND = 3
LEAST_TYPED = 1


class Suggestion(NamedTuple):
    """A line to offer: its text, what it is, and the id of the page it leads to ("" for a term to search for)."""

    text: str
    kind: str
    id: str = ""


def suggest(typed: str, catalogue: Catalogue, reference: ReferenceData) -> tuple[Suggestion, ...]:
    """Up to eight lines: what starts with the text before what contains it, shorter first, three of a kind."""
    wanted = typed.strip().casefold()[:40]
    if len(wanted) < LEAST_TYPED:
        return ()
    kinds = (_problems(wanted, reference), _mechanisms(catalogue), _titles(catalogue), _terms(reference))
    found: list[Suggestion] = []
    for candidates in kinds:
        matching = [(line, key) for line, key in candidates if wanted in key]
        matching.sort(key=lambda pair: (not pair[1].startswith(wanted), len(pair[0].text), pair[0].text))
        known = {line.text for line in found}
        found += [line for line, _ in matching if line.text not in known][:MOST_OF_A_KIND]
    return tuple(found[:MOST])


Candidates = list[tuple[Suggestion, str]]


def _problems(wanted: str, reference: ReferenceData) -> Candidates:
    problems = [problem for problem in reference.references.taxonomy.problems.values() if problem.parent]
    lines = []
    for problem in problems:
        names = [name for name in (problem.label, *problem.aliases) if wanted in name.casefold()]
        if names:
            lines.append((Suggestion(problem.label, "问题类型", problem.id), names[0].casefold()))
    return lines


def _mechanisms(catalogue: Catalogue) -> Candidates:
    titles = catalogue.mechanism_titles().items()
    return [(Suggestion(title, "机制", mechanism_id), title.casefold()) for mechanism_id, title in titles]


def _titles(catalogue: Catalogue) -> Candidates:
    return [(Suggestion(title, "案例", case_id), title.casefold()) for case_id, title in catalogue.titles().items()]


def _terms(reference: ReferenceData) -> Candidates:
    return [(Suggestion(word, "词语"), word.casefold()) for word in reference.lexicon_words]
