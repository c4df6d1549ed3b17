"""Files out: a case on the case form, every other document by GB/T 9704-2012 as Word, PDF, HTML or Markdown, and sheets.

template slots ─── case_document, blank_form   the case form, with answers or with hints
OfficeDocument ─┬─ office_word      blocks, with word_ends (head, signature, notes) and word_contents
                ├─ office_html      the same for print and for looking at
                │    └─ office_pdf  … as PDF and pictures, made in a child (pdf_child), by fonts.conf
                └─ office_markdown
                   word_tables, word_text   tables, paragraphs and runs: which characters and which face
                   word_page, word_styles   A4, margins, grid, page numbers; styles with outline levels …
                   word_looks, faces        … from their looks and one of three sets of faces
Sheet ──────────── sheets           workbooks (xlsx) and CSV in which text stays text
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.exports.blank_form import build_blank_form
    from kb.exports.case_document import build_case_document
    from kb.exports.faces import FACE_SETS, OFFICIAL, FaceSet, face_set
    from kb.exports.office_html import build_html
    from kb.exports.office_markdown import build_markdown
    from kb.exports.office_pdf import build_pdf, missing_faces, preview_pages, substitutes_note
    from kb.exports.office_word import build_word
    from kb.exports.sheets import build_csv, build_workbook
else:
    _HOMES = {
        "FACE_SETS": "faces",
        "FaceSet": "faces",
        "OFFICIAL": "faces",
        "build_blank_form": "blank_form",
        "build_case_document": "case_document",
        "build_csv": "sheets",
        "build_html": "office_html",
        "build_markdown": "office_markdown",
        "build_pdf": "office_pdf",
        "build_word": "office_word",
        "build_workbook": "sheets",
        "face_set": "faces",
        "missing_faces": "office_pdf",
        "preview_pages": "office_pdf",
        "substitutes_note": "office_pdf",
    }

    def __getattr__(name: str) -> object:
        """Only the part that is asked for is loaded: the child that makes a PDF needs none that writes Word files (0.25 s)."""
        if name not in _HOMES:
            raise AttributeError(f"{__name__} has no {name}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = [
    "FACE_SETS",
    "OFFICIAL",
    "FaceSet",
    "build_blank_form",
    "build_case_document",
    "build_csv",
    "build_html",
    "build_markdown",
    "build_pdf",
    "build_word",
    "build_workbook",
    "face_set",
    "missing_faces",
    "preview_pages",
    "substitutes_note",
]
