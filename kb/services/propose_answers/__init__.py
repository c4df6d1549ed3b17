"""拟答: what an imported text seems to answer of the fields nothing was recognised for; a person looks it over and decides.

propose_answers ─┬─ whole      kind, field, unit, keywords, summary, period: from the text as a whole
                 ├─ practice   one row a numbered measure: what, who, by when, which paper; what became a rule
                 ├─ results    “由 3 个减为 0 个” → a row of figures
                 ├─ carrying   for whom, on what condition, what must and what may be done otherwise
                 └─ sentences  paragraphs and sentences without Markdown and numbers
Nothing is composed: every proposal is a word of the template or stands in the text.
"""

from kb.services.propose_answers.propose import Proposed, propose_answers

__all__ = ["Proposed", "propose_answers"]
