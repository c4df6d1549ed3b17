"""A sheet that was sent in and waits for its sender's word: its bytes are kept, its address is signed for one account."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from kb.domain.spreadsheet import ReadSheet
from kb.errors import AskedWrongly, NotFound
from kb.web.acting import actor
from kb.web.reading import library

MOST_BYTES = 20_000_000
SECONDS = 24 * 3600
"""How long a sheet waits for the word to take it in."""


class SentSheet(NamedTuple):
    """`name` is what it is called in messages and the audit trail: the beginning of its SHA-256."""

    name: str
    sheets: tuple[ReadSheet, ...]


def keep_sheet(purpose: str, labels: Sequence[str]) -> str:
    """Keeps the posted file; returns the token of its address. Raises AskedWrongly without one, UnreadableFile."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise AskedWrongly("没有选文件。", advice="选一个 .xlsx 或 .csv 再上传。")
    name = sent.filename
    sha256 = library().exchanging.keep_sent(actor(), name, sent.read(MOST_BYTES + 1), labels)
    suffix = ".csv" if name.lower().endswith(".csv") else ".xlsx"
    return _signer(purpose).dumps([actor().number, sha256, suffix])


def open_sheet(purpose: str, token: str, labels: Sequence[str]) -> SentSheet:
    """Raises NotFound for another's, an old one, or one that is gone."""
    try:
        account, sha256, suffix = _signer(purpose).loads(token, max_age=SECONDS)
    except (BadSignature, ValueError) as error:
        raise _gone() from error
    if account != actor().number:
        raise _gone()
    name = f"{sha256[:12]}{suffix}"
    return SentSheet(name, library().exchanging.read_sent(name, sha256, labels))


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"sent-sheet:{purpose}")


def _gone() -> NotFound:
    return NotFound("这份表不在了，或者不是你上传的。", advice="再上传一次。")
