"""What an import takes and gives: a reader of files, and fields with how sure we are of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple, Protocol

from kb.domain.document import Document, Picture


class DocumentReader(Protocol):
    """Bytes of a file an editor sends in."""

    def read(self, name: str, data: bytes) -> Document:
        """Raises UnreadableFile with what is wrong and what to do."""
        ...

    def read_picture(self, name: str, data: bytes) -> Picture:
        """Raises UnreadableFile for what is no picture."""
        ...


class Confidence(Enum):
    """How sure an import is of a field."""

    SURE = "确定"
    LIKELY = "可能"
    GUESSED = "待核"


class Recognised(NamedTuple):
    """How sure, and what it was recognised by, in words."""

    confidence: Confidence
    why: str


@dataclass(frozen=True)
class Filled:
    """Plain values by slot key (as a case file holds them) and how each was recognised; `tray` holds the rest, in order."""

    fields: Mapping[str, Any]
    recognised: Mapping[str, Recognised]
    tray: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()
    remarks: tuple[str, ...] = ()
