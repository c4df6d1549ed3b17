"""Files to save, as an answer: as an attachment, under a Chinese name, of a kind no browser runs."""

import io
from collections.abc import Sequence

from flask import Response, send_file

from kb.bootstrap.office_files import write_workbook
from kb.domain.spreadsheet import Sheet
from kb.services.export_case import NamedFile

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def word_file(file: NamedFile) -> Response:
    """A .docx to save."""
    return send_file(io.BytesIO(file.data), mimetype=WORD, as_attachment=True, download_name=file.name)


def workbook(name: str, sheets: Sequence[Sheet]) -> Response:
    """An .xlsx to save."""
    data = io.BytesIO(write_workbook(sheets))
    return send_file(data, mimetype=WORKBOOK, as_attachment=True, download_name=name)
