"""Many files at once → drafts, with a line of report a file: what became of it, and what to do about those refused."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.template import Need, Template
from kb.errors import KbError
from kb.services.import_document import Confidence, DocumentReader, Filled, fill_fields


class SentFile(NamedTuple):
    """A file as it was sent: its name or path, and its bytes."""

    name: str
    data: bytes


class DraftStore(Protocol):
    """Where drafts are kept."""

    def create(self, actor: Actor, fields: Mapping[str, Any], tray: Sequence[str]) -> int:
        """A new draft of the actor's; returns its number."""
        ...


class FileLine(NamedTuple):
    """What became of a file: a draft's number and title, or 0 and the reason; `advice` is what to do next."""

    name: str
    number: int
    title: str
    filled: int
    missing: int
    unsure: int
    in_tray: int
    problem: str = ""
    advice: str = ""


class FilesReport(NamedTuple):
    """A line a file, in the order they were sent."""

    lines: tuple[FileLine, ...]

    @property
    def drafts(self) -> tuple[FileLine, ...]:
        return tuple(line for line in self.lines if line.number)

    @property
    def refused(self) -> tuple[FileLine, ...]:
        return tuple(line for line in self.lines if not line.number)


def import_files(
    actor: Actor, files: Iterable[SentFile], reader: DocumentReader, template: Template, drafts: DraftStore
) -> FilesReport:
    """A draft from every file that can be read; one bad file keeps none of the others back."""
    require(actor, Right.WRITE)
    return FilesReport(tuple(_import(actor, file, reader, template, drafts) for file in files))


def _import(actor: Actor, file: SentFile, reader: DocumentReader, template: Template, drafts: DraftStore) -> FileLine:
    try:
        filled = fill_fields(reader.read(file.name, file.data), template)
        number = drafts.create(actor, filled.fields, filled.tray)
    except KbError as error:
        return FileLine(file.name, 0, "", 0, 0, 0, 0, error.message, error.advice)
    missing = count_missing(template, filled)
    unsure = sum(found.confidence is not Confidence.SURE for found in filled.recognised.values())
    return FileLine(
        file.name, number, str(filled.fields.get("title", "")), len(filled.fields), missing, unsure, len(filled.tray),
        advice=f"打开草稿，还差 {missing} 项，{unsure} 项请核对。" if missing or unsure else "打开草稿，核对后送审。",
    )  # fmt: skip


def count_missing(template: Template, filled: Filled) -> int:
    """Fields needed to submit that the file did not answer."""
    return sum(slot.need is Need.SUBMIT and slot.key not in filled.fields for slot in template.slots)
