"""lexicon/flagged-wording.csv: one row a rule."""

import csv
import io

from kb.domain.flagged_wording import FlaggedWord
from kb.repository.reference_files import ALWAYS, FLAGGED_COLUMNS, parse_flagged_wording
from kb.repository.reference_text.blocks import check_kept, place_of

PATH = "lexicon/flagged-wording.csv"


class FlaggedWordingText:
    """Rules of wording as text. Raises BrokenLibrary for a file that cannot be read, Conflict for one that changed."""

    path = PATH

    def entries(self, text: str) -> tuple[FlaggedWord, ...]:
        return parse_flagged_wording(text, PATH) if text.strip() else ()

    def add(self, text: str, rule: FlaggedWord) -> str:
        lines = (text.rstrip("\n") or ",".join(FLAGGED_COLUMNS)).split("\n")
        return self._checked("\n".join([*lines, _row(rule), ""]), (*self.entries(text), rule))

    def change(self, text: str, wrong: str, rule: FlaggedWord) -> str:
        expected = tuple(rule if one.wrong == wrong else one for one in self.entries(text))
        return self._checked(self._replaced(text, wrong, [_row(rule)]), expected)

    def remove(self, text: str, wrong: str) -> str:
        rest = tuple(one for one in self.entries(text) if one.wrong != wrong)
        return self._checked(self._replaced(text, wrong, []), rest)

    def _replaced(self, text: str, wrong: str, new: list[str]) -> str:
        lines, reader = text.split("\n"), csv.reader(io.StringIO(text))
        start, place = 0, None
        for row in reader:
            if row and row[0].strip() == wrong and start:
                place = (start, reader.line_num)
            start = reader.line_num
        first = place_of(place[0] if place else None, f"“{wrong}”")
        return "\n".join([*lines[:first], *new, *lines[place[1] if place else first :]])

    def _checked(self, text: str, expected: tuple[FlaggedWord, ...]) -> str:
        check_kept(expected, lambda: self.entries(text), PATH)
        return text


def _row(rule: FlaggedWord) -> str:
    line = io.StringIO()
    until = rule.until.isoformat() if rule.until else ALWAYS
    cells = (rule.wrong, rule.right, rule.level.value, rule.basis, until, "|".join(rule.allowed))
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
