"""Word files and sheets out: a case on the case form, the blank form. Numbers of the page are those of GB/T 9704-2012.

template slots ─┬─ case_document   title, property table, sections, tables of rows, on …
                ├─ blank_form      … the same form with hints instead of answers
                ├─ word_tables     its tables
                ├─ word_text       paragraphs and runs: which characters and which face
                └─ word_page       A4, margins, grid, styles with outline levels, page numbers
domain.spreadsheet ── sheets       workbooks (xlsx) and CSV in which text stays text
"""

from kb.exports.blank_form import build_blank_form
from kb.exports.case_document import build_case_document
from kb.exports.sheets import build_csv, build_workbook

__all__ = ["build_blank_form", "build_case_document", "build_csv", "build_workbook"]
