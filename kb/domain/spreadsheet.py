"""A sheet of a workbook: what goes out as xlsx or CSV, and what came in. Text is text, whatever it begins with."""

from typing import NamedTuple

Cell = str | int | float


class Sheet(NamedTuple):
    """Rows under column labels; numbers are numbers only where they are to be added up."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class SheetRow(NamedTuple):
    """A row that was read: its number as a spreadsheet program shows it, and its text by column label."""

    number: int
    texts: dict[str, str]
