"""Files to save, as an answer: as an attachment, under a Chinese name, of a kind no browser runs."""

import io

from flask import Response, send_file

from kb.services.export_case import NamedFile

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def word_file(file: NamedFile) -> Response:
    """A .docx to save."""
    return send_file(io.BytesIO(file.data), mimetype=WORD, as_attachment=True, download_name=file.name)


def workbook_file(name: str, data: bytes) -> Response:
    """An .xlsx to save."""
    return send_file(io.BytesIO(data), mimetype=WORKBOOK, as_attachment=True, download_name=name)
