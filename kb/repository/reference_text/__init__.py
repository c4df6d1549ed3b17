"""Files of taxonomy and lexicon as text: one entry is added, changed or taken out, every other line stays as it is.

    text ──► entries (what stands there)
    text, entry ──► text (the lines of that entry written anew, or gone)

blocks      which lines an entry of a YAML list takes up, and lines to replace them
units, problem_types, indicators, synonyms, terms, flagged_wording    a file each
"""

from kb.repository.reference_text.flagged_wording import FlaggedWordingText
from kb.repository.reference_text.indicators import IndicatorsText
from kb.repository.reference_text.problem_types import ProblemTypesText
from kb.repository.reference_text.synonyms import SynonymsText
from kb.repository.reference_text.terms import TermsText
from kb.repository.reference_text.units import UnitsText

__all__ = ["FlaggedWordingText", "IndicatorsText", "ProblemTypesText", "SynonymsText", "TermsText", "UnitsText"]
