"""lexicon/terms.txt: one word a line."""

from collections.abc import Sequence

from kb.repository.reference_text.blocks import place_of

PATH = "lexicon/terms.txt"


class TermsText:
    """Words the segmentation keeps whole. Raises Conflict for a word that is no longer there."""

    path = PATH

    def entries(self, text: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in text.split("\n") if line.strip() and not line.startswith("#"))

    def add(self, text: str, word: str) -> str:
        lines = text.split("\n")
        while lines and not lines[-1].strip():
            lines.pop()
        return "\n".join([*lines, word, ""])

    def change(self, text: str, was: str, word: str) -> str:
        return self._replaced(text, was, [word])

    def remove(self, text: str, was: str) -> str:
        return self._replaced(text, was, [])

    def _replaced(self, text: str, was: str, new: Sequence[str]) -> str:
        lines = text.split("\n")
        places = [index for index, line in enumerate(lines) if line.strip() == was and not line.startswith("#")]
        place = place_of(places[0] if places else None, f"词语“{was}”")
        return "\n".join([*lines[:place], *new, *lines[place + 1 :]])
