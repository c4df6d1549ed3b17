"""单位表 as services see it: what is kept of units."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from kb.domain.unit_sheet import UnitSheet


class UnitSheets(Protocol):
    """Where sheets are kept, in the transaction of whoever calls."""

    def find(self, unit: str) -> UnitSheet | None: ...

    def all(self) -> Mapping[str, UnitSheet]:
        """Every sheet by unit."""
        ...

    def adopted(self) -> Mapping[str, Sequence[str]]:
        """By unit the mechanisms it reported the adoption of."""
        ...

    def put(self, sheet: UnitSheet) -> bool:
        """Keeps it as the version after `sheet.version`; false when that is no longer the newest one."""
        ...
