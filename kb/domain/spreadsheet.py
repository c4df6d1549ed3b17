"""A sheet of a workbook: what goes out as xlsx or CSV, and what came in. Text is text, whatever it begins with."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

Cell = str | int | float


class Sheet(NamedTuple):
    """Rows under column labels; numbers are numbers only where they are to be added up."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class SheetRow(NamedTuple):
    """A row that was read: its number as a spreadsheet program shows it, and its text by column label, "" for none."""

    number: int
    texts: Mapping[str, str]


class ReadSheet(NamedTuple):
    """A sheet that was read; `remarks` are Chinese sentences on formulas, merged, hidden and odd cells."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    remarks: tuple[str, ...] = ()


class SheetReader(Protocol):
    """Reads what people send in as a sheet."""

    def read(self, name: str, data: bytes, labels: Sequence[str] = ()) -> tuple[ReadSheet, ...]:
        """The sheets of an .xlsx in order, the one of a .csv; raises UnreadableFile with what to do.

        `labels` are columns the asker knows of: the row with most of them is the header row.
        """
        ...
