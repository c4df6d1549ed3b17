"""The vocabulary of the audit trail: every kind has its Chinese words, its own, and an English value that never changes."""

import re

from kb.domain.audited import LABELS, Deed, Outcome


def test_every_deed_has_words_of_its_own() -> None:
    assert set(LABELS) == set(Deed)
    assert len(set(LABELS.values())) == len(Deed)
    assert [deed for deed in (*Deed, *Outcome) if re.search("[A-Za-z_]", deed.label)] == []


def test_values_are_english_words_and_say_what_their_names_say() -> None:
    assert [deed for deed in (*Deed, *Outcome) if deed.value != deed.name.lower()] == []
