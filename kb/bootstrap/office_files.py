"""Word files and sheets in and out, and PDF, as this program reads and writes them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kb.domain.office_document import OfficeDocument
from kb.domain.spreadsheet import Sheet, SheetReader, SheetRow
from kb.domain.template import Template
from kb.exports import (
    FACE_SETS,
    FaceSet,
    build_blank_form,
    build_case_document,
    build_csv,
    build_markdown,
    build_pdf,
    build_word,
    build_workbook,
    face_set,
    preview_pages,
    substitutes_note,
)
from kb.exports.rich_text import RichText, build_rich_text
from kb.intake import FileReader, OfficeSheetReader, files_of_zip
from kb.repository.decode import decode
from kb.repository.record_file import parse_record
from kb.services.export_case import FormWriter
from kb.services.import_document import DocumentReader
from kb.services.import_files import SentFile

_WRITERS: Mapping[str, Callable[[OfficeDocument, FaceSet], bytes]] = {
    "docx": build_word,
    "pdf": build_pdf,
    "md": lambda document, faces: build_markdown(document).encode(),
}
FACE_LABELS = {faces.id: faces.label for faces in FACE_SETS.values()}


class _WordForms:
    def __init__(self, faces: str) -> None:
        self._faces = face_set(faces)

    def write_case(
        self, template: Template, plain: Mapping[str, Any], names: Mapping[str, str], *, is_read_in_part: bool
    ) -> bytes:
        return build_case_document(template, plain, names, self._faces, is_read_in_part=is_read_in_part)

    def write_blank(self, template: Template, lists: Sequence[str]) -> bytes:
        return build_blank_form(template, lists, self._faces)


def word_forms(faces: str) -> FormWriter:
    """The writer of the case form; `faces` is one of FACES, else AskedWrongly."""
    return _WordForms(faces)


def write_document(document: OfficeDocument, kind: str, faces: str) -> bytes:
    """The document as a file: `kind` docx, pdf or md, `faces` one of FACES.

    Raises AskedWrongly for other faces or too long a PDF, NotReady where this machine cannot make a PDF now.
    """
    return _WRITERS[kind](document, face_set(faces))


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as an .xlsx."""
    return build_workbook(sheets)


def picture_pages(document: OfficeDocument, faces: str) -> tuple[bytes, ...]:
    """PNG pictures of its first pages as they are printed; none where this machine cannot draw them. Errors as above."""
    return preview_pages(document, face_set(faces))


def faces_note(faces: str) -> str:
    """Which faces a preview here lacks, "" for none."""
    return substitutes_note(face_set(faces))


def rich_text(document: OfficeDocument) -> RichText:
    """For the editor of a 公众号."""
    return build_rich_text(document)


def csv_file(sheet: Sheet) -> bytes:
    return build_csv(sheet)


def unpack_files(data: bytes) -> list[SentFile]:
    """The files of a zip, looked over whole first; raises UnreadableFile."""
    return files_of_zip(data)


def file_reader(template: Template | None = None) -> DocumentReader:
    """The reader of what editors send in: a child process a Word file; with a template, case files in Markdown too."""
    read_record = None if template is None else lambda data: parse_record(data, template).fields
    return FileReader(lambda data: decode(data).lines_unified, read_record)


def sheet_reader() -> SheetReader:
    """The reader of sheets people send in: a child process a workbook."""
    return OfficeSheetReader(lambda data: decode(data).lines_unified)


def read_sheet(data: bytes, name: str) -> tuple[SheetRow, ...]:
    """The rows of the first sheet of an .xlsx, or of a .csv; raises UnreadableFile."""
    return sheet_reader().read(name, data)[0].rows
