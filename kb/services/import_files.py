"""Many files at once: each is read into the values of a draft, with a line of report; the words of that report."""

from typing import NamedTuple

from kb.domain.template import Need, Template
from kb.errors import KbError
from kb.services.import_document import Confidence, Filled


class SentFile(NamedTuple):
    """A file as it was sent: its name or path, and its bytes."""

    name: str
    data: bytes


class Alike(NamedTuple):
    """What says nearly the same: `kind` is case, draft or file (of the same batch), `id` its number or name."""

    kind: str
    id: str
    title: str


class FileLine(NamedTuple):
    """What became of a file: the number of its draft, or 0 with the reason it was refused and what to do.

    filled: fields recognised, of those `asked` of a writer; missing: needed to submit and not there; unsure: recognised,
    but to be looked at; in_tray: pieces of text that found no field.
    """

    name: str
    number: int = 0
    title: str = ""
    filled: int = 0
    asked: int = 0
    missing: int = 0
    unsure: int = 0
    in_tray: int = 0
    problem: str = ""
    advice: str = ""
    alike: tuple[Alike, ...] = ()

    @property
    def found(self) -> str:
        """What was recognised, in words."""
        rest = f"，{self.in_tray} 段没有归到哪一项" if self.in_tray else ""
        return f"认出 {self.filled}/{self.asked} 项{rest}"

    @property
    def left(self) -> str:
        """What is still to be done, in words; "" when nothing is."""
        wanted = [f"还差 {self.missing} 项"] * bool(self.missing) + [f"{self.unsure} 项请核对"] * bool(self.unsure)
        return "，".join(wanted)


def tell_filled(name: str, filled: Filled, template: Template) -> FileLine:
    """The line of a file that was read and is no draft yet."""
    return FileLine(
        name,
        title=str(filled.fields.get("title", "")),
        filled=sum(slot.key in filled.fields for slot in template.slots if slot.need is not Need.AUTOMATIC),
        asked=sum(slot.need is not Need.AUTOMATIC for slot in template.slots),
        missing=sum(slot.need is Need.SUBMIT and slot.key not in filled.fields for slot in template.slots),
        unsure=sum(found.confidence is not Confidence.SURE for found in filled.recognised.values()),
        in_tray=len(filled.tray),
    )


def tell_refused(name: str, error: KbError) -> FileLine:
    """The line of a file that cannot be read."""
    return FileLine(name, problem=error.message, advice=error.advice)
