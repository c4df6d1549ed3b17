"""Files to save, as an answer: as an attachment, under a Chinese name, of a kind no browser runs."""

import io
from collections.abc import Sequence

from flask import Response, request, send_file

from kb.bootstrap.layouts import fill_layout, layout_folder
from kb.bootstrap.office_files import csv_file, picture_pages, write_document, write_workbook
from kb.domain.office_document import OfficeDocument
from kb.domain.office_layout import LAYOUTS
from kb.domain.spreadsheet import Sheet
from kb.services.export_case import NamedFile, file_name
from kb.web.limits import count_printed
from kb.web.reading import library

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "md": "text/markdown",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def wanted_faces() -> str:
    """The set of typefaces this download asks for, else the library's."""
    return request.args.get("faces") or library().settings.faces


def word_file(file: NamedFile) -> Response:
    """A .docx to save."""
    return _to_save(file, "docx")


def document_file(document: OfficeDocument, kind: str, *, name: str = "", layout: str = "") -> Response:
    """The document to save as docx, pdf or md, in the faces asked for, named by its title or `name`.

    layout: the id under which an office may have a Word layout of its own (kb.domain.office_layout.LAYOUTS).
    Raises as kb.bootstrap.office_files.write_document does, UnreadableFile for a layout that cannot be filled, and
    AskedTooOften.
    """
    if kind == "pdf":
        count_printed()
    own = _in_own_layout(document, layout) if kind == "docx" and layout in LAYOUTS else None
    data = own or write_document(document, kind, wanted_faces())
    return _to_save(NamedFile(file_name(name or document.title, kind), data), kind)


def _in_own_layout(document: OfficeDocument, layout: str) -> bytes | None:
    settings = library().settings
    if layout_folder(settings).kept_at(layout):
        count_printed()
    return fill_layout(settings, layout, document, wanted_faces())


def preview_of(document: OfficeDocument) -> tuple[bytes, ...]:
    """Pictures of its first pages; raises as document_file does for a PDF."""
    count_printed()
    return picture_pages(document, wanted_faces())


def workbook_file(name: str, sheets: Sequence[Sheet]) -> Response:
    """The sheets to save as an .xlsx of this name."""
    return _to_save(NamedFile(file_name(name, "xlsx"), write_workbook(sheets)), "xlsx")


def sheet_file(sheet: Sheet, kind: str) -> Response:
    """The sheet to save as xlsx or csv, named by its name."""
    data = write_workbook([sheet]) if kind == "xlsx" else csv_file(sheet)
    return _to_save(NamedFile(file_name(sheet.name, kind), data), kind)


def _to_save(file: NamedFile, kind: str) -> Response:
    return send_file(io.BytesIO(file.data), mimetype=KINDS[kind], as_attachment=True, download_name=file.name)
