"""上传: a file becomes a draft, with its original kept; attachments are kept beside a draft. What comes in is looked at first."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.submission import Submission
from kb.domain.template import Template
from kb.errors import AskedWrongly
from kb.services.attach_file import attach
from kb.services.import_document import DocumentReader, Filled, fill_fields
from kb.services.submissions import Attachment
from kb.services.write_draft import DraftWriter

ORIGINAL, PICTURE, BESIDE, READING = "original", "picture", "attachment", "reading"
"""Kinds of files of a draft: what was uploaded, a picture out of it, one added to it, and how it was read."""
MOST_BYTES = 20_000_000
MOST_FILES = 20
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS: Mapping[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ".docx": (WORD, b"PK\x03\x04"),
}
"""What may be attached as it is, and how such a file begins."""
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp"})


class Uploads(Protocol):
    """Where bytes are kept."""

    def put(self, data: bytes) -> str: ...

    def get(self, sha256: str) -> bytes: ...


class Sent(NamedTuple):
    """A file as it was sent; `media_type` is what we take it for."""

    name: str
    data: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class KeptFile(NamedTuple):
    """A file whose bytes are kept, not yet noted with a draft."""

    name: str
    kind: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Received:
    """A file that was read: the values it gave, and the files whose bytes are kept with the draft."""

    filled: Filled
    files: tuple[KeptFile, ...]


@dataclass(frozen=True)
class Reading:
    """How a draft was read from its file: by field how sure and why; remarks on what was left out."""

    confidences: Mapping[str, tuple[str, str]]
    remarks: tuple[str, ...]


def receive_file(
    actor: Actor, name: str, data: bytes, reader: DocumentReader, template: Template, uploads: Uploads
) -> Received:
    """Reads it and keeps its bytes; slow. Raises UnreadableFile with what is wrong and what to do."""
    require(actor, Right.WRITE)
    filled = fill_fields(reader.read(name, data), template)
    media_type = WORD if name.lower().endswith((".docx", ".dotx")) else "text/plain"
    pictures = [Sent(picture.name, picture.data, picture.mime) for picture in filled.pictures[:MOST_FILES]]
    original = keep_bytes(Sent(name, data, media_type), ORIGINAL, uploads)
    kept = [original, *(keep_bytes(picture, PICTURE, uploads) for picture in pictures), _reading(filled, uploads)]
    return Received(filled, tuple(kept))


def receive_text(actor: Actor, text: str, reader: DocumentReader, template: Template, uploads: Uploads) -> Received:
    """Pasted text; there is no file to keep."""
    require(actor, Right.WRITE)
    if not text.strip():
        raise AskedWrongly("还没有粘贴文字。", advice="把稿子全选、复制，粘贴到框里。")
    filled = fill_fields(reader.read("pasted.txt", text.encode()), template)
    return Received(filled, (_reading(filled, uploads),))


def _reading(filled: Filled, uploads: Uploads) -> KeptFile:
    told = {key: (found.confidence.value, found.why) for key, found in filled.recognised.items()}
    note = json.dumps({"confidences": told, "remarks": list(filled.remarks)}, ensure_ascii=False).encode()
    return keep_bytes(Sent("reading.json", note, "application/json"), READING, uploads)


def keep_received(writer: DraftWriter, actor: Actor, received: Received) -> Submission:
    """A draft of what was read, with the original, its pictures and how it was read."""
    draft = writer.start(actor, received.filled.fields, received.filled.tray)
    for file in received.files:
        attach(actor, draft.number, writer, **file._asdict())
    return draft


def keep_bytes(sent: Sent, kind: str, uploads: Uploads) -> KeptFile:
    """Keeps the bytes; belongs before the transaction that notes the file."""
    return KeptFile(clean_name(sent.name), kind, sent.media_type, len(sent.data), uploads.put(sent.data))


def check_attachment(name: str, data: bytes, reader: DocumentReader) -> Sent:
    """The file as it may be kept: a picture made anew, others by their first bytes. Raises AskedWrongly, UnreadableFile."""
    shown = clean_name(name)
    suffix = f".{shown.rpartition('.')[2].lower()}" if "." in shown else ""
    if not data:
        raise AskedWrongly("没有选文件，或文件是空的。", advice="选好文件再上传。")
    if len(data) > MOST_BYTES:
        raise AskedWrongly(f"文件超过 {MOST_BYTES // 1_000_000} MB。", advice="压缩后再上传。")
    if suffix in PICTURES:
        picture = reader.read_picture(shown, data)
        return Sent(picture.name, picture.data, picture.mime)
    media_type, start = KINDS.get(suffix, ("", b""))
    if not media_type or not data.startswith(start):
        raise AskedWrongly(
            f"附件不收“{shown[:60]}”这种文件，或内容与名称不符。", advice="可以附 PDF、.xlsx、.docx 和 PNG、JPEG 图片。"
        )
    return Sent(shown, data, media_type)


def how_read(files: Sequence[Attachment], uploads: Uploads) -> Reading | None:
    """How a draft was read, None for one that was written here."""
    found = next((file for file in files if file.kind == READING), None)
    if found is None:
        return None
    told: Any = json.loads(uploads.get(found.sha256))
    return Reading({key: (pair[0], pair[1]) for key, pair in told["confidences"].items()}, tuple(told["remarks"]))


def clean_name(name: str) -> str:
    """The last part of a name without characters that break a header or a page; never empty."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return "".join(one for one in base if one.isprintable() and one not in '"<>|:*?').strip(". ")[-100:] or "文件"
