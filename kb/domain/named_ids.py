"""Codes and names: what a writer calls a problem type, an indicator or a mechanism, and the id that is meant."""

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from kb.domain.taxonomy import Taxonomy
from kb.domain.template import Template

Names = Mapping[str, tuple[str, ...]]
"""By id, what it is called: its label first."""
NEAREST = 3
"""As many are offered where a name is not known."""
LONGEST, NEAR_LONGEST = 1_000, 60
"""Characters of a text that are looked at to know a name, and to find those written most like it: that takes time by the square."""


def names_of_problems(taxonomy: Taxonomy) -> Names:
    """Those a case may have: of the second level."""
    return {one.id: (one.label, *one.aliases) for one in taxonomy.problems.values() if one.parent}


def find_ids(text: str, names: Names) -> tuple[str, ...]:
    """The ids meant by a code, a name, or both together (P5.2 软弱涣散); several where a name is shared, none if unknown."""
    wanted = _squeezed(text[:LONGEST])
    exact = [one for one in names if _squeezed(one) == wanted]
    if exact or not wanted:
        return tuple(exact)
    return tuple(one for one, called in names.items() if wanted in _ways(one, called))


def _ways(one: str, called: Iterable[str]) -> set[str]:
    code, words = _squeezed(one), [_squeezed(name) for name in called]
    return {way for word in words for way in (word, code + word, word + code)}


def _squeezed(text: str) -> str:
    """Letters and figures alone, so that brackets, quotation marks, spaces and full width make no difference."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum() or one == ".")


def nearest_ids(text: str, names: Names) -> tuple[str, ...]:
    """The few whose code or name is written most like this; those the text names come first."""
    wanted = _squeezed(text[:NEAR_LONGEST])
    likeness = {one: max(_likeness(wanted, way) for way in (one, *called)) for one, called in names.items()}
    return tuple(sorted(names, key=lambda one: (-likeness[one], one))[:NEAREST])


def _likeness(wanted: str, name: str) -> float:
    name = _squeezed(name)
    return 2.0 if name and name in wanted else SequenceMatcher(None, wanted, name).ratio()


def settle_ids(
    template: Template, fields: Mapping[str, Any], taxonomy: Taxonomy, titles: Mapping[str, str]
) -> dict[str, Any]:
    """The same answers with ids for names, `titles` those of mechanisms; what is unknown or shared stays for a finding."""
    problems = names_of_problems(taxonomy)
    indicators = {one.id: (one.label,) for one in taxonomy.indicators.values()}
    mechanisms = {one: (title,) for one, title in titles.items()}
    known = {"problem": problems, "problems": problems, "indicators": indicators, "mechanism": mechanisms}
    kinds = {slot.key: slot.kind for slot in template.slots}
    return {key: _settle(value, known.get(kinds.get(key, ""), {})) for key, value in fields.items()}


def _settle(value: Any, names: Names) -> Any:
    if not names:
        return value
    if isinstance(value, list):
        settled = [_settle(entry, names) for entry in value]
        return [one for place, one in enumerate(settled) if one not in settled[:place]]  # one may be named in two ways
    found = find_ids(value, names) if isinstance(value, str) else ()
    return found[0] if len(found) == 1 else value
