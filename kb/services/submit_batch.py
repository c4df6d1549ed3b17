"""批量投稿: the files of a zip become drafts all together, and the report on each stays to be read again.

    sent      the zip looked over whole, its files kept, a batch without an end
    read      file by file, slow; nothing is kept as a draft yet
    compared  with the library, with other submissions and with each other
    kept      one transaction: every draft, the report, the end of the batch

What a stop cuts off before the last step has made no draft, and the files are there to be read again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.near_copies import ALIKE
from kb.domain.template import Template
from kb.errors import AskedWrongly, KbError, NotFound
from kb.services.compare_draft import NearDuplicate
from kb.services.find_twin_drafts import TwinFinder, marks_of
from kb.services.import_document import DocumentReader
from kb.services.import_files import Alike, FileLine, SentFile, tell_filled, tell_refused
from kb.services.receive_file import Received, Uploads, clean_name, keep_received, receive_file
from kb.services.write_draft import DraftWriter
from search.likeness import Shingles, share

MOST_FILES = 100
"""Files of one batch: a second or two each."""


class BatchFile(NamedTuple):
    """A file of a batch: its name in the zip, and the SHA-256 its bytes are kept under."""

    name: str
    sha256: str


class Batch(NamedTuple):
    """A zip that was sent in. `ended_at` is "" and there are no `lines` until all its files have become drafts.

    owner: account number; read: files read so far; times are UTC in ISO form.
    """

    number: int
    owner: int
    name: str
    sent_at: str
    files: tuple[BatchFile, ...]
    read: int = 0
    ended_at: str = ""
    lines: tuple[FileLine, ...] = ()

    @property
    def is_done(self) -> bool:
        return bool(self.ended_at)

    @property
    def drafts(self) -> tuple[FileLine, ...]:
        return tuple(line for line in self.lines if line.number)

    @property
    def refused(self) -> tuple[FileLine, ...]:
        return tuple(line for line in self.lines if not line.number)


class BatchStore(Protocol):
    """Keeps batches, in the transaction of whoever calls."""

    def add(self, batch: Batch) -> Batch:
        """Keeps a new one and gives it its number."""
        ...

    def find(self, number: int) -> Batch | None: ...

    def of_owner(self, owner: int) -> Sequence[Batch]:
        """Newest first."""
        ...

    def note_read(self, number: int, read: int) -> None: ...

    def end(self, number: int, at: str, lines: Sequence[FileLine]) -> None:
        """Raises Conflict when it has ended already."""
        ...


class ReadFile(NamedTuple):
    """A file that was read, not yet a draft; `received` is None for one that was refused."""

    line: FileLine
    received: Received | None


def check_files(files: Sequence[SentFile]) -> None:
    """Raises AskedWrongly for a batch of no files, or of too many."""
    if not files:
        raise AskedWrongly("压缩包里没有文件。", advice="把 Word 文件放进压缩包再上传。")
    if len(files) > MOST_FILES:
        raise AskedWrongly(
            f"压缩包里有 {len(files)} 个文件，一次最多收 {MOST_FILES} 个，一个也没有收。",
            advice="分成几个压缩包再上传。",
        )


def new_batch(actor: Actor, name: str, files: Sequence[SentFile], uploads: Uploads, at: str) -> Batch:
    """A batch whose files are kept; belongs before the transaction that notes it. Raises Forbidden, AskedWrongly."""
    require(actor, Right.WRITE)
    check_files(files)
    kept = tuple(BatchFile(file.name, uploads.put(file.data)) for file in files)
    return Batch(0, actor.number, clean_name(name), at, kept)


def open_batch(actor: Actor, number: int, store: BatchStore) -> Batch:
    """One's own; raises Forbidden for who does not write, NotFound for anybody else's."""
    require(actor, Right.WRITE)
    found = store.find(number)
    if found is None or found.owner != actor.number:
        raise NotFound("没有这次批量投稿。", advice="从“批量投稿”页里打开。")
    return found


def list_batches(actor: Actor, store: BatchStore) -> Sequence[Batch]:
    """The actor's own, newest first; raises Forbidden for who does not write."""
    require(actor, Right.WRITE)
    return store.of_owner(actor.number)


def read_batch(
    actor: Actor,
    batch: Batch,
    reader: DocumentReader,
    template: Template,
    uploads: Uploads,
    note_read: Callable[[int], None],
) -> list[ReadFile]:
    """Every file in its order, and how many are read after each; slow. One that cannot be read keeps no other back."""
    read = []
    for file in batch.files:
        read.append(_read(actor, file, reader, template, uploads))
        note_read(len(read))
    return read


def _read(actor: Actor, file: BatchFile, reader: DocumentReader, template: Template, uploads: Uploads) -> ReadFile:
    try:
        received = receive_file(actor, file.name, uploads.get(file.sha256), reader, template, uploads)
    except KbError as error:
        return ReadFile(tell_refused(file.name, error), None)
    filled = replace(received.filled, pictures=())  # their bytes are kept; a batch must not hold them in memory
    return ReadFile(tell_filled(file.name, filled, template), replace(received, filled=filled))


def compare_batch(
    read: Sequence[ReadFile],
    finder: TwinFinder,
    template: Template,
    duplicates_of: Callable[[Mapping[str, Any]], Sequence[NearDuplicate]],
) -> list[ReadFile]:
    """The same files, each with what says nearly the same: cases, submissions the actor may see, files before it."""
    compared: list[ReadFile] = []
    seen: list[tuple[FileLine, Shingles]] = []
    for file in read:
        if file.received:
            filled = file.received.filled
            marks = marks_of(template, filled.fields, filled.tray)
            alike = (
                *(Alike("case", one.id, one.title) for one in duplicates_of(filled.fields)),
                *(Alike("draft", str(one.number), one.title) for one in finder.twins_of(filled.fields, filled.tray)),
                *(Alike("file", line.name, line.title) for line, theirs in seen if share(marks, theirs) >= ALIKE),
            )
            seen.append((file.line, marks))
            file = file._replace(line=file.line._replace(alike=alike))
        compared.append(file)
    return compared


def keep_batch(
    writer: DraftWriter, store: BatchStore, actor: Actor, batch: Batch, read: Sequence[ReadFile], at: str
) -> tuple[FileLine, ...]:
    """Drafts of all that could be read, and the report; all in the caller's transaction.

    Raises Conflict when the batch has ended already, Forbidden when the actor may no longer write.
    """
    require(actor, Right.WRITE)
    lines = []
    for file in read:
        number = keep_received(writer, actor, file.received).number if file.received else 0
        lines.append(file.line._replace(number=number))
    store.end(batch.number, at, lines)
    return tuple(lines)
